"""Files that are dropped on the window, with their real paths."""

from examples.gallery.section import Section, tell
from examples.gallery.widgets import Area


class DropsSection(Section):
    GROUP, TITLE = "Desktop", "Dropped files"
    TEXT = "Browsers hide where a dropped file lies. Here Python gets the path, and reads the file itself."
    ICON = "M10 3v9M6 8l4 4 4-4M3 15v2h14v-2"

    def build(self):
        with self.demo("Drop something", "Files or folders, anywhere on the page.", self.take, Target) as self.told:
            Target(text="Drop files here")
        self.session.window.reaction("dropped", self.take)

    def take(self, *events):
        for drop in events:
            lines = [f"{path} ({path.stat().st_size} bytes)" for path in drop.paths if path.exists()]
            tell(self.told, "\n".join(lines) + f"\nat {drop.x}, {drop.y}")


class Target(Area):
    """Lights up while something is dragged over it; the page hears of drops, too."""

    def init(self):
        super().init()
        self._addEventListener(self.node, "dragover", lambda: self.node.classList.add("over"))
        self._addEventListener(self.node, "dragleave", lambda: self.node.classList.remove("over"))
        self._addEventListener(self.node, "deskapp-drop", self.thank)

    def thank(self, drop):
        self.node.classList.remove("over")
        self.node.textContent = f"{len(drop.detail.paths)} dropped here. More?"
