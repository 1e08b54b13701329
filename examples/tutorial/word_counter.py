"""A reaction: what is typed in the page is answered by Python."""

from label import Label

from deskapp import JsComponent, PyComponent, event, launch, run, window


class Field(JsComponent):
    text = event.StringProp("", settable=True)

    CSS = "input { width: 100%; padding: 12px 16px; font-size: 18px; }"

    def _create_dom(self):
        return window.document.createElement("input")

    def init(self):
        self._addEventListener(self.node, "input", lambda: self.set_text(self.node.value))

    @event.reaction("text")
    def show(self, *events):
        if self.node.value != self.text:
            self.node.value = self.text


class WordCounter(PyComponent):
    def init(self) -> None:
        self.field = Field()
        self.label = Label()

    @event.reaction("field.text")
    def count(self, *events: event.Event) -> None:
        self.label.set_text(f"{len(self.field.text.split())} words")


if __name__ == "__main__":
    launch(WordCounter, size=(400, 200))
    run()
