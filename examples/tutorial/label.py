"""A property: Python sets it, the page shows it."""

import getpass

from deskapp import JsComponent, PyComponent, event, launch, run


class Label(JsComponent):
    text = event.StringProp("", settable=True)

    CSS = ".label { padding: 16px; font-size: 18px; }"

    def init(self):
        self.node.className = "label"

    @event.reaction("text")
    def show(self, *events):
        self.node.textContent = self.text  # runs in JavaScript


class Greeter(PyComponent):
    def init(self) -> None:
        self.label = Label(text=f"Hello, {getpass.getuser()}!")  # runs in Python


if __name__ == "__main__":
    launch(Greeter, size=(400, 200))
    run()
