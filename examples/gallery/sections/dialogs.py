"""Dialogs: files to open and to save, folders, messages and questions."""

from pathlib import Path

from deskapp import native
from examples.gallery.section import Section

PICTURES = ("Pictures", ["*.png", "*.jpg", "*.svg"])


class DialogsSection(Section):
    GROUP, TITLE = "Desktop", "Dialogs"
    TEXT = "The system's own, awaited like any function. The page stays alive behind them."
    ICON = "M3 4h14v10h-7l-4 3v-3H3z"

    def build(self):
        with self.demo("Files to open", "One or several, of the kinds that you want."):
            self.button("Open a picture…", self.open_file)
            self.button("Open several…", self.open_files)
        with self.demo("A file to save, a folder", "The system confirms before a file is replaced."):
            self.button("Save as…", self.save_file)
            self.button("Choose a folder…", self.choose_folder)
        with self.demo("Messages and questions", "Enter presses the first button, Escape goes away."):
            self.button("Tell", self.message)
            self.button("Confirm", self.confirm)
            self.button("Ask", self.ask)

    async def open_file(self):
        path = await native.open_file("Open a picture", filters=[PICTURES, ("All files", ["*"])])
        return f"You chose {path}." if path else "You chose nothing."

    async def open_files(self):
        paths = await native.open_files(folder=Path.home())
        return "\n".join(map(str, paths)) or "You chose nothing."

    async def save_file(self):
        path = await native.save_file("Save as", name="notes.txt")
        return f"It would go to {path}." if path else "Nothing is saved."

    async def choose_folder(self):
        folder = await native.choose_folder("Where to?")
        return f"You chose {folder}." if folder else "You chose nothing."

    async def message(self):
        await native.message("The kettle boils.", detail="It has done so for a while.", title="Kitchen")
        return "You have seen it."

    async def confirm(self):
        agreed = await native.confirm("Delete three files?", detail="They cannot be had back.", yes="Delete")
        return "Deleted, had they been there." if agreed else "Kept."

    async def ask(self):
        answer = await native.ask("Save your changes?", ["Save", "Discard", "Cancel"])
        return f"You pressed {answer}." if answer else "You closed the box."
