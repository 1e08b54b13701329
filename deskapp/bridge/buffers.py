"""The bytes of binary values and arrays: found in values on their way out, laid under values that arrive.

Bytes that nobody can change are never copied, others once. Arrays are little-endian and in C order on the wire.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from deskapp.bridge.messages import MAX_INT
from deskapp.errors import CodecError

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_DIMENSIONS = 32

# dtype -> (format of a memoryview, bytes an item)
_DTYPES = {
    "int8": ("b", 1),
    "uint8": ("B", 1),
    "int16": ("h", 2),
    "uint16": ("H", 2),
    "int32": ("i", 4),
    "uint32": ("I", 4),
    "int64": ("q", 8),
    "uint64": ("Q", 8),
    "float32": ("f", 4),
    "float64": ("d", 8),
}
_FORMATS = {
    **{code: name for name, (code, _) in _DTYPES.items()},
    "l": f"int{8 * memoryview(b'').cast('l').itemsize}",
    "L": f"uint{8 * memoryview(b'').cast('L').itemsize}",
}


class Buffer:
    """The bytes of a value on its way out; they no longer change.

    Not a dataclass: msgspec would write one as an object instead of asking the codec.

    Args:
        data: One-dimensional, of bytes, read-only.
        dtype: Kind of the array's items; empty for plain bytes.
        shape: The array's shape.
    """

    __slots__ = ("data", "dtype", "shape")

    def __init__(self, data: memoryview, dtype: str = "", shape: tuple[int, ...] = ()) -> None:
        self.data, self.dtype, self.shape = data, dtype, shape

    def tagged(self, ref: int | str) -> dict[str, list[object]]:
        """Return what stands in the text for this buffer when it travels as `ref`."""
        return {"$": ["a", ref, self.dtype, list(self.shape)] if self.dtype else ["b", ref]}


@dataclass
class Stored:
    """An incoming value whose bytes came in an earlier transfer; `data` is filled in by the protocol."""

    id: str
    dtype: str
    shape: list[int]
    data: memoryview | None = None

    def check(self, data: memoryview) -> None:
        """Raise CodecError if `data` cannot be this value's bytes."""
        _check_size(data, self.dtype, self.shape)


def buffer_of(value: bytes | bytearray | memoryview) -> Buffer:
    """Return the bytes of a binary value.

    Raises:
        CodecError: It is a memoryview whose items the wire does not know.
    """
    view = memoryview(value)
    native = view.format.removeprefix("@")
    plain = native in ("B", "b", "c") and view.ndim == 1
    if not view.c_contiguous and plain:
        view = memoryview(view.tobytes())
    if not view.c_contiguous or (not plain and native not in _FORMATS):
        raise CodecError(f"a memoryview of format {view.format!r} with {view.ndim} dimensions cannot travel")
    # A writable one is copied; so is one with a zero among its dimensions, which cannot be cast.
    data = view.cast("B") if view.readonly and view.nbytes else memoryview(view.tobytes())
    return Buffer(data) if plain else Buffer(data, _FORMATS[native], tuple(view.shape or ()))


def buffer_of_array(array: Any, numpy: Any) -> Buffer:
    """Return the bytes of an array of numpy's.

    Raises:
        CodecError: The wire does not know the kind of its items, or its dimensions are too many.
    """
    name = array.dtype.name
    if name not in _DTYPES or array.ndim > MAX_DIMENSIONS:
        raise CodecError(f"an array of {name} with {array.ndim} dimensions cannot travel")
    shape = array.shape
    if array.size == 0:
        return Buffer(memoryview(b""), name, shape)
    little = numpy.dtype(name).newbyteorder("<")
    if array.dtype != little or not array.flags.c_contiguous or not _is_frozen(array, numpy):
        array = numpy.array(array, dtype=little, order="C", copy=True)
    return Buffer(memoryview(array.reshape(-1).view(numpy.uint8)).toreadonly(), name, shape)


def _is_frozen(array: Any, numpy: Any) -> bool:
    """Whether nobody can change the array: neither through it nor through an array that it is a view of."""
    while isinstance(array, numpy.ndarray):
        if array.flags.writeable:
            return False
        array = array.base
    try:
        return array is None or memoryview(array).readonly
    except TypeError:
        return False


def check_array(dtype: str, shape: list[Any]) -> None:
    """Raise CodecError unless an array of that kind and shape may arrive."""
    if dtype not in _DTYPES or len(shape) > MAX_DIMENSIONS:
        raise CodecError(f"an array of {dtype!r} with {len(shape)} dimensions is unknown here")
    if any(type(n) is not int or not 0 <= n <= MAX_INT for n in shape):
        raise CodecError("the shape of an array is malformed")


def _check_size(data: memoryview, dtype: str, shape: list[int]) -> None:
    if dtype and math.prod(shape) * _DTYPES[dtype][1] != len(data):
        raise CodecError(f"an array of {dtype} {shape} does not fill {len(data)} bytes")


def from_bytes(data: memoryview, dtype: str, shape: list[int]) -> object:
    """Return the value whose bytes have arrived: bytes, an array, or without numpy a memoryview.

    Raises:
        CodecError: The bytes do not fill the array.
    """
    if not dtype:
        return bytes(data)
    _check_size(data, dtype, shape)
    try:
        numpy: Any = import_module("numpy")
    except ImportError:
        # A memoryview has no zero among its dimensions, and no order of bytes but the machine's.
        cast: Callable[..., memoryview] = data.cast
        code, _ = _DTYPES[dtype]
        return cast(code) if 0 in shape else cast(code, shape)
    try:
        return numpy.frombuffer(data, numpy.dtype(dtype).newbyteorder("<")).reshape(shape)
    except ValueError as error:
        raise CodecError(f"an array of {dtype} {shape} cannot be made: {error}") from None
