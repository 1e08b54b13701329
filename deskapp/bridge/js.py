"""Names that exist only in JavaScript, as inert stand-ins for Python.

    from deskapp.bridge.js import RawJS, this_is_js, undefined, window

Code that runs in JavaScript may use them as if they were there; so may it use any other name of the browser, imported
from here (``from deskapp.bridge.js import document, setTimeout``) or declared (``global document``).
"""

from __future__ import annotations

import sys
import textwrap
from typing import NoReturn

BROWSER_NAMES = frozenset(
    """
    AbortController Array ArrayBuffer Audio BigInt BigInt64Array BigUint64Array Blob Boolean BroadcastChannel CSS
    CanvasRenderingContext2D CustomEvent DOMParser DataView Date Document DocumentFragment Element Error Event
    EventSource EventTarget File FileReader Float32Array Float64Array FormData Function HTMLElement Image ImageData
    Infinity Int16Array Int32Array Int8Array IntersectionObserver Intl JSON Map Math MessageChannel MutationObserver
    NaN Node Notification Number Object Path2D PointerEvent Promise Proxy Reflect RegExp Request ResizeObserver Response
    SVGElement Set String Symbol TextDecoder TextEncoder URL URLSearchParams Uint16Array Uint32Array Uint8Array
    Uint8ClampedArray WeakMap WeakRef WeakSet WebSocket Worker XMLHttpRequest alert atob btoa cancelAnimationFrame
    clearInterval clearTimeout confirm console crypto customElements decodeURI decodeURIComponent document encodeURI
    encodeURIComponent fetch getComputedStyle getSelection globalThis history indexedDB isFinite isNaN localStorage
    location matchMedia navigator parseFloat parseInt performance prompt queueMicrotask requestAnimationFrame
    requestIdleCallback screen sessionStorage setInterval setTimeout structuredClone undefined visualViewport window
    arguments deskapp global null process require
    """.split()  # noqa: SIM905 (reads better than a hundred quoted words)
)
"""Names that code may use without saying where they come from; any other needs ``global name``."""


class JsName:
    """Stands in Python for something that only JavaScript has.

    Args:
        name: What it is called there.
    """

    def __init__(self, name: str) -> None:
        self._js_name = name

    def __repr__(self) -> str:
        return f"<{self._js_name} of JavaScript>"

    def __getattr__(self, attribute: str) -> NoReturn:
        raise AttributeError(f"{self._js_name}.{attribute} exists in JavaScript only; use it inside a JsComponent.")

    def __call__(self, *args: object, **kwargs: object) -> NoReturn:
        raise RuntimeError(f"{self._js_name} exists in JavaScript only; call it inside a JsComponent.")

    def __bool__(self) -> bool:
        return False


class RawJS:
    """JavaScript that is taken over as it is.

    Inside a function, ``RawJS("…")`` stands for these statements (or this expression). At the top level of a module,
    ``name = RawJS("require('x')")`` makes a variable whose value, made once, is shared by all modules that import it.

    Args:
        code: JavaScript; nobody checks it.
    """

    def __init__(self, code: str) -> None:
        if not isinstance(code, str):
            raise TypeError(f"RawJS takes a str, not {code!r}.")
        self._code = code
        # The module that makes it is the one that defines it in JavaScript, too.
        self.__module__ = sys._getframe(1).f_globals.get("__name__", "")

    def __repr__(self) -> str:
        return f"<RawJS {self._code if len(self._code) < 60 else self._code[:57] + '...'}>"

    def get_code(self, indent: int = 0) -> str:
        """Return the code, without common indentation; each line indented by `indent` spaces."""
        first, _, rest = self._code.partition("\n")
        # Text may begin after the quotes, at no indentation that would mean anything, or on the next line.
        text = textwrap.dedent(rest) if not first.strip() else first.strip() + "\n" + textwrap.dedent(rest)
        return "\n".join(" " * indent + line.rstrip() for line in text.strip("\n ").split("\n"))

    def get_defined_name(self, suggestion: str | None = None) -> str:
        """Return the global name that its module has it under, or ``""``."""
        names = getattr(sys.modules.get(self.__module__), "__dict__", {})
        if suggestion is not None and names.get(suggestion) is self:
            return suggestion
        return next((name for name, value in list(names.items()) if value is self), "")


def this_is_js() -> bool:
    """Whether this code runs in JavaScript: False, here."""
    return False


window = JsName("window")
undefined = JsName("undefined")


def __getattr__(name: str) -> JsName:
    if name in BROWSER_NAMES:
        return JsName(name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
