"""`Form`: fields that are asked for together, until they are answered or cancelled.

The page shows the newest form and reports under its id, each time with what it answers:

    ["submit", {name: raw, …}]   → {"errors": {name: text}}, or {"done": True}
    ["check", name, raw]         → {"error": text or None}: the field was left
    ["change", name, raw]        → None: the field has a new value
    ["action", name]             → None: the button beside the field was pressed
    ["press", name, index]       → None: a button of type "callback" was pressed
    ["cancel"]                   → {"done": True}

Nothing of it is believed: types, rules and options are checked again before the program sees a value.
"""

from __future__ import annotations

import contextlib
import difflib
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextvars import ContextVar
from typing import Any

from deskapp.errors import FieldNotFound, SessionException
from deskapp.script.conversations import Reply, called, check_functions
from deskapp.script.fields import STATUS, Field
from deskapp.script.page import ScriptPage
from deskapp.script.rules import find_fault
from deskapp.script.uploads import UploadedFile, Uploads
from deskapp.session.run import settle

MAX_REPORTS = 100
"""So many reports of a form may wait for the program; pages send a handful."""

FAULTY = "The program could not check this, because of a mistake of its own."
UNREADABLE = "This cannot be read. Please enter it again."

_Answer = Callable[[object], None]


class Forms:
    """The open forms of one page, newest last.

    Args:
        page: The page.
    """

    def __init__(self, page: ScriptPage) -> None:
        self.open: list[Form] = []


class Form:
    """One form, from its question to its answer.

    Args:
        page: The page.
        what: The function that asks, for messages.
        label: Its title.
        fields: Its fields.
        validate: The program's own check of all values together.
        cancelable: Whether it has a button to cancel it.

    Raises:
        ValueError: Two fields have one name.
        WrongKindOfSession: A function is async, and the asking code a plain function.
    """

    def __init__(
        self,
        page: ScriptPage,
        what: str,
        label: str,
        fields: Sequence[Field],
        *,
        validate: Callable[[dict[str, Any]], object] | None = None,
        cancelable: bool = False,
    ) -> None:
        self.page = page
        self._run = page.run
        self._what = what
        self._label = label
        self.fields = {each.name: each for each in fields}
        self._validate = validate
        self._cancelable = cancelable
        self._lock = threading.Lock()
        self._reports: deque[tuple[Any, _Answer]] = deque()
        self._arrival: Future[Any] | None = None
        self._places: dict[str, int] = {}
        self._id = ""
        functions = [func for each in fields for func in each.functions]
        check_functions(self._run, [*functions, *([validate] if validate is not None else [])], what)

    async def ask(self) -> dict[str, Any] | None:
        """Show it, and have the conversation until it is answered; None if it is cancelled."""
        self._id = self._run.listen(self._hear)
        forms = self.page.part(Forms)
        forms.open.append(self)
        values: dict[str, Any] | None = None
        try:
            self._show()
            is_done = False
            while not is_done:
                report, answer = await self._next_report()
                is_done, values, reply = await self._take(report)
                self._reply(answer, reply)
            return values
        finally:
            forms.open.remove(self)
            self._run.ignore(self._id)
            for _, answer in self._reports:
                self._reply(answer, None)
            kept = [each for value in (values or {}).values() for each in _files_in(value)]
            for place in self._places.values():
                self.page.part(Uploads).close_place(place, kept)
            with contextlib.suppress(SessionException):
                self.page.tell("form_end", self._id)

    def update(self, name: str, changes: Mapping[str, Any], what: str) -> None:
        """Change a field that is shown.

        Raises:
            FieldNotFound: It has no such field.
            TypeError, ValueError: Something of it cannot be changed, or cannot be.
        """
        if name not in self.fields:
            why = f"the form has {', '.join(map(repr, filter(None, self.fields)))}"
            raise FieldNotFound(what, name, difflib.get_close_matches(name, self.fields, n=2), why)
        changed, told = change_of(self.fields[name], changes)
        self.fields[name] = changed
        data = self._run.prepare([self._id, name, told], what)
        self.page.tell("form_change", data, library=changed.library)

    # -- what the page has to say --------------------------------------------------------------------------------------

    def _show(self) -> None:
        spec = {
            "id": self._id,
            "label": self._label,
            "cancelable": self._cancelable,
            "fields": [{**each.spec, **self._upload(each)} for each in self.fields.values()],
        }
        library = next((each.library for each in self.fields.values() if each.library), "")
        self.page.tell("form", self._run.prepare(spec, self._what), library=library)

    def _upload(self, field: Field) -> dict[str, Any]:
        if field.kind != "file":
            return {}
        uploads = self.page.part(Uploads)
        if field.name not in self._places:
            self._places[field.name] = uploads.open_place(field.rules)
        return {"upload": [uploads.id, self._places[field.name]]}

    def _hear(self, report: Any, answer: _Answer) -> None:
        """The page reports; on the loop's thread."""
        with self._lock:
            arrival, self._arrival = self._arrival, None
            if arrival is None:
                if len(self._reports) >= MAX_REPORTS:
                    raise ValueError(f"{MAX_REPORTS} reports of a form wait already")
                self._reports.append((report, answer))
        if arrival is not None:
            settle(arrival, (report, answer), None)

    async def _next_report(self) -> tuple[Any, _Answer]:
        with self._lock:
            if self._reports:
                return self._reports.popleft()
            arrival = self._arrival = self._run.open_wait()
        report: tuple[Any, _Answer] = await Reply(self._run, arrival)
        return report

    def _reply(self, answer: _Answer, value: object) -> None:
        if self._run.is_here:
            answer(value)
        else:
            self._run.session.loop.call_soon(answer, value)

    async def _take(self, report: Any) -> tuple[bool, dict[str, Any] | None, object]:
        """Do what a report asks for: whether this is the end, the values, what the page is told."""
        match report:
            case ["submit", dict() as raws]:
                values, errors = await self._check_all(raws)
                if errors:
                    return False, None, {"errors": errors}
                return True, values, {"done": True}
            case ["cancel"] if self._can_cancel():
                return True, None, {"done": True}
            case ["check", str() as name, raw] if name in self.fields:
                return False, None, {"error": (await self._check(self.fields[name], raw))[1]}
            case ["change", str() as name, raw] if name in self.fields:
                value, error = self._read(self.fields[name], raw)
                if error is None:
                    await self._call(name, self.fields[name].onchange, value)
            case ["action", str() as name] if name in self.fields:
                await self._call(
                    name, self.fields[name].action, lambda value: self.update(name, {"value": value}, "set_value()")
                )
            case ["press", str() as name, int() as index] if name in self.fields:
                await self._call(name, self.fields[name].presses.get(index))
            case _:
                return False, None, {"errors": {}}
        return False, None, None

    def _can_cancel(self) -> bool:
        has_button = any(
            each["type"] == "cancel" for field in self.fields.values() for each in field.props.get("buttons", ())
        )
        return self._cancelable or has_button

    # -- checks --------------------------------------------------------------------------------------------------------

    async def _check_all(self, raws: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
        values, errors = {}, {}
        for name, field in self.fields.items():
            values[name], error = await self._check(field, raws.get(name))
            if error is not None:
                errors[name] = error
        if not errors and self._validate is not None:
            try:
                fault = await called(self._run, self._validate, dict(values))
                if fault is not None:
                    name, message = fault
                    if name not in self.fields:
                        raise FieldNotFound("validate()", name, difflib.get_close_matches(str(name), self.fields, n=2))
                    errors[name] = str(message)
            except SessionException:
                raise
            except Exception as error:  # a border: code of the user's
                self._run.report(error)
                errors[""] = FAULTY
        return values, errors

    async def _check(self, field: Field, raw: Any) -> tuple[Any, str | None]:
        """The value and what is wrong with it, if anything."""
        value, error = self._read(field, raw, strict=True)
        if error is None and field.validate is not None:
            try:
                message = await called(self._run, field.validate, value)
                error = None if message is None else str(message)
            except SessionException:
                raise
            except Exception as fault:  # a border: code of the user's
                self._run.report(fault)
                error = FAULTY
        return value, error

    def _read(self, field: Field, raw: Any, *, strict: bool = False) -> tuple[Any, str | None]:
        """The value of what the page sent; unless strict, one that does not yet keep to all rules."""
        if not field.shape(raw):
            return None, UNREADABLE
        if field.kind == "file":
            try:
                files = self.page.part(Uploads).files(self._places[field.name], raw)
            except ValueError:
                return None, UNREADABLE
            error = find_fault(field.rules, [facts_of(each) for each in files])
            return field.parse(files), error
        error = find_fault(field.rules, raw)
        if not strict and error is not None:
            value = field.value_of(raw)
            return value, error if value is None and raw not in ("", None, []) else None
        return field.parse(raw) if error is None else None, error

    async def _call(self, name: str, func: Callable[..., object] | None, *args: object) -> None:
        if func is None:
            return
        token = _current.set((self, name))
        try:
            await called(self._run, func, *args)
        except SessionException:
            raise
        except Exception as error:  # a border: code of the user's
            self._run.report(error)
        finally:
            _current.reset(token)


_current: ContextVar[tuple[Form, str] | None] = ContextVar("deskapp_field", default=None)


def update_input(page: ScriptPage, name: str | None, changes: Mapping[str, Any], what: str) -> None:
    """Change a field of the form whose function runs, else of the newest form that has it.

    Raises:
        FieldNotFound: There is no such field.
        TypeError, ValueError: Something of it cannot be changed, or cannot be.
    """
    current = _current.get()
    if current is not None and current[0].page is page and current[0] in page.part(Forms).open:
        form, own = current
        if name is None or name in form.fields:
            form.update(own if name is None else name, changes, what)
            return
    if name is None:
        raise FieldNotFound(what, "", why="give its name where no function of a field runs.")
    forms = page.part(Forms).open
    if not forms:
        raise FieldNotFound(what, name, why="no form is open.")
    form = next((each for each in reversed(forms) if name in each.fields), forms[-1])
    form.update(name, changes, what)


def change_of(field: Field, changes: Mapping[str, Any]) -> tuple[Field, dict[str, Any]]:
    """A field after changes, and what the page is told of them.

    Raises:
        TypeError, ValueError: Something of it cannot be changed, or cannot be.
    """
    status = {name: value for name, value in changes.items() if name in STATUS}
    if status.get("valid_status") not in (None, True, False):
        raise TypeError(f"valid_status is True, False or None, not {status['valid_status']!r}")
    changed = field.updated({name: value for name, value in changes.items() if name not in STATUS})
    told: dict[str, Any] = {"field": changed.spec, "sets": "value" in changes or "options" in changes}
    if "value" in changes:
        told["field"]["value"] = changed.initial = changed.encode(changes["value"])
    if status:
        good, bad = status.get("valid_feedback"), status.get("invalid_feedback")
        told["status"] = [status.get("valid_status"), good and str(good), bad and str(bad)]
    return changed, told


def facts_of(file: UploadedFile) -> dict[str, Any]:
    """What rules are checked against."""
    return {"filename": file["filename"], "size": file.size_bytes, "mime_type": file["mime_type"]}


def _files_in(value: object) -> list[UploadedFile]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, UploadedFile)]
