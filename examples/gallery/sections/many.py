"""Many windows: children, modal ones, and ones whose frame is drawn by the page."""

from deskapp import JsComponent, PyComponent, event, window
from examples.gallery.section import Section
from examples.gallery.widgets import Button, element


class ManySection(Section):
    GROUP, TITLE = "Windows", "Many windows"
    TEXT = "One program, many windows. Each has a page and a session of its own; what Python holds they can share."
    ICON = "M3 3h10v9H3zM7 12v5h10V8h-4"

    def build(self):
        with self.demo("A child", "It stays above this window, closes with it, and shows the same number."):
            self.button("Open a child", self.open_child)
            self.button("Open one that goes behind", self.open_free)
        with self.demo("A modal child", "This window takes no input until that one closes."):
            self.button("Open a modal child", self.open_modal)
        with self.demo("Without a frame", "The page draws the title bar, and says which part of it moves the window."):
            self.button("Open a frameless window", self.open_frameless)
        with self.demo("Transparent", "The desktop shows through where the page paints nothing."):
            self.button("Open a transparent window", self.open_transparent)
        self.count = Count()

    def open_child(self):
        self.session.open_window(Child, {"count": self.count}, title="A child", size=(360, 200))

    def open_free(self):
        self.session.open_window(Child, {"count": self.count}, child=False, title="A free child", size=(360, 200))

    def open_modal(self):
        self.session.open_window(Child, {"count": self.count}, modal=True, title="A modal child", size=(360, 200))

    def open_frameless(self):
        self.session.open_window(Frameless, frameless=True, title="Frameless", size=(420, 220))

    def open_transparent(self):
        self.session.open_window(Frameless, frameless=True, transparent=True, title="Transparent", size=(420, 220))


class Count(PyComponent):
    number = event.IntProp(settable=True)


class Child(PyComponent):
    """Shows a number that all children share."""

    count = event.ComponentProp(None, settable=True)

    def init(self):
        with Sheet():
            self.more = Button(text=lambda: f"Pressed {self.count.number} times, in all windows")
            self.bye = Button(text="Close")

    @event.reaction("more.pressed")
    def add(self, *events):
        self.count.set_number(self.count.number + len(events))

    @event.reaction("bye.pressed")
    def end(self, *events):
        self.session.window.close()


class Frameless(PyComponent):
    def init(self):
        with Sheet():
            TitleBar()
            self.bye = Button(text="Close")

    @event.reaction("bye.pressed")
    def end(self, *events):
        self.session.window.close()


class Sheet(JsComponent):
    CSS = """
    :root { --line: #8a8f9a40; --panel: #8a8f9a1c; --hover: #8a8f9a30; }
    .sheet {
        display: flex; flex-wrap: wrap; gap: 10px; height: 100%; place-content: center;
        background: var(--deskapp-background);
    }
    :root[data-deskapp-frameless] .sheet { border: 1px solid var(--line); }
    :root[data-deskapp-transparent] .sheet { border-radius: 28px; opacity: 0.88; }
    """

    def _create_dom(self):
        return element("main", classes="sheet")


class TitleBar(JsComponent):
    CSS = """
    .bar { position: absolute; inset: 0 0 auto; padding: 9px 16px; font-weight: 600; text-align: center; }
    :root:not([data-deskapp-focused]) .bar { color: var(--deskapp-quiet); }
    """

    def _create_dom(self):
        node = element("header", classes="bar", text="Drag me; a double click maximizes")
        node.setAttribute("data-deskapp-drag", "")
        return node

    def init(self):
        self._addEventListener(window, "keydown", self.on_key)

    def on_key(self, press):
        if press.key == "Escape":
            self.session.window.close()
