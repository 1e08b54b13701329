"""The tray: an icon with a menu, and a window that goes there instead of closing."""

from pathlib import Path

from deskapp import event, stop
from deskapp.native import Tray
from deskapp.runtime import Menu, MenuItem, Separator
from examples.gallery.section import Section

ICON_FILE = Path(__file__).parents[1] / "icon.png"


class TraySection(Section):
    GROUP, TITLE = "Desktop", "Tray"
    TEXT = "An icon beside the clock, for programs that go on without a window."
    ICON = "M3 11l3-7h8l3 7v5H3zM3 11h4l1 2h4l1-2h4"

    shows = event.IntProp(settable=True, doc="How often the window was called up from the tray")

    def build(self):
        self.tray = None
        with self.demo("An icon with a menu", "Its icon, text and menu may change while it is shown.", self.menu):
            self.button("Show the icon", self.show)
            self.button("Take it away", self.remove)
            self.value("Called up", lambda: f"{self.shows} times")
        with self.demo("Close to tray", "The close button hides this window; the icon brings it back.", self.to_tray):
            self.toggle("Close to tray", self.close_to_tray)

    def menu(self):
        return Menu([MenuItem("&Show the gallery", self.call_up), Separator(), MenuItem("&Quit", stop)])

    async def show(self):
        if self.tray is None:
            self.tray = Tray(ICON_FILE, tooltip="deskapp gallery", menu=self.menu(), on_activate=self.call_up)
        await self.tray.shown
        return "It is in the tray."

    async def remove(self):
        if self.tray is not None:
            tray, self.tray = self.tray, None
            await tray.remove()

    async def call_up(self):
        self.set_shows(self.shows + 1)
        await self.session.window.show()
        await self.session.window.focus()

    async def close_to_tray(self, on):
        if on:
            await self.show()  # first: without the icon nobody could bring it back
            self.session.window.on_closing(self.to_tray)
        else:
            self.session.window.off_closing(self.to_tray)

    async def to_tray(self):
        await self.session.window.hide()
        return False
