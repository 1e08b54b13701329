"""Several windows: launch as often as you like, also while the program runs."""

from deskapp import App, JsComponent, PyComponent, event, launch, run, window


class Opener(JsComponent):
    def _create_dom(self):
        return window.document.createElement("button")

    def init(self):
        self.node.textContent = "Another window"
        self._addEventListener(self.node, "click", lambda: self.root.open())


class Numbered(PyComponent):
    number = event.IntProp(1)

    def init(self) -> None:
        self.opener = Opener()

    @event.action
    def open(self) -> None:
        number = self.number + 1
        App(Numbered, number=number).launch(title=f"Window {number}", size=(320, 160))


if __name__ == "__main__":
    launch(Numbered, title="Window 1", size=(320, 160))
    run()  # returns when all of them are closed
