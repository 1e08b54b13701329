"""The clipboard: text, pictures and files, to be had and to be set."""

import base64
from pathlib import Path

from deskapp.native import clipboard
from examples.gallery.section import Section
from examples.gallery.widgets import Field, Picture

ICON_FILE = Path(__file__).parents[1] / "icon.png"


class ClipboardSection(Section):
    GROUP, TITLE = "Desktop", "Clipboard"
    TEXT = "What other programs copied can be had, and what is set here can be pasted there."
    ICON = "M6 4H4v13h12V4h-2M7 3h6v3H7z"

    def build(self):
        with self.demo("Text", "Copy it, and paste it in another program; or the other way round."):
            self.field = Field(label="Text to copy", text="Greetings from deskapp")
            self.button("Copy", self.copy_text)
            self.button("Look", self.look_at_text)
        with self.demo("A picture", "As PNG, from a file or from memory."):
            self.button("Copy the icon", self.copy_image)
            self.button("Look", self.look_at_image)
            self.picture = Picture(text="The picture on the clipboard")
        with self.demo("Files", "Paste them in your file manager."):
            self.button("Copy a file", self.copy_files)
            self.button("Look", self.look_at_files)

    async def copy_text(self):
        await clipboard.set_text(self.field.text)
        return "It is on the clipboard."

    async def look_at_text(self):
        text = await clipboard.get_text()
        return "There is no text." if text is None else f"It says: {text}"

    async def copy_image(self):
        await clipboard.set_image(ICON_FILE)
        return "It is on the clipboard."

    async def look_at_image(self):
        png = await clipboard.get_image()
        if png is None:
            return "There is no picture."
        self.picture.set_source("data:image/png;base64," + base64.b64encode(png).decode())
        return f"{len(png)} bytes"

    async def copy_files(self):
        await clipboard.set_files([ICON_FILE])
        return "It is on the clipboard."

    async def look_at_files(self):
        return "\n".join(map(str, await clipboard.get_files())) or "There are no files."
