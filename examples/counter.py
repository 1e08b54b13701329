"""A counter: a button in JavaScript, the number in Python."""

from deskapp import JsComponent, PyComponent, event, launch, run, window


class Button(JsComponent):
    text = event.StringProp(settable=True)

    CSS = """
    button {
        position: absolute; inset: 0; margin: auto; width: 260px; height: 90px; border: 0; border-radius: 45px;
        background: var(--deskapp-accent); color: var(--deskapp-background); font-size: 22px; cursor: pointer;
    }
    button:hover { filter: brightness(1.08); }
    button:active { transform: scale(0.98); }
    """

    def _create_dom(self):
        return window.document.createElement("button")

    def init(self):
        self._addEventListener(self.node, "click", lambda: self.pressed())

    @event.emitter
    def pressed(self):
        """A person pressed the button."""
        return {}

    @event.reaction("text")
    def show(self, *events):
        self.node.textContent = self.text


class Counter(PyComponent):
    count = event.IntProp(settable=True)

    def init(self) -> None:
        self.button = Button(text=lambda: f"Pressed {self.count} times" if self.count else "Press me")

    @event.reaction("button.pressed")
    def on_press(self, *events: event.Event) -> None:
        self.set_count(self.count + len(events))


if __name__ == "__main__":
    launch(Counter, size=(420, 300))
    run()
