"""Rows as programs have them, read into columns: dicts, lists under a header, data frames."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Path = tuple[str, ...]
"""Names a column: of a nested dict the keys that lead to it."""

Values = list[Any]

MAX_INT = 2**53
"""Beyond this the numbers of a page are not whole any more."""


@dataclass
class Columns:
    """A table by columns.

    Attributes:
        paths: What names each.
        values: The values of each, all of the same length.
        count: How many rows there are.
    """

    paths: list[Path]
    values: list[Values]
    count: int


def read_records(records: object, what: str, paths: Sequence[Path] = ()) -> Columns:
    """Read rows.

    Args:
        records: Dicts, which may be nested; or lists, the first one with the names; or a data frame of pandas.
        what: The function that was given them, for messages.
        paths: Which columns, in which order; those that are found if there are none.

    Raises:
        TypeError: They are nothing of that kind.
        ValueError: There is nothing to tell the columns from, or rows of a list differ in length.
    """
    if is_data_frame(records):
        found = _read_data_frame(records)
    else:
        if isinstance(records, str | bytes | Mapping) or not isinstance(records, Iterable):
            raise TypeError(f"{what} takes rows, each a dict, or a data frame of pandas, not {type(records).__name__}")
        rows = list(records)
        if not rows and not paths:
            raise ValueError(f"{what} was given no rows: say with column_order=[…] which columns there are")
        is_under_header = bool(rows) and not isinstance(rows[0], Mapping)
        found = _read_lists(rows, what) if is_under_header else read_dicts(rows, what)
    return chosen_columns(found, paths) if paths else found


def is_data_frame(value: object) -> bool:
    """Whether something is a data frame of pandas."""
    return is_pandas(value, "DataFrame")


def is_pandas(value: object, name: str) -> bool:
    """Whether something is of a class of pandas, or of one derived from it; pandas is not imported for that."""
    return any(base.__module__.partition(".")[0] == "pandas" and base.__name__ == name for base in type(value).__mro__)


def read_dicts(rows: Sequence[Any], what: str) -> Columns:
    """Read rows that are dicts."""
    for at, row in enumerate(rows):
        if not isinstance(row, Mapping):
            raise TypeError(f"{what} was given {row!r} as row {at}: rows are dicts, or all of them lists")
    return _read_alike(rows) or _read_unlike(rows)


def chosen_columns(found: Columns, paths: Sequence[Path]) -> Columns:
    """The columns that are wanted; one that is not there is empty."""
    by_path = dict(zip(found.paths, found.values, strict=True))
    values = [by_path.get(path) or [None] * found.count for path in paths]
    return Columns(list(paths), values, found.count)


def flatten(record: Mapping[Any, Any], prefix: Path = ()) -> Iterator[tuple[Path, Any]]:
    """The values of a dict and of those in it, with what leads to each."""
    for key, value in record.items():
        path = (*prefix, str(key))
        if isinstance(value, Mapping) and value:
            yield from flatten(value, path)
        else:
            yield path, value


def _read_alike(rows: Sequence[Mapping[Any, Any]]) -> Columns | None:
    """The fast way: all rows have the same keys in the same order, and nothing is nested."""
    if not rows:
        return None
    keys = tuple(rows[0])
    paths: list[Path] = [(str(key),) for key in keys]
    if len(set(paths)) < len(paths) or any(tuple(row) != keys for row in rows):
        return None
    values = [list(column) for column in zip(*(row.values() for row in rows), strict=True)]
    for column in values:
        if any(issubclass(kind, Mapping) for kind in set(map(type, column))):
            return None
    return Columns(paths, values, len(rows))


def _read_unlike(rows: Sequence[Mapping[Any, Any]]) -> Columns:
    columns: dict[Path, Values] = {}
    for at, row in enumerate(rows):
        for path, value in flatten(row):
            column = columns.setdefault(path, [])
            column.extend([None] * (at - len(column)))
            column[at:] = [value]
    for column in columns.values():
        column.extend([None] * (len(rows) - len(column)))
    return Columns(list(columns), list(columns.values()), len(rows))


def _read_lists(rows: list[Any], what: str) -> Columns:
    header, *body = rows
    if not isinstance(header, list | tuple):
        raise TypeError(f"{what} was given {header!r} as a row: rows are dicts; or lists, the first one with the names")
    paths: list[Path] = [(str(name),) for name in header]
    if len(set(paths)) < len(paths):
        raise ValueError(f"{what} finds two columns of the same name in the header {header!r}")
    for at, row in enumerate(body, 1):
        if not isinstance(row, list | tuple) or len(row) != len(paths):
            raise ValueError(f"{what} finds {len(paths)} names in the header, and {row!r} as row {at}")
    values = [list(column) for column in zip(*body, strict=True)] if body else [[] for _ in paths]
    return Columns(paths, values, len(body))


def _read_data_frame(frame: Any) -> Columns:
    if type(frame.index).__name__ != "RangeIndex":
        frame = frame.reset_index()
    paths: list[Path] = []
    values: list[Values] = []
    for at, name in enumerate(frame.columns):
        path = tuple(str(part) for part in name if str(part)) if isinstance(name, tuple) else (str(name),)
        if path in paths:
            path = (*path, str(at))  # a frame may have several columns of one name
        series = frame.iloc[:, at]
        if str(series.dtype).startswith("datetime64"):
            filled = series.dropna()
            series = series.dt.date if bool((filled.dt.normalize() == filled).all()) else series  # days, as pandas says
        paths.append(path)
        values.append(series.astype(object).where(series.notna(), None).tolist())
    return Columns(paths, values, len(frame))


# -- single values -----------------------------------------------------------------------------------------------------


def is_blank(value: object) -> bool:
    """Whether a cell has nothing in it."""
    return value is None or value == "" or (isinstance(value, float) and value != value)


def is_number(kind: type) -> bool:
    """Whether values of a type are numbers; those of NumPy are, which is not imported for that."""
    if kind is bool or issubclass(kind, int | float):
        return kind is not bool
    return kind.__module__ == "numpy" and any(base.__name__ in ("integer", "floating") for base in kind.__mro__)


def cell(value: Any) -> str | int | float | bool | None:
    """A value as it travels to its cell."""
    if value is None or isinstance(value, str):
        return value if value is None else str(value)
    kind = type(value)
    if kind.__module__ == "numpy" and hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value) if -MAX_INT <= value <= MAX_INT else str(value)
    if isinstance(value, float):
        if math.isfinite(value):
            return float(value)
        return None if value != value else str(value)
    return cell_text(value)


def cell_text(value: Any) -> str:
    """The text of a value that no cell shows as it is: JSON of what contains others, else what `str` says."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
