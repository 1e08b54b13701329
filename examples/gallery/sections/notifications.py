"""Notifications, with buttons that call Python."""

from deskapp import native
from examples.gallery.section import Section, tell


class NotificationsSection(Section):
    GROUP, TITLE = "Desktop", "Notifications"
    TEXT = "Shown by the desktop, also while the window is hidden. They need one more package, which the error names."
    ICON = "M5 14V9a5 5 0 0 1 10 0v5l2 1H3zM8 17h4"

    def build(self):
        with self.demo("A notification", "With a title and a line of text."):
            self.button("Notify", self.notify)
        with self.demo("With buttons", "Each calls a function, on the loop.", self.answered) as self.told:
            self.button("Notify with buttons", self.notify_with_buttons)

    async def notify(self):
        await native.notify("The tea is ready", "It has drawn for four minutes.")
        return "It is handed to the desktop."

    async def notify_with_buttons(self):
        await native.notify(
            "Another cup?",
            "There is some left.",
            buttons={"Yes": lambda: self.answered("You want another."), "No": lambda: self.answered("You had enough.")},
            on_click=lambda: self.answered("You clicked on it."),
            on_close=lambda: self.answered("You put it away."),
        )
        return "It waits for your answer."

    def answered(self, text):
        tell(self.told, text)
