"""An action: the only place where a component changes itself."""

from deskapp import JsComponent, PyComponent, event, launch, run, window


class Plus(JsComponent):
    def _create_dom(self):
        return window.document.createElement("button")

    def init(self):
        self._addEventListener(self.node, "click", lambda: self.root.add(1))  # asks Python

    @event.reaction("root.total")
    def show(self, *events):
        self.node.textContent = f"{self.root.total} and one more"


class Adder(PyComponent):
    total = event.IntProp(0, doc="Not settable from outside: add() is the way")

    def init(self) -> None:
        self.plus = Plus()

    @event.action
    def add(self, number: int) -> None:
        self._mutate_total(self.total + number)


if __name__ == "__main__":
    launch(Adder, size=(400, 200))
    run()
