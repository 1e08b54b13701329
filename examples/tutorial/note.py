"""Sharing state: a component of its own, which any number of windows follow."""

from label import Label
from word_counter import Field

from deskapp import App, LocalProperty, PyComponent, event, run


class Note(event.Component):
    text = event.StringProp("Write here", settable=True)


class Editor(PyComponent):
    note = LocalProperty()

    def init(self) -> None:
        self.field = Field(text=self.note.text)

    @event.reaction("field.text")
    def write(self, *events: event.Event) -> None:
        self.note.set_text(self.field.text)


class Reader(PyComponent):
    note = LocalProperty()

    def init(self) -> None:
        self.label = Label(text=lambda: self.note.text)  # follows whatever the function reads


if __name__ == "__main__":
    note = Note()
    App(Editor, note=note).launch(size=(400, 200), pos=(100, 100))
    App(Reader, note=note).launch(size=(400, 200), pos=(540, 100))
    run()
