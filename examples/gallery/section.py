"""`Section`: what all sections of the gallery have in common: demos, whose code is read from their source."""

import inspect
import keyword
import re
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from deskapp import PyComponent, event
from deskapp.errors import DeskappError
from examples.gallery.widgets import Button, Demo, Panel, Toggle, Value

PIECE = re.compile(
    r"(?P<remark>#.*)"
    r"|(?P<text>\b[rfb]?\"[^\"\n]*\"|\"[^\"\n]*\")"
    rf"|(?P<word>\b(?:{'|'.join(keyword.kwlist)})\b)"
    r"|(?P<number>\b\d[\d_.]*\b)"
)


class Section(PyComponent):
    """A section; subclasses say what it is about and, in `build`, what there is to try."""

    GROUP = TITLE = TEXT = ICON = ""

    def init(self) -> None:
        self._demo: Demo | None = None
        self.shown: list[Callable[..., object]] = []
        with Panel(title=self.TITLE, text=self.TEXT):
            self.build()

    def build(self) -> None:
        """Make the demos; for subclasses."""
        raise NotImplementedError

    @contextmanager
    def demo(self, title: str, text: str, *shown: Callable[..., object], is_wide: bool = False) -> Iterator[Demo]:
        """Everything made in its context is for one demo; beside it is shown the code of its buttons, after `shown`."""
        self.shown = list(shown)
        with Demo(title=title, text=text, is_wide=is_wide) as self._demo:
            yield self._demo
        self._demo.set_code(lines_of(code_of(self.shown)))

    def button(self, text: str, function: Callable[[], object]) -> Button:
        """A button that calls a function, whose answer is shown."""
        button, demo = Button(text=text), self._demo
        button.reaction("pressed", lambda *events: self.attempt(demo, function))
        self.shown.append(function)
        return button

    def toggle(self, text: str, function: Callable[[bool], object], *, checked: bool = False) -> Toggle:
        """A box that calls a function with whether it is checked."""
        toggle, demo = Toggle(text=text, checked=checked), self._demo

        def turned(*events: event.Event) -> None:
            toggle.set_checked(events[-1].on)
            self.attempt(demo, function, events[-1].on)

        toggle.reaction("turned", turned)
        self.shown.append(function)
        return toggle

    def value(self, label: str, text: Callable[[], str]) -> Value:
        """A line that follows what it reads."""
        return Value(label=label, text=text)

    @event.action(overlap=True)
    async def attempt(self, demo: Demo, function: Callable[..., Any], *args: object) -> None:
        """Do what a button is for; show what came of it, also when that is an error."""
        try:
            answer = function(*args)
            if inspect.isawaitable(answer):
                answer = await answer
        except (DeskappError, OSError) as error:
            tell(demo, str(error), is_warning=True)
        else:
            tell(demo, answer or "")


def tell(demo: Demo, text: str, *, is_warning: bool = False) -> None:
    """Write below a demo what came of it."""
    demo.set_is_warning(is_warning)
    demo.set_outcome(text)


def code_of(functions: list[Callable[..., object]]) -> str:
    """The source of functions and classes, each once."""
    found: list[str] = []
    for function in functions:
        try:
            text = textwrap.dedent(inspect.getsource(function)).strip()
        except OSError:
            text = "# A frozen program does not carry its source."
        if text not in found:
            found.append(text)
    return "\n\n".join(found)


def lines_of(code: str) -> list[list[object]]:
    """Lines of source text, each as its indent and its pieces."""
    return [[len(line) - len(line.lstrip()), pieces(line)] for line in code.split("\n")]


def pieces(code: str) -> list[list[str]]:
    """Source text in pieces, each with what it is: word, text, number, remark or plain."""
    found: list[list[str]] = []
    end = 0
    for match in PIECE.finditer(code):
        if match.start() > end:
            found.append(["plain", code[end : match.start()]])
        found.append([str(match.lastgroup), match[0]])
        end = match.end()
    return [*found, ["plain", code[end:]]] if end < len(code) else found
