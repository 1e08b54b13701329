"""Two windows that share a value: move the slider in one, and the other follows."""

from deskapp import App, JsComponent, LocalProperty, PyComponent, event, run, window


class Slider(JsComponent):
    value = event.IntProp(settable=True)

    CSS = """
    .slider { display: grid; height: 100%; place-content: center; justify-items: center; }
    .slider output { font-size: 72px; font-weight: 200; font-variant-numeric: tabular-nums; }
    .slider input { width: min(70vw, 420px); accent-color: var(--deskapp-accent); }
    """

    def _create_dom(self):
        node = window.document.createElement("div")
        node.className = "slider"
        node.innerHTML = '<output></output><input type="range" aria-label="Value">'
        return node

    def init(self):
        self.output = self.node.querySelector("output")
        self.input = self.node.querySelector("input")
        self._addEventListener(self.input, "input", lambda: self.moved(int(self.input.value)))

    @event.emitter
    def moved(self, value):
        """A person moved the slider."""
        return {"value": value}

    @event.reaction("value")
    def show(self, *events):
        self.output.textContent = str(self.value)
        self.input.value = self.value


class Shared(event.Component):
    """What both windows show. It belongs to neither."""

    value = event.IntProp(50, settable=True)


class Panel(PyComponent):
    shared = LocalProperty(doc="Stays in Python, so it may be anything")

    def init(self) -> None:
        self.slider = Slider(value=lambda: self.shared.value)

    @event.reaction("slider.moved")
    def on_move(self, *events: event.Event) -> None:
        self.shared.set_value(events[-1].value)


if __name__ == "__main__":
    shared = Shared()
    App(Panel, shared=shared).launch(title="One", size=(480, 280), pos=(100, 200))
    App(Panel, shared=shared).launch(title="The other", size=(480, 280), pos=(620, 200))
    run()
