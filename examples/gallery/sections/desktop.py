"""The desktop around the program: its theme with live changes, screens, sleep."""

from deskapp import event, native
from examples.gallery.section import Section, tell
from examples.gallery.widgets import Table


class DesktopSection(Section):
    GROUP, TITLE = "Desktop", "Theme and screens"
    TEXT = "Change the theme of your desktop, plug in a screen, or let the machine sleep, and look here."
    ICON = "M3 4h14v9H3zM7 17h6M10 13v4"

    screens = event.ListProp()

    def build(self):
        self.desktop = native.desktop()
        with self.demo("Theme", "Also in style sheets, by prefers-color-scheme: this page does so.", self.follow):
            self.follow()
        with self.demo("Screens", "Their places, what panels leave of them, and their scale.") as screens:
            self.button("Look again", self.look)
            Table(heads=["Screen", "Place", "Size", "Work area", "Scale"], rows=lambda: self.screens)
        with self.demo("Sleep", "Save before, connect after.", self.hear, self.slept, self.woke) as self.told:
            self.value("Heard of", lambda: "sleep, waking up, screens that come and go")
        self.hear()
        self.attempt(screens, self.look)

    def hear(self):
        self.desktop.reaction("sleep", self.slept)
        self.desktop.reaction("wake", self.woke)
        self.desktop.reaction("screens_changed", lambda *events: self.attempt(self.told, self.look))

    def follow(self):
        self.value("The desktop is", lambda: self.desktop.theme)

    async def look(self):
        rows = []
        for screen in await native.screens():
            name = f"{screen.name}, the first" if screen.is_primary else screen.name
            left, top, width, height = screen.work_area
            area = f"{width} × {height} at {left}, {top}"
            size = f"{screen.width} × {screen.height}"
            rows.append([name, f"{screen.x}, {screen.y}", size, area, f"{screen.scale:g}"])
        self._mutate_screens(rows)

    def slept(self, *events):
        tell(self.told, "The machine goes to sleep.")

    def woke(self, *events):
        tell(self.told, "The machine has woken up.")
