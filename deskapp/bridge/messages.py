"""One frozen record per message of the wire, and `SPEC`, the table of them all.

A message is an array whose first item is its name and whose other items are its fields, in order:
``["EMIT", "Clock_1", "text", "set", "hello", -1]``. The records below decode and validate what arrives,
`SPEC` says the same as plain data: for the reference page, and for its mirror in ``client/messages.js``
(a test compares the two).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, get_args

import msgspec

PROTOCOL_VERSION = 1

MAX_INT = 2**53
"""Whole numbers beyond ±2^53 are not exact in JavaScript and do not travel."""

Count = Annotated[int, msgspec.Meta(ge=0, le=MAX_INT)]
Number = Annotated[int, msgspec.Meta(ge=-MAX_INT, le=MAX_INT)]

How = Literal["new", "replay", "rebuild", "fresh"]
Kind = Literal["js", "css"]
Mutation = Literal["", "set", "insert", "replace", "remove"]


class Message(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True, tag=True, tag_field="message"):
    """What all messages share: an array on the wire, read-only in Python."""


class HELLO(Message, frozen=True):
    version: Count
    ticket: str | None
    key: str | None
    last_seq: Count
    navigation: str
    page: str
    path: str
    query: str


class WELCOME(Message, frozen=True):
    version: Count
    key: str
    how: How
    asset_key: str
    session_id: str
    app_name: str
    last_seq: Count


class DEFINE(Message, frozen=True):
    kind: Kind
    name: str
    text: str
    url: str


class INSTANTIATE(Message, frozen=True):
    id: str
    module: str
    cls: str
    args: list[object]
    props: dict[str, object]
    active: list[str]
    types: list[str]
    req: Number


class EMIT(Message, frozen=True):
    id: str
    type: str
    mutation: Mutation
    value: object
    index: Number | list[Number]


class SUBSCRIBE(Message, frozen=True):
    id: str
    types: list[str] | None


class INVOKE(Message, frozen=True):
    id: str
    action: str
    args: list[object]
    req: Number


class RESULT(Message, frozen=True):
    req: Number
    value: object
    error: dict[str, str] | None


class DISPOSE(Message, frozen=True):
    id: str


class DISPOSED(Message, frozen=True):
    id: str


class CALL(Message, frozen=True):
    req: Number
    code: str
    args: dict[str, object]


class LOG(Message, frozen=True):
    level: str
    text: str
    stack: str


class READY(Message, frozen=True):
    pass


class NOTICE(Message, frozen=True):
    name: str
    data: object


class HOST(Message, frozen=True):
    verb: str
    data: object


class SCRIPT(Message, frozen=True):
    verb: str
    data: object
    req: Number


class SCRIPT_EVENT(Message, frozen=True):
    id: str
    data: object
    req: Number


class BUFFER(Message, frozen=True):
    id: str
    offset: Count
    total: Count


class FAULT(Message, frozen=True):
    id: str
    name: str
    error: str
    text: str
    req: Number


class ACK(Message, frozen=True):
    seq: Count


class PING(Message, frozen=True):
    n: Count


class PONG(Message, frozen=True):
    n: Count


class CLOSE(Message, frozen=True):
    code: Count
    reason: str


AnyMessage = (
    HELLO
    | WELCOME
    | DEFINE
    | INSTANTIATE
    | EMIT
    | SUBSCRIBE
    | INVOKE
    | RESULT
    | DISPOSE
    | DISPOSED
    | CALL
    | LOG
    | READY
    | NOTICE
    | HOST
    | SCRIPT
    | SCRIPT_EVENT
    | BUFFER
    | FAULT
    | ACK
    | PING
    | PONG
    | CLOSE
)

MESSAGES: dict[str, type[Message]] = {cls.__name__: cls for cls in get_args(AnyMessage)}

BOTH, TO_PYTHON, TO_PAGE = "both", "c→p", "p→c"
"""The ways a message may travel; c is the client (the page), p is Python."""


@dataclass(frozen=True)
class Field:
    """One field of a message.

    Args:
        name: Its name, equal in both languages.
        type: What may stand there: ``int count str str? strings strings? list dict any ints errors?`` (``count``: an
            int that is not negative; ``?``: or null; ``strings`` and ``ints``: a list of them, ``ints`` also a
            single one; ``errors``: an object of strings).
        meaning: For the reference page.
        choices: The values that are allowed; empty if all of the type are.
    """

    name: str
    type: str
    meaning: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class MessageSpec:
    """One row of the table.

    Args:
        name: The message's name.
        way: `BOTH`, `TO_PYTHON` or `TO_PAGE`.
        numbered: Whether it counts in the sequence, and is therefore repeated after a lost socket.
        meaning: For the reference page.
        fields: In wire order.
    """

    name: str
    way: str
    numbered: bool
    meaning: str
    fields: tuple[Field, ...]


_ID = Field("id", "str", "the component")
_REQ = Field("req", "int", "number under which the answer comes back as RESULT; 0 = no answer wanted")


def _table(*rows: MessageSpec) -> dict[str, MessageSpec]:
    return {row.name: row for row in rows}


SPEC: dict[str, MessageSpec] = _table(
    MessageSpec(
        "HELLO",
        TO_PYTHON,
        False,
        "the first message on every connection; nothing else is read before it",
        (
            Field("version", "count", "protocol version that the page speaks"),
            Field("ticket", "str?", "one-time ticket of the launch URL"),
            Field("key", "str?", "key of a session that this tab had before"),
            Field(
                "last_seq",
                "count",
                "highest frame number received from Python; 0 in a new page, 2^53 to ask for a rebuild",
            ),
            Field("navigation", "str", "how the page was reached: navigate, reload or back_forward"),
            Field("page", "str", "random id of this page's heap; equal after a reconnect, new after a reload"),
            Field("path", "str", "path of the page's address"),
            Field("query", "str", "query of the page's address"),
        ),
    ),
    MessageSpec(
        "WELCOME",
        TO_PAGE,
        False,
        "the page is accepted; always the first answer",
        (
            Field("version", "count", "protocol version that Python speaks"),
            Field("key", "str", "the session's key, for the next HELLO"),
            Field(
                "how",
                "str",
                "new: first connection; replay: what was lost is sent again; "
                "rebuild: an empty page gets everything; fresh: a new session for a served tab",
                ("new", "replay", "rebuild", "fresh"),
            ),
            Field("asset_key", "str", "part of the path under which the session's files lie"),
            Field("session_id", "str", "the session"),
            Field("app_name", "str", "the app"),
            Field("last_seq", "count", "highest frame number that Python received from this page"),
        ),
    ),
    MessageSpec(
        "DEFINE",
        TO_PAGE,
        True,
        "JavaScript or CSS that the page lacks",
        (
            Field("kind", "str", "what it is", ("js", "css")),
            Field("name", "str", "the module or asset"),
            Field("text", "str", "its text; empty if there is a url"),
            Field("url", "str", "where to load it from; empty if there is text"),
        ),
    ),
    MessageSpec(
        "INSTANTIATE",
        BOTH,
        True,
        "make the other half of a component",
        (
            _ID,
            Field("module", "str", "module of its class"),
            Field("cls", "str", "name of its class"),
            Field("args", "list", "arguments of init"),
            Field("props", "dict", "property values; `style` of a class without such a property is CSS for its node"),
            Field("active", "strings", "ids of the components in whose contexts it is made"),
            Field("types", "strings", "plain event types that the sender listens to"),
            Field("req", "int", "0; -1 for one that survives a rebuild"),
        ),
    ),
    MessageSpec(
        "EMIT",
        BOTH,
        True,
        "a mutation or an event, from the owner to the proxy",
        (
            _ID,
            Field("type", "str", "property or event name"),
            Field(
                "mutation",
                "str",
                "how a property changed; empty for a plain event",
                ("", "set", "insert", "replace", "remove"),
            ),
            Field("value", "any", "the new value, the objects of a partial mutation, or the event's fields"),
            Field(
                "index",
                "ints",
                "where a partial mutation happened; of a value of a Model its mark, [revision, turn]; -1 otherwise",
            ),
        ),
    ),
    MessageSpec(
        "SUBSCRIBE",
        BOTH,
        True,
        "the proxy tells the owner which plain events it wants",
        (_ID, Field("types", "strings?", "all that are wanted; null: the proxy is gone, send nothing more")),
    ),
    MessageSpec(
        "INVOKE",
        BOTH,
        True,
        "ask the owner to run an action; declared actions only",
        (_ID, Field("action", "str", "the action"), Field("args", "list", "its arguments"), _REQ),
    ),
    MessageSpec(
        "RESULT",
        BOTH,
        True,
        "the answer to a CALL or an INVOKE",
        (
            Field("req", "int", "number of the request"),
            Field("value", "any", "what came out; null if there is an error"),
            Field(
                "error", "errors?", "name, text, stack of what was raised; how: rejected, of a promise; null if nothing"
            ),
        ),
    ),
    MessageSpec(
        "DISPOSE",
        BOTH,
        True,
        "from the owner: it is gone; from the proxy: please end it; answered by DISPOSED",
        (_ID,),
    ),
    MessageSpec("DISPOSED", BOTH, True, "the component is gone here too; ids are never used again", (_ID,)),
    MessageSpec(
        "CALL",
        TO_PAGE,
        True,
        "evaluate JavaScript; answered by RESULT when what was said before has been handled",
        (
            Field("req", "int", "number of the request; 0: nobody waits; -1: the page prints the value"),
            Field("code", "str", "the text; empty for a round trip and nothing else"),
            Field("args", "dict", "names that the text may use"),
        ),
    ),
    MessageSpec(
        "LOG",
        TO_PYTHON,
        True,
        "a line of the page's console, or an error that nobody caught",
        (
            Field("level", "str", "debug, info, warning or error"),
            Field("text", "str", "the line"),
            Field("stack", "str", "where it came from; may be empty"),
        ),
    ),
    MessageSpec("READY", TO_PAGE, True, "the first batch is complete: the splash may go", ()),
    MessageSpec(
        "NOTICE",
        TO_PAGE,
        True,
        "something about the page itself: cookie, title, theme, width, environment, download, stopped, failed; about "
        "its window: window, dropped, confirm_close; or a line for its console alone: console",
        (Field("name", "str", "which"), Field("data", "any", "depends on the name")),
    ),
    MessageSpec(
        "HOST",
        TO_PYTHON,
        True,
        "a wish for the window around the page: start_drag, start_resize, minimize, maximize, restore, "
        "toggle_maximize, fullscreen, close, focus, print, zoom, popup_menu, drop",
        (Field("verb", "str", "which"), Field("data", "any", "depends on the verb")),
    ),
    MessageSpec(
        "SCRIPT",
        TO_PAGE,
        True,
        "what a function shows or asks: put, clear, toast, ask and the like; its module script tells them apart",
        (
            Field("verb", "str", "what to do"),
            Field("data", "any", "depends on the verb"),
            Field("req", "int", "number under which the answer comes back as RESULT; 0: nobody waits"),
        ),
    ),
    MessageSpec(
        "SCRIPT_EVENT",
        TO_PYTHON,
        True,
        "the user did something with what a function showed or asked",
        (Field("id", "str", "who is to hear of it"), Field("data", "any", "what was done"), _REQ),
    ),
    MessageSpec(
        "BUFFER",
        BOTH,
        True,
        "a piece of a large buffer, alone in its frame; its bytes are the frame's buffer 0",
        (
            Field("id", "str", "name by which a later message refers to the buffer, once"),
            Field("offset", "count", "where the piece begins; pieces come in order"),
            Field("total", "count", "size of the whole buffer in bytes"),
        ),
    ),
    MessageSpec(
        "FAULT",
        BOTH,
        True,
        "a message was refused; nothing was changed",
        (
            Field("id", "str", "the component; empty if none"),
            Field("name", "str", "the property, action or message at fault"),
            Field("error", "str", "class of the error"),
            Field("text", "str", "its text"),
            Field("req", "int", "the request that it answers; 0 if none"),
        ),
    ),
    MessageSpec(
        "ACK",
        BOTH,
        False,
        "acknowledges received frames when no other frame is due",
        (Field("seq", "count", "highest frame number received"),),
    ),
    MessageSpec(
        "PING", BOTH, False, "are you there? answered by PONG", (Field("n", "count", "counts up on each connection"),)
    ),
    MessageSpec(
        "PONG",
        BOTH,
        False,
        "the answer to that PING and to all before it",
        (Field("n", "count", "number of the PING"),),
    ),
    MessageSpec(
        "CLOSE",
        TO_PAGE,
        False,
        "the session is over; do not come back",
        (
            Field("code", "count", "close code: 1000, 1001 or 44xx"),
            Field("reason", "str", "one sentence for people"),
        ),
    ),
)


def as_data() -> dict[str, object]:
    """Return what ``SPEC`` in ``client/messages.js`` holds: `SPEC` as JSON values, without the meanings."""
    return {
        row.name: {
            "way": row.way,
            "numbered": row.numbered,
            "fields": [
                [field.name, field.type, list(field.choices)] if field.choices else [field.name, field.type]
                for field in row.fields
            ],
        }
        for row in SPEC.values()
    }


def reference() -> str:
    """Return the table of messages as Markdown, for the reference page of the wire protocol."""
    lines = [
        f"Protocol version {PROTOCOL_VERSION}. `c→p`: from the page to Python; `p→c`: from Python to the page.",
        "Messages that are not numbered travel in frames whose number is 0 and are never repeated.",
        "Types: `count`: an int that is not negative; `strings`: a list of str; `ints`: an int or a list of them;",
        "`errors`: a dict of str; `?`: or null; ints are within ±2^53.",
    ]
    for row in SPEC.values():
        lines += ["", f"## {row.name}", "", f"{row.meaning[0].upper()}{row.meaning[1:]}.", ""]
        lines.append(f"Way: {row.way}. {'Numbered' if row.numbered else 'Not numbered'}.")
        if row.fields:
            lines += ["", "| field | type | meaning |", "| --- | --- | --- |"]
        for field in row.fields:
            choices = " · ".join(f'`"{choice}"`' for choice in field.choices)
            meaning = f"{field.meaning} ({choices})" if choices else field.meaning
            lines.append(f"| `{field.name}` | {field.type} | {meaning} |")
    return "\n".join(lines) + "\n"
