"""Publishes one of its apps: ``published.py CLASS ADDRESS [ARGUMENT …]``; prints where it is shown."""

# ruff: noqa: T201  what it prints is what the test sees
from __future__ import annotations

import sys
from typing import Any

from deskapp import App, JsComponent, PyComponent, event, window

TOKEN = "a-secret-token"


class Shown(JsComponent):
    """Shows a number that a click raises, its data, and whether it may keep anything in the browser."""

    CSS = "button { color: rgb(1, 2, 3); }"

    count = event.IntProp(settable=True)
    greeting = event.StringProp()

    def init(self) -> None:
        self.button: Any = window.document.createElement("button")
        self.kept: Any = window.document.createElement("p")
        self.node.appendChild(self.button)
        self.node.appendChild(self.kept)
        self.button.addEventListener("click", lambda _: self.set_count(self.count + 1))
        try:
            window.localStorage.setItem("deskapp-tests", "kept")
            self.kept.textContent = "kept"
        except Exception:
            self.kept.textContent = "not kept"

    @event.reaction
    def show(self) -> None:
        self.button.textContent = f"{self.greeting} {self.count}"


class Main(PyComponent):
    def init(self, greeting: str) -> None:
        Shown(greeting=greeting)


class Picture(JsComponent):
    """A picture from the app's data, and its text, fetched by the page."""

    def init(self, url: str) -> None:
        image: Any = window.document.createElement("img")
        image.src = url
        self.node.appendChild(image)
        self.text: Any = window.document.createElement("pre")
        self.node.appendChild(self.text)
        window.fetch(url).then(lambda answer: answer.text()).then(self.show)

    def show(self, text: str) -> None:
        self.text.textContent = text


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="37" height="11"/>'


class Pictures(PyComponent):
    def init(self) -> None:
        assert self.session is not None
        Picture(self.session.add_data("picture.svg", SVG))


if __name__ == "__main__":
    name, url, *arguments = sys.argv[1:]
    print(App(globals()[name], *arguments).publish("app", TOKEN, url))
