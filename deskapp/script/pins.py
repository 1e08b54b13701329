"""Fields that stay in the page: their values by name, and who hears of changes."""

from __future__ import annotations

import difflib
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from typing import Any

from deskapp.errors import FieldNotFound
from deskapp.script.basic import checked_options
from deskapp.script.callbacks import add_callback, check_callback
from deskapp.script.conversations import Reply, converse
from deskapp.script.field_arguments import checked_field_name
from deskapp.script.fields import Field
from deskapp.script.forms import change_of
from deskapp.script.outputs import Output
from deskapp.script.page import ScriptPage, current_page
from deskapp.script.uploads import Uploads
from deskapp.session.run import settle


class Pins:
    """The fields that one page was given, by name.

    Args:
        page: The page.
    """

    def __init__(self, page: ScriptPage) -> None:
        self._page = page
        self._fields: dict[str, Field] = {}
        self._places: dict[str, int] = {}
        self.waits = 0

    def show(self, field: Field, scope: str | None, position: int) -> Output:
        """Show a field; one of its name that is there gives the name up."""
        props = {"field": self._spec(field)}
        libraries = (field.library,) if field.library else ()
        output = Output(field.what, "pin", props, scope=scope, position=position, library=libraries)
        self._fields[field.name] = field
        return output

    def find(self, name: object, what: str) -> Field:
        """A field.

        Raises:
            FieldNotFound: None of this name was shown.
        """
        found = self._fields.get(checked_field_name(what, name))
        if found is None:
            why = "show one with put_input() and the like first."
            raise FieldNotFound(what, str(name), difflib.get_close_matches(str(name), self._fields, n=2), why)
        return found

    async def read(self, names: list[str], what: str) -> dict[str, Any]:
        """The values of fields.

        Raises:
            FieldNotFound: One is not in the page any more.
        """
        page = self._page
        raws = await Reply(page.run, page.run.ask(lambda done: page.ask("pins", names, done)))
        return {name: self.value(name, raws, what) for name in names}

    def value(self, name: str, raws: Any, what: str) -> Any:
        """The value of a field, of what the page says of several."""
        field = self._fields[name]
        if not isinstance(raws, Mapping) or name not in raws:
            raise FieldNotFound(what, name, why="it is not in the page any more.")
        raw = raws[name]
        if field.kind == "file":
            if not field.shape(raw):
                return field.parse([])
            try:
                return field.parse(self._page.part(Uploads).files(self._places[name], raw))
            except ValueError:
                return field.parse([])
        return field.value_of(raw)

    def update(self, name: str, changes: Mapping[str, Any], what: str) -> None:
        """Change a field.

        Raises:
            FieldNotFound: None of this name was shown.
            TypeError, ValueError: Something of it cannot be changed, or cannot be.
        """
        changed, told = change_of(self.find(name, what), changes)
        self._fields[name] = changed
        self._page.tell("pin_change", self._page.run.prepare([name, told], what), library=changed.library)

    def _spec(self, field: Field) -> dict[str, Any]:
        if field.kind != "file":
            return field.spec
        uploads = self._page.part(Uploads)
        self._places[field.name] = uploads.open_place(field.rules)
        return {**field.spec, "upload": [uploads.id, self._places[field.name]]}


class Pin:
    """The values of the fields that stay in the page: ``pin.name`` or ``pin["name"]``.

    Reading asks the page; on the loop write ``await pin.name``. Assigning shows another value. A field that is not in
    the page raises `FieldNotFound`.
    """

    __slots__ = ()

    def use_strict(self) -> None:
        """Nothing more is needed: reading a field that is not there always raises."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self[name]

    def __setattr__(self, name: str, value: object) -> None:
        self[name] = value

    def __getitem__(self, name: str) -> Any:
        what = f"pin[{name!r}]"
        pins = current_page(what).part(Pins)
        pins.find(name, what)
        return converse(current_page(what).run, _one(pins, name, what))

    def __setitem__(self, name: str, value: object) -> None:
        what = f"pin[{name!r}]"
        current_page(what).part(Pins).update(name, {"value": value}, what)


async def _one(pins: Pins, name: str, what: str) -> Any:
    return (await pins.read([name], what))[name]


def get_pin_values(names: Iterable[str]) -> Any:
    """The values of several fields at one moment, by name. On the loop: ``await get_pin_values(…)``.

    Raises:
        FieldNotFound: One of them is not in the page.
    """
    what = "get_pin_values()"
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise TypeError(f"{what} takes a list of names, not {names!r}")
    page = current_page(what)
    pins = page.part(Pins)
    asked = list(names)
    for name in asked:
        pins.find(name, what)
    return converse(page.run, pins.read(asked, what))


def pin_update(name: str, **spec: Any) -> None:
    """Change a field that stays in the page.

    Args:
        name: Its name.
        **spec: As of `deskapp.input.input_update`.

    Raises:
        FieldNotFound: None of this name was shown.
        TypeError, ValueError: Something of it cannot be changed, or cannot be this.
    """
    current_page("pin_update()").part(Pins).update(name, spec, "pin_update()")


def pin_wait_change(*names: str | Iterable[str], timeout: float | None = None) -> Any:
    """Wait until the user has changed one of several fields. On the loop: ``await pin_wait_change(…)``.

    A change that comes between one wait for a field and the next is what that next one returns, at once.

    Args:
        *names: Their names, or a list of them.
        timeout: How many seconds to wait; for ever when None.

    Returns:
        A dict of ``name`` and ``value``; None if the time is over.

    Raises:
        FieldNotFound: None of this name was shown.
    """
    what = "pin_wait_change()"
    asked = [each for name in names for each in ([name] if isinstance(name, str) else name)]
    if not asked:
        raise TypeError(f"{what} needs the name of a field")
    if timeout is not None and (isinstance(timeout, bool) or not isinstance(timeout, int | float) or timeout < 0):
        raise ValueError(f"{what} takes a number of seconds as timeout, not {timeout!r}")
    page = current_page(what)
    pins = page.part(Pins)
    for name in asked:
        pins.find(name, what)
    return converse(page.run, _change(pins, page, asked, timeout, what))


async def _change(pins: Pins, page: ScriptPage, names: list[str], timeout: float | None, what: str) -> Any:
    run = page.run
    pins.waits += 1
    number = pins.waits
    future: Future[Any] = run.ask(lambda done: page.ask("pin_wait", [number, names], done))
    clock = None
    if timeout is not None:
        clock = threading.Timer(timeout, settle, (future, None, None))
        clock.name, clock.daemon = "deskapp-pin-timeout", True
        clock.start()
    is_told = False
    try:
        found = await Reply(run, future)
        is_told = found is not None
    finally:
        if clock is not None:
            clock.cancel()
        if not is_told and run.ending is None:
            page.tell("pin_unwait", number)
    if found is None:
        return None
    name, raw = found
    if name not in names:
        raise ValueError(f"the page was not asked about {name!r}")
    return {"name": name, "value": pins.value(name, {name: raw}, what)}


def pin_on_change(
    name: str,
    onchange: Callable[[Any], object] | None = None,
    clear: bool = False,
    init_run: bool = False,
    **callback_options: Any,
) -> None:
    """Have a function called when the user changes a field that stays in the page.

    Args:
        name: The field's name.
        onchange: Called with the new value, besides those that were given before.
        clear: Whether those given before are not called any more.
        init_run: Whether it is called at once as well, with the present value.
        **callback_options: As of `deskapp.output.put_buttons`.

    Raises:
        FieldNotFound: None of this name was shown.
        TypeError: There is neither a function nor `clear`, or an option is none.
        WrongKindOfSession: It is async, and the session that of a plain function.
    """
    what = "pin_on_change()"
    options = checked_options(callback_options, what)
    page = current_page(what)
    pins = page.part(Pins)
    pins.find(name, what)
    if onchange is None:
        if not clear:
            raise TypeError(f"{what} needs a function, or clear=True")
        page.tell("pin_on", [name, "", True, False])
        return
    check_callback(page, onchange, what)
    func = onchange

    def changed(report: Any) -> object:
        return func(pins.value(name, {name: report[0]}, what))

    callback = add_callback(page, changed, what, **options)
    now = init_run and not page.run.is_here
    page.tell("pin_on", [name, callback, bool(clear), bool(init_run) and not now])
    if now:
        func(converse(page.run, _one(pins, name, what)))
