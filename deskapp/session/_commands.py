"""The commands of `Session.send_command`, as messages of the wire.

The names are those of an older wire. What a session says by itself (its greetings, its pings, how components are made)
is no command here: said by hand it would contradict what the session knows.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from deskapp.bridge import messages
from deskapp.bridge.component import JsComponent
from deskapp.bridge.link import LinkedObject
from deskapp.errors import NotDeclared

if TYPE_CHECKING:
    from deskapp.session._link import PageLink

SILENT, ECHO = 0, -1
"""The `req` of a CALL whose value nobody waits for; with the second one the page prints the value on its console."""

_BY_ITSELF = frozenset({
    "HI_FLEXX", "INIT_DONE", "INSTANTIATE", "DISPOSE_ACK", "PING", "PONG", "EVALANDRETURN", "EVALRESULT"
})  # fmt: skip

_LEVELS = {"PRINT": "log", "INFO": "info", "WARN": "warn", "ERROR": "error"}

_KINDS: dict[str, messages.Kind] = {"JS": "js", "JS-EVAL": "js", "CSS": "css"}

_SCHEMES = ("http", "https", "mailto")

Command = Callable[["PageLink", Sequence[object]], None]


def run_command(session: PageLink, command: Sequence[object]) -> None:
    """Send one command to the page of a session.

    Args:
        session: Whose page.
        command: The command's name and its arguments.

    Raises:
        TypeError: The name is no text, or the arguments are not those of the command.
        ValueError: There is no such command, or an argument has a value that it cannot have.
        LookupError: It names a component that is not there.
        NotDeclared: It names an action that is not there.
        CodecError: A value that cannot travel.
    """
    if not command or not isinstance(command[0], str):
        raise TypeError(f"a command begins with its name, for example send_command('PRINT', 'hi'); got {command!r}")
    name, args = command[0], command[1:]
    handler = _TABLE.get(name)
    if handler is None:
        raise ValueError(_explain_unknown(name))
    handler(session, args)


def _explain_unknown(name: str) -> str:
    if name in _BY_ITSELF:
        return f"{name!r} is nothing to be sent by hand: a session says it by itself when it is time"
    near = difflib.get_close_matches(name.upper(), _TABLE, n=1)
    hint = f"did you mean {near[0]!r}? It is one of" if near else "there are"
    return f"there is no command {name!r}; {hint} {', '.join(_TABLE)}"


def _texts(name: str, form: str, args: Sequence[object], *counts: int) -> list[str]:
    """The arguments, if they are texts and as many as the command has."""
    if len(args) not in counts or not all(isinstance(arg, str) for arg in args):
        raise TypeError(f"write send_command({name!r}, {form}), all of them texts; got {tuple(args)!r}")
    return [str(arg) for arg in args]


def _printer(name: str) -> Command:
    def send(session: PageLink, args: Sequence[object]) -> None:
        if len(args) != 1:
            raise TypeError(f"write send_command({name!r}, text); got {tuple(args)!r}")
        session._line.send(messages.NOTICE("console", {"level": _LEVELS[name], "text": str(args[0])}))

    return send


def _eval(session: PageLink, args: Sequence[object]) -> None:
    texts = _texts("EVAL", "code) or ('EVAL', component_id, expression", args, 1, 2)
    if len(texts) == 1:
        session._line.send(messages.CALL(ECHO, texts[0], {}))
        return
    component = session._codec.prepare(_component(session, texts[0]), "send_command('EVAL', …)")
    # The expression belongs to the component, as in "Foo_1.text"; the name is one that no text will use by chance.
    session._line.send(messages.CALL(ECHO, f"$component.{texts[1]}", {"$component": component}))


def _exec(session: PageLink, args: Sequence[object]) -> None:
    (code,) = _texts("EXEC", "code", args, 1)
    session._line.send(messages.CALL(SILENT, code, {}))


def _define(session: PageLink, args: Sequence[object]) -> None:
    kind, name, code = _texts("DEFINE", "kind, name, code", args, 3)
    if kind.upper() not in _KINDS:
        raise ValueError(f"send_command('DEFINE', …) defines 'JS', 'JS-EVAL' or 'CSS', not {kind!r}")
    session._line.send(messages.DEFINE(_KINDS[kind.upper()], name, code, ""))


def _open(session: PageLink, args: Sequence[object]) -> None:
    (url,) = _texts("OPEN", "url", args, 1)
    scheme = urlsplit(url).scheme.lower()
    if scheme and scheme not in _SCHEMES:
        raise ValueError(f"send_command('OPEN', …) opens addresses of {', '.join(_SCHEMES)}, not {url!r}")
    session._line.send(messages.CALL(SILENT, "void window.open(url, '_blank', 'noopener')", {"url": url}))


def _invoke(session: PageLink, args: Sequence[object]) -> None:
    if len(args) != 3 or not isinstance(args[1], str) or not isinstance(args[2], list | tuple):
        raise TypeError(f"write send_command('INVOKE', component_id, action, [arguments]); got {tuple(args)!r}")
    component, action = _component(session, args[0]), args[1]
    if not isinstance(component, JsComponent) or action not in type(component).__actions__:
        raise NotDeclared(str(args[0]), action)
    session.invoke(component, action, args[2])


def _dispose(session: PageLink, args: Sequence[object]) -> None:
    (component_id,) = _texts("DISPOSE", "component_id", args, 1)
    _component(session, component_id).dispose()


def _component(session: PageLink, component_id: object) -> LinkedObject:
    component = session._registry.get(component_id) if isinstance(component_id, str) else None
    if component is None:
        raise LookupError(f"this session has no component {component_id!r}")
    return component


_TABLE: dict[str, Command] = {
    **{name: _printer(name) for name in _LEVELS},
    "EVAL": _eval,
    "EXEC": _exec,
    "DEFINE": _define,
    "OPEN": _open,
    "INVOKE": _invoke,
    "DISPOSE": _dispose,
}
