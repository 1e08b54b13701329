"""Closing: who wants to be asked before a window goes is asked."""

from deskapp import native
from examples.gallery.section import Section, tell
from examples.gallery.sections.many import Child, Count


class ClosingSection(Section):
    GROUP, TITLE = "Windows", "Closing"
    TEXT = "The close button asks first. Handlers may take their time: the page goes on meanwhile."
    ICON = "M5 5l10 10M15 5L5 15"

    def build(self):
        with self.demo("Ask", "A dialog, when you press this window's close button.", self.may_close):
            self.toggle("Ask before this window closes", self.ask)
        with self.demo("Refuse", "This window stays until you turn it off.", self.refuse) as self.told:
            self.toggle("Keep this window open", self.keep)
        with self.demo("A plain question", "An option of the window is enough for that."):
            self.button("Open a window that asks", self.open_asking)
        self.refusals = 0

    def ask(self, on):
        if on:
            self.session.window.on_closing(self.may_close)
        else:
            self.session.window.off_closing(self.may_close)

    async def may_close(self):
        return await native.confirm("Leave the gallery?", yes="Leave", no="Stay")

    def keep(self, on):
        if on:
            self.session.window.on_closing(self.refuse)
        else:
            self.session.window.off_closing(self.refuse)

    def refuse(self):
        self.refusals += 1
        tell(self.told, f"Refused. So often: {self.refusals}")
        return False

    def open_asking(self):
        self.session.open_window(
            Child,
            {"count": Count()},
            title="A window that asks",
            size=(360, 200),
            confirm_close="Close this window without saving?",
        )
