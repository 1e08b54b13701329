"""Web addresses and files in other programs, and files shown where they lie."""

from pathlib import Path

from deskapp import native
from examples.gallery.section import Section
from examples.gallery.widgets import Field


class OpeningSection(Section):
    GROUP, TITLE = "Desktop", "Open and reveal"
    TEXT = "What this program does not show, the one does that you have for it."
    ICON = "M9 4H4v12h12v-5M11 3h6v6M17 3l-8 8"

    def build(self):
        with self.demo("Open", "A web address in your browser, a file in its program."):
            self.field = Field(label="Address or path", text="https://www.python.org/")
            self.button("Open", self.open)
        with self.demo("Reveal", "In the file manager, selected where it can do that."):
            self.button("Show this program's file", self.reveal)

    async def open(self):
        await native.open(self.field.text)
        return "Another program has it."

    async def reveal(self):
        await native.reveal(Path(__file__))
        return "The file manager shows it."
