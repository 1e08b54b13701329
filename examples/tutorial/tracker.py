"""Events: something happened, and it carries how."""

from label import Label

from deskapp import JsComponent, PyComponent, event, launch, run, window


class Pad(JsComponent):
    CSS = ".pad { height: 300px; background: var(--deskapp-accent); touch-action: none; }"

    def _create_dom(self):
        node = window.document.createElement("div")
        node.className = "pad"
        return node

    def init(self):
        self._addEventListener(self.node, "pointermove", lambda move: self.moved(move.offsetX, move.offsetY))

    @event.emitter
    def moved(self, x, y):
        return {"x": x, "y": y}


class Tracker(PyComponent):
    def init(self) -> None:
        self.pad = Pad()
        self.label = Label(text="Move over the field")

    @event.reaction("pad.moved")
    def follow(self, *events: event.Event) -> None:
        last = events[-1]  # several may come together
        self.label.set_text(f"{last.x:.0f}, {last.y:.0f} ({len(events)} at once)")


if __name__ == "__main__":
    launch(Tracker, size=(400, 360))
    run()
