"""The application: a list of sections, and the one that was chosen."""

from deskapp import PyComponent, event
from deskapp.native import Opened
from examples.gallery.frame import Navigation, Shell, Stage
from examples.gallery.section import Section
from examples.gallery.sections import SECTIONS


class Gallery(PyComponent):
    """Makes each section when it is first looked at, and keeps it."""

    chosen = event.StringProp(SECTIONS[0].TITLE, settable=True, doc="Title of the section that is shown")
    starts = event.ListProp(doc="What this start and later ones were to open, as texts")

    def init(self) -> None:
        self.sections: dict[str, Section] = {}
        with Shell():
            self.navigation = Navigation(entries=[[cls.GROUP, cls.TITLE, cls.ICON] for cls in SECTIONS])
            self.stage = Stage()

    @event.reaction("chosen")
    def open(self, *events: event.Event) -> None:
        for cls in SECTIONS:
            if self.chosen == cls.TITLE and self.chosen not in self.sections:
                with self, self.stage:
                    self.sections[self.chosen] = cls()

    @event.action
    def hear(self, opened: Opened) -> None:
        """Note what a start of the program was to open."""
        self._mutate_starts([*self.starts, f"{' '.join(opened.argv) or 'no arguments'} (in {opened.cwd})"])

    @event.action
    def greet(self, opened: Opened) -> None:
        """Somebody started the program again: show them this one."""
        self.hear(opened)
        frame = self.session.window
        frame.show()
        if frame.state == "minimized":
            frame.restore()
        frame.focus()
