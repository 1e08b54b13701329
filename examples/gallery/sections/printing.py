"""Printing: the system's dialog, and PDF files."""

from deskapp import native
from examples.gallery.section import Section


class PrintingSection(Section):
    GROUP, TITLE = "Desktop", "Print"
    TEXT = "The page as it is, on paper or in a file. Style sheets may say what is different there: @media print."
    ICON = "M6 7V3h8v4M4 7h12v6h-2v4H6v-4H4zM6 13h8"

    def build(self):
        with self.demo("On paper", "By the system's dialog."):
            self.button("Print…", self.print)
        with self.demo("PDF", "Into a file, without asking."):
            self.button("Save as PDF…", self.save_pdf)

    async def print(self):
        await self.session.window.print()

    async def save_pdf(self):
        path = await native.save_file("Save as PDF", name="gallery.pdf", filters=[("PDF", ["*.pdf"])])
        if path is None:
            return "Nothing is written."
        await self.session.window.print(path)
        return f"{path} has {path.stat().st_size} bytes."
