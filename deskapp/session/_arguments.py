"""Checks the arguments of calls that come from the page against the annotations of the action."""

from __future__ import annotations

import contextlib
import inspect
import types
import typing
from collections.abc import Callable, Sequence
from weakref import WeakKeyDictionary

import msgspec

MAX_SHOWN = 100
"""Characters of a refused value that an error shows."""

Checker = Callable[[Sequence[object]], list[object]]


class ArgumentChecker:
    """Turns what JavaScript sent into what an action declares, or says what is wrong with it.

    An annotated parameter gets a value of that type (https://jcristharif.com/msgspec/usage.html#strict-vs-lax-mode,
    strict); one without annotation gets what was sent.
    """

    def __init__(self) -> None:
        self._checkers: WeakKeyDictionary[Callable[..., object], Checker] = WeakKeyDictionary()

    def check(self, function: Callable[..., object], args: Sequence[object]) -> list[object]:
        """Return the arguments as `function` declares them.

        Args:
            function: The function under an action, with `self` as its first parameter.
            args: What the page sent.

        Raises:
            TypeError: The number or the type of an argument is wrong; the text names it.
        """
        checker = self._checkers.get(function)
        if checker is None:
            checker = self._checkers[function] = _make_checker(function)
        return checker(args)


def _make_checker(function: Callable[..., object]) -> Checker:
    signature = inspect.signature(function)
    hints = _hints(function)
    parameters = list(signature.parameters.values())[1:]
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    rest = next((p for p in parameters if p.kind is p.VAR_POSITIONAL), None)
    required = sum(p.default is p.empty for p in positional)
    wanted = [(p.name, _checkable(hints.get(p.name))) for p in positional]
    rest_type = _checkable(hints.get(rest.name)) if rest else None
    typed = any(kind is not None for _, kind in wanted) or rest_type is not None

    def check(args: Sequence[object]) -> list[object]:
        count = len(args)
        if count < required or (rest is None and count > len(wanted)):
            expected = str(required) if required == len(wanted) else f"{required} to {len(wanted)}"
            raise TypeError(
                f"{count} arguments were sent, {expected if rest is None else f'at least {required}'} expected"
            )
        if not typed:
            return list(args)
        checked: list[object] = []
        for index, value in enumerate(args):
            name, kind = wanted[index] if index < len(wanted) else (f"argument {index + 1}", rest_type)
            checked.append(value if kind is None else _convert(name, value, kind))
        return checked

    return check


def _hints(function: Callable[..., object]) -> dict[str, object]:
    """The annotations as types, without those that only a type checker can resolve."""
    try:
        return typing.get_type_hints(function)
    except (NameError, TypeError, AttributeError):
        pass
    found: dict[str, object] = {}
    for name, written in inspect.get_annotations(function).items():
        alone = types.SimpleNamespace(__annotations__={name: written})
        with contextlib.suppress(NameError, TypeError, AttributeError):
            found.update(typing.get_type_hints(alone, getattr(function, "__globals__", {})))
    return found


def _checkable(hint: object) -> object:
    """The type to check against; None where anything goes, or where msgspec does not know the type."""
    if hint is None or hint in (typing.Any, object, inspect.Parameter.empty):
        return None
    try:
        msgspec.json.Decoder(hint)
    except (TypeError, ValueError):
        return hint if _is_class(hint) else None
    return hint


def _is_class(kind: object) -> typing.TypeGuard[type]:
    """Whether values can be instances of it; on 3.10 ``list[int]`` calls itself a type, too."""
    return isinstance(kind, type) and typing.get_origin(kind) is None


def _convert(name: str, value: object, kind: object) -> object:
    if _is_class(kind) and isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
        return value
    try:
        return msgspec.convert(value, kind)
    except (msgspec.ValidationError, TypeError, ValueError) as error:
        wanted = getattr(kind, "__name__", str(kind))
        shown = repr(value)
        shown = shown if len(shown) <= MAX_SHOWN else f"{shown[: MAX_SHOWN - 1]}…"
        raise TypeError(f"{name!r} must be {wanted}, {shown} was sent ({error})") from None
