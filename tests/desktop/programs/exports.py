"""Two apps with everything that an export can hold, exported or served: ``exports.py FOLDER|serve REMOTE_URL``."""

from __future__ import annotations

import base64
import json
import os
import sys
from pathlib import Path
from typing import Any

from deskapp import App, JsComponent, PyComponent, app, event, start, window

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAADCAIAAAA2iEnWAAAAEElEQVR4nGM4IScHRAwoFABEDQYZFCZhYwAAAABJRU5ErkJggg=="
)
NUMBERS = bytes(range(256)) * 8

app.assets.associate_asset(__name__, "shout.js", "window.shout = text => text.toUpperCase() + '</script>'.length;")
app.assets.associate_asset(__name__, "look.css", lambda: ".panel { color: rgb(1, 2, 3) }\r\n.panel b { color: red }")
app.assets.associate_asset(__name__, sys.argv[2])
PICTURE = app.assets.add_shared_data("pictures/one two.png", PNG)
SHARED = app.assets.add_shared_data("numbers", NUMBERS)
WORKER = app.assets.add_shared_asset("work/er.js", "onmessage = event => postMessage(event.data * 2);")


class Panel(JsComponent):
    """Shows in the page's own document what works in it."""

    CSS = ".panel { padding: 5px } .panel img { width: 20px; height: 30px }"

    clicks = event.IntProp(0, settable=True)
    pictures = event.ListProp([])
    data = event.ListProp([])
    worker = event.StringProp()
    values = event.AnyProp(None)

    def _create_dom(self) -> Any:
        return window.document.createElement("main")

    def init(self) -> None:
        global shout, remote  # what the assets define
        self.node.className = "panel"
        self.show("shout", shout("loud"))  # type: ignore[name-defined]
        self.show("remote", remote)  # type: ignore[name-defined]
        self.show("values", self.values.length)
        for url in self.pictures:
            picture: Any = window.document.createElement("img")
            picture.src = url
            self.node.appendChild(picture)
        for url in self.data:
            self.fetch(url)
        self.session.fetch_data(self.worker).then(self.work)
        for name, pressed in [("click", self.click), ("call", self.call), ("ask", self.ask)]:
            button: Any = window.document.createElement("button")
            button.id = name
            button.textContent = name
            button.onclick = pressed
            self.node.appendChild(button)

    def fetch(self, url: str) -> None:
        self.session.fetch_data(url).then(lambda data: self.show(url, data.byteLength))

    def work(self, code: Any) -> None:
        # From disk no browser lets a page start a worker by address.
        worker: Any = window.Worker(window.URL.createObjectURL(window.Blob([code])))  # PScript writes `new`
        worker.onmessage = lambda ev: self.show("worker", ev.data)
        worker.postMessage(21)

    def show(self, name: str, value: Any) -> None:
        line: Any = window.document.createElement("p")
        line.dataset.name = name
        line.textContent = value
        self.node.appendChild(line)

    def click(self) -> None:
        self.set_clicks(self.clicks + 1)

    def call(self) -> None:
        self.root.add(1)
        self.root.add(1)

    def ask(self) -> None:
        self.session.ask(self.root, "add", 1).catch(lambda error: self.show("refusal", error.name))

    @event.reaction("clicks")
    def clicked(self, *events: object) -> None:
        self.show("clicks", self.clicks)

    @event.reaction("root.count")
    def counted(self, *events: object) -> None:
        self.show("count", self.root.count)


class Main(PyComponent):
    """The root; it lives in Python, and the page shows what it held."""

    count = event.IntProp(1, settable=True)

    def init(self) -> None:
        self.panel = Panel(
            pictures=[PICTURE, self.session.add_data("mine.png", PNG)],
            data=[SHARED, self.session.add_data("mine", NUMBERS)],
            worker=WORKER,
            values=NUMBERS,
        )
        self.set_count(41)

    @event.action
    def add(self, n: int) -> None:
        self.set_count(self.count + n)

    @event.reaction("count")
    def up(self, *events: object) -> None:
        if self.count == 41:
            self.add(1)


class Second(JsComponent):
    """Another app, which shares assets with the first."""

    def init(self) -> None:
        self.node.className = "panel"
        self.node.textContent = "second " + window.shout("x")


def export() -> None:
    folder = Path(sys.argv[1])
    for link in range(4):
        App(Main).export(folder / f"link{link}" / "main.html", link=link)
        App(Second).export(folder / f"link{link}" / "second.html", link=link, overwrite=False)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        live = App(Main)
        live.serve("main")
        os.write(1, json.dumps({"event": "serving", "url": live.url}).encode() + b"\n")
        start()
    else:
        export()
