"""The first moment: a splash picture, and a window that comes back where it was."""

from pathlib import Path

from deskapp import JsComponent, PyComponent, window
from examples.gallery.section import Section
from examples.gallery.start import window_options

ICON_FILE = Path(__file__).parents[1] / "icon.png"


class StartSection(Section):
    GROUP, TITLE = "Program", "First moment"
    TEXT = "A window comes up at once, in the colours of the desktop, with a picture until its page is there."
    ICON = "M10 3v4M10 13v4M3 10h4M13 10h4M5.500 5.500l2 2M12.500 12.500l2 2"

    def build(self):
        with self.demo("What was asked of this window", "Options of launch.", window_options):
            for name, wish in window_options().items():
                self.value(name, lambda wish=wish: wish.name if isinstance(wish, Path) else str(wish))
        with self.demo("Its place", "Move it, close the gallery, and start it again: it is there.", self.follow):
            self.follow()
        with self.demo("Splash", "A window whose page needs two seconds.", Slow):
            self.button("Open a slow window", self.open_slow)

    def follow(self):
        window = self.session.window
        self.value("Is kept", lambda: "{} × {} at {}, {}".format(*window.size, *window.position))

    def open_slow(self):
        self.session.open_window(Slow, splash=ICON_FILE, title="A slow window", size=(420, 300))


class Slow(PyComponent):
    def init(self):
        SlowPage()


class SlowPage(JsComponent):
    def init(self):
        end = window.performance.now() + 2000
        while window.performance.now() < end:
            pass
        self.node.textContent = "Here I am."
        self.node.style.padding = "20px"
