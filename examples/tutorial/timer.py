"""Your own window: a kitchen timer."""

import asyncio

from deskapp import JsComponent, PyComponent, event, launch, run, window


class Button(JsComponent):
    text = event.StringProp("")

    def _create_dom(self):
        return window.document.createElement("button")

    def init(self):
        self.node.textContent = self.text
        self._addEventListener(self.node, "click", lambda: self.pressed())

    @event.emitter
    def pressed(self):
        return {}


class Face(JsComponent):
    CSS = """
    .face { display: grid; height: 100%; place-content: center; gap: 12px; background: #17324d; color: white; }
    .face output { font: 200 84px/1 system-ui; font-variant-numeric: tabular-nums; }
    .face button { padding: 8px; border: 0; border-radius: 8px; background: #ffffff26; color: white; }
    .face.over { background: #b3261e; }
    """

    def _create_dom(self):
        node = window.document.createElement("main")
        node.className = "face"
        node.appendChild(window.document.createElement("output"))
        return node

    @event.reaction("root.left_s")
    def show(self, *events):
        left_s = self.root.left_s
        minutes, seconds = window.Math.floor(left_s / 60), left_s % 60
        self.node.firstChild.textContent = f"{minutes}:{seconds:02d}"
        self.node.classList.toggle("over", left_s == 0)


class Timer(PyComponent):
    left_s = event.IntProp(180)

    def init(self) -> None:
        with Face():
            self.more = Button(text="One minute more")
            self.restart = Button(text="Three minutes")
        self.count_down()

    @event.action
    async def count_down(self) -> None:
        while True:
            await asyncio.sleep(1)
            self._mutate_left_s(max(self.left_s - 1, 0))

    @event.action
    def wind(self, left_s: int) -> None:
        self._mutate_left_s(left_s)

    @event.reaction("more.pressed")
    def on_more(self, *events: event.Event) -> None:
        self.wind(self.left_s + 60 * len(events))

    @event.reaction("restart.pressed")
    def on_restart(self, *events: event.Event) -> None:
        self.wind(180)


if __name__ == "__main__":
    launch(Timer, size=(360, 300))
    run()
