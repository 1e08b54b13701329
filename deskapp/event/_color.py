"""Colours: from the many ways to write them to one `Color`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from deskapp.event._event import Event

NAMES = {
    "k": "#000", "black": "#000", "w": "#fff", "white": "#fff", "r": "#f00", "red": "#f00",
    "g": "#0f0", "green": "#0f0", "lime": "#0f0", "b": "#00f", "blue": "#00f", "y": "#ff0", "yellow": "#ff0",
    "m": "#f0f", "magenta": "#f0f", "fuchsia": "#f0f", "c": "#0ff", "cyan": "#0ff", "aqua": "#0ff",
    "gray": "#808080", "grey": "#808080",
}  # fmt: skip

SHADES = {"lighter": (0.66, 1.0), "light": (0.33, 1.0), "darker": (0.66, 0.0), "dark": (0.33, 0.0)}
"""Prefix: how far towards which channel value. The longer prefix stands first, since it contains the other."""

_HEX = re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})", re.ASCII)
_FUNCTION = re.compile(r"rgba?\(([^()]*)\)", re.ASCII)


class Color(Event):
    """A colour: `t` (red, green, blue and alpha, 0 to 1), `alpha`, `hex` (``#rrggbb``) and `css` (``rgba(…)``)."""

    __slots__ = ()


def color(value: object) -> Color:
    """Make a `Color` of any accepted spelling.

    Raises:
        TypeError: The value is of a kind that cannot be a colour.
        ValueError: It is a text or a number of channels that is no colour.
    """
    if value is None:
        return _from_channels((0.0, 0.0, 0.0, 0.0))
    if isinstance(value, str):
        return _from_channels(_parse(value.strip().lower()))
    if isinstance(value, Mapping):
        if "t" not in value:
            raise TypeError("a dict is a colour only if it has the channels under 't'")
        value = value["t"]
    if not isinstance(value, (list, tuple)):
        raise TypeError("a colour is a text such as '#ff8800' or 'red', or 3 or 4 numbers between 0 and 1")
    return _from_channels(value)


def _from_channels(channels: Iterable[Any]) -> Color:
    numbers = list(channels)
    if len(numbers) not in (3, 4):
        raise ValueError(f"a colour has 3 or 4 channels, not {len(numbers)}")
    if not all(isinstance(number, (int, float)) for number in numbers):
        raise TypeError("the channels of a colour are numbers")
    red, green, blue, alpha = (min(1.0, max(0.0, float(number))) for number in (*numbers, 1.0)[:4])
    rgb = (red, green, blue)
    return Color(
        t=(red, green, blue, alpha),
        alpha=alpha,
        hex="#" + "".join(f"{int(channel * 255):02x}" for channel in rgb),
        css=f"rgba({','.join(f'{channel * 255:.0f}' for channel in rgb)},{alpha:g})",
    )


def _parse(text: str) -> tuple[float, ...]:
    if not text:
        return (0.0, 0.0, 0.0, 0.0)
    if _HEX.fullmatch(text):
        return _parse_hex(text)
    if function := _FUNCTION.fullmatch(text):
        parts = [float(part) for part in function[1].split(",")]
        if len(parts) not in (3, 4) or (len(parts) == 4) != text.startswith("rgba"):
            raise ValueError("rgb(…) takes 3 numbers and rgba(…) takes 4")
        return (*(part / 255 for part in parts[:3]), *parts[3:])
    for prefix, (share, target) in SHADES.items():
        base = text.removeprefix(prefix)
        if base != text and base in NAMES:
            return tuple(channel + (target - channel) * share for channel in _parse_hex(NAMES[base]))
    if text in NAMES:
        return _parse_hex(NAMES[text])
    raise ValueError("it is no colour; write '#rgb', '#rrggbb', '#rrggbbaa', 'rgb(…)', 'rgba(…)' or a name like 'red'")


def _parse_hex(text: str) -> tuple[float, ...]:
    digits = text[1:]
    if len(digits) <= 4:
        digits = "".join(digit * 2 for digit in digits)
    return tuple(int(digits[i : i + 2], 16) / 255 for i in range(0, len(digits), 2))
