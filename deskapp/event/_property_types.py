"""The typed properties."""

from __future__ import annotations

import numbers
from typing import TYPE_CHECKING, Any

from deskapp.event._color import Color, color
from deskapp.event._property import Property

if TYPE_CHECKING:
    from deskapp.event._component import Component  # noqa: F401  (in the text of a type argument)


class AnyProp(Property[Any]):
    """Any value, not copied. Default None."""


class BoolProp(Property[bool]):
    """A bool; everything is converted by its truth. Default False."""

    _default = False

    def _validate(self, value: Any, name: str, data: Any) -> bool:
        return bool(value)


class TriStateProp(Property["bool | None"]):
    """True, False or None; all but None is converted by its truth. Default None."""

    _default = None

    def _validate(self, value: Any, name: str, data: Any) -> bool | None:
        return None if value is None else bool(value)


class IntProp(Property[int]):
    """An int. Floats lose their fraction, texts must be whole numbers. Default 0."""

    _default = 0

    def _validate(self, value: Any, name: str, data: Any) -> int:
        if type(value) is int:
            return value
        if isinstance(value, (int, numbers.Real)):
            number: Any = value
            try:
                return int(number)
            except OverflowError:
                raise ValueError("it has no whole part") from None
        if isinstance(value, str):
            try:
                return int(value)
            except ValueError:
                raise ValueError("the text is no whole number") from None
        raise TypeError(f"an IntProp takes numbers and texts of whole numbers, not {_kind(value)}")


class FloatProp(Property[float]):
    """A float. Texts must be numbers, ``'nan'`` and ``'inf'`` included. Default 0.0."""

    _default = 0.0

    def _validate(self, value: Any, name: str, data: Any) -> float:
        if type(value) is float:
            return value
        if isinstance(value, (int, numbers.Real)):
            return float(value)
        if isinstance(value, str):
            try:
                return float(value)
            except ValueError:
                raise ValueError("the text is no number") from None
        raise TypeError(f"a FloatProp takes numbers and texts of numbers, not {_kind(value)}")


class StringProp(Property[str]):
    """A text; nothing is converted. Default ''."""

    _default = ""

    def _validate(self, value: Any, name: str, data: Any) -> str:
        if not isinstance(value, str):
            raise TypeError(f"a StringProp takes texts, not {_kind(value)}")
        return value


class TupleProp(Property["tuple[Any, ...]"]):
    """A tuple; lists are converted. Default ()."""

    _default = ()

    def _validate(self, value: Any, name: str, data: Any) -> tuple[Any, ...]:
        if not isinstance(value, (list, tuple)):
            raise TypeError(f"a TupleProp takes tuples and lists, not {_kind(value)}")
        return tuple(value)


class ListProp(Property["list[Any]"]):
    """A list, copied when set; can be mutated in part. Default []."""

    _default = []  # noqa: RUF012  (copied by _validate before a component holds it)

    def _validate(self, value: Any, name: str, data: Any) -> list[Any]:
        if not isinstance(value, (list, tuple)):
            raise TypeError(f"a ListProp takes lists and tuples, not {_kind(value)}")
        return list(value)


class DictProp(Property["dict[Any, Any]"]):
    """A dict, copied (not deeply) when set; can be mutated in part. Default {}."""

    _default = {}  # noqa: RUF012  (copied by _validate before a component holds it)

    def _validate(self, value: Any, name: str, data: Any) -> dict[Any, Any]:
        if not isinstance(value, dict):
            raise TypeError(f"a DictProp takes dicts, not {_kind(value)}")
        return dict(value)


class ComponentProp(Property["Component | None"]):
    """A component, or None. Default None."""

    _default = None

    def _validate(self, value: Any, name: str, data: Any) -> Any:
        if value is not None and not hasattr(value, "_IS_COMPONENT"):
            raise TypeError(f"a ComponentProp takes components and None, not {_kind(value)}")
        return value


class FloatPairProp(Property["tuple[float, float]"]):
    """Two floats; one number stands for both. Default (0.0, 0.0)."""

    _default = (0.0, 0.0)

    def _validate(self, value: Any, name: str, data: Any) -> tuple[float, float]:
        pair = value if isinstance(value, (list, tuple)) else (value, value)
        if len(pair) != 2 or not all(isinstance(number, (int, numbers.Real)) for number in pair):
            raise TypeError("a FloatPairProp takes a number or two of them")
        return float(pair[0]), float(pair[1])


class EnumProp(Property[str]):
    """One of several words, in upper case; case does not matter when it is set.

    Args:
        options: The words, a list or tuple of texts.
        default: The initial one; the first if absent.
    """

    def _consume_args(self, *args: Any) -> None:
        if not args or len(args) > 2:
            raise TypeError(f"EnumProp takes its options and a default, not {len(args)} arguments")
        options = args[0]
        if not isinstance(options, (list, tuple)) or not all(isinstance(option, str) for option in options):
            raise TypeError(f"the options of an EnumProp are a list of texts, not {options!r}")
        if not options:
            raise IndexError("an EnumProp needs at least one option")
        self._set_data([option.upper() for option in options])
        self._default = self._validate(args[1] if len(args) == 2 else options[0], self.name, self.data)

    def _validate(self, value: Any, name: str, data: Any) -> str:
        if not isinstance(value, str):
            raise TypeError(f"an EnumProp takes texts, not {_kind(value)}")
        word = value.upper()
        if word not in data:
            raise ValueError(f"it is none of {', '.join(data)}")
        return word


class ColorProp(Property[Color]):
    """A colour; the value has `t`, `alpha`, `hex` and `css`. Default ``'#000'``.

    Takes names, ``'#rgb'``, ``'#rgba'``, ``'#rrggbb'``, ``'#rrggbbaa'``, ``'rgb(…)'``, ``'rgba(…)'``, three or four
    numbers between 0 and 1, None or ``''`` for transparent black. Names may start with light, lighter, dark or darker.
    """

    _default = "#000"

    def _validate(self, value: Any, name: str, data: Any) -> Color:
        return value if type(value) is Color else color(value)


class EitherProp(Property[Any]):
    """What one of several properties takes: the first one that accepts a value converts it.

    So the order matters: ``EitherProp(IntProp(), StringProp())`` makes 3 of ``"3"``, the other order keeps the text.

    Args:
        props: Property instances.
        default: The initial value; the first property's if absent.
    """

    def __init__(self, *props: Property[Any], default: Any = ..., doc: str = "", settable: bool = False) -> None:
        self._props = _checked_props(props, type(self).__name__)
        if not props:
            raise TypeError("EitherProp needs at least one property")
        super().__init__(doc=doc, settable=settable)
        self._default = props[0].default if default is ... else default
        self._set_data([_nested_spec(prop) for prop in props])

    def _validate(self, value: Any, name: str, data: Any) -> Any:
        refusals: list[Exception] = []
        for prop in self._props:
            try:
                return prop._validate(value, name, prop.data)
            except (TypeError, ValueError) as error:
                refusals.append(error)
        # Any ValueError means that the kind was right somewhere.
        kind = ValueError if any(isinstance(error, ValueError) for error in refusals) else TypeError
        raise kind("nothing accepts it: " + "; ".join(str(error) for error in refusals))


class NullProp(Property[Any]):
    """What another property takes, or None. Default None.

    Args:
        prop: A property instance.
        default: The initial value.
    """

    def __init__(self, prop: Property[Any], *, default: Any = None, doc: str = "", settable: bool = False) -> None:
        (self._prop,) = _checked_props((prop,), type(self).__name__)
        super().__init__(doc=doc, settable=settable)
        self._default = default
        self._set_data([_nested_spec(prop)])

    def _validate(self, value: Any, name: str, data: Any) -> Any:
        return None if value is None else self._prop._validate(value, name, self._prop.data)


def _checked_props(props: tuple[Any, ...], owner: str) -> tuple[Property[Any], ...]:
    for prop in props:
        if not isinstance(prop, Property):
            hint = " (call it)" if isinstance(prop, type) and issubclass(prop, Property) else ""
            raise TypeError(f"{owner} takes property instances, not {prop!r}{hint}")
    return props


def _nested_spec(prop: Property[Any]) -> dict[str, Any]:
    return {"type": prop.type_name, "default": prop.default, "data": prop.data}


def _kind(value: object) -> str:
    return "None" if value is None else type(value).__name__
