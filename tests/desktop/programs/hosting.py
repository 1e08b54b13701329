"""A main app, two further apps, and handlers of the user's own on one server; options: ``server``, ``launch``."""

from __future__ import annotations

import io
import math
import struct
import wave
from typing import Any

from tornado import web

from deskapp import JsComponent, PyComponent, app, current_server, event, start, stop, window
from tests.desktop.programs.say import OPTIONS, obey, run_and_tell, say

SECONDS = 30


class View(JsComponent):
    main: Any = event.ComponentProp(None, settable=True)
    text = event.StringProp("", settable=True)
    tone = event.StringProp("", settable=True)

    def _create_dom(self) -> Any:
        node: Any = window.document.createElement("div")
        node.innerHTML = "<h1></h1><button>more</button><audio preload='auto'></audio>"
        node.querySelector("button").addEventListener("click", self.press)
        return node

    def press(self, *events: Any) -> None:
        if self.main is not None:
            self.main.more()

    @event.reaction("text", "tone")
    def show(self, *events: Any) -> None:
        self.node.querySelector("h1").textContent = self.text
        if self.tone:
            self.node.querySelector("audio").src = self.tone


class Home(PyComponent):
    count = event.IntProp(0, settable=True)

    def init(self) -> None:
        self.view = View(main=self, text=self.label(), tone=self.session.add_data("tone.wav", TONE))
        say("made", app=self.session.app_name, number=app.manager.total_sessions)

    def label(self) -> str:
        return f"{type(self).__name__} {self.count}"

    @event.action
    def more(self) -> None:
        self.set_count(self.count + 1)

    @event.reaction("count")
    def show(self, *events: Any) -> None:
        self.view.set_text(self.label())
        if self.count:
            say("count", app=self.session.app_name, count=self.count)


class First(Home):
    pass


class Second(Home):
    pass


class Adding(web.RequestHandler):
    """Adds numbers that are posted to it, and has a page of its own with a script."""

    def prepare(self) -> None:
        say("asked", method=self.request.method, path=self.request.path)

    def get(self) -> None:
        self.set_header("Content-Security-Policy", "default-src 'self' 'unsafe-inline'")
        self.finish("<!doctype html><title>Mine</title><script>document.title += ' runs'</script>")

    def post(self) -> None:
        self.finish({"sum": sum(map(int, self.request.body.split()))})

    put = post


def tone() -> bytes:
    """Half a minute of a quiet sine, as a file that players seek in."""
    rate = 8000
    samples = [int(3000 * math.sin(2 * math.pi * 220 * n / rate)) for n in range(SECONDS * rate)]
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return file.getvalue()


TONE = tone()

if __name__ == "__main__":
    if "server" in OPTIONS:
        app.create_server(**OPTIONS["server"])
    for cls, name in ((Home, ""), (First, None), (Second, "other")):
        app.App(cls).serve(name)
    server = current_server()
    server.app.add_handlers(r".*", [("/adding", Adding)])
    say("serving", protocol=server.protocol, url=server.url("/"))
    obey({"stop": stop})
    if OPTIONS.get("launch"):
        app.launch(First, "app", title="launched")
    run_and_tell(start)
