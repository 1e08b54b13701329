"""`TableSource`: the rows of a table, of which the page asks for a few at a time, sorted and filtered."""

from __future__ import annotations

import operator
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from deskapp.script.table_records import (
    Columns,
    Path,
    cell,
    cell_text,
    chosen_columns,
    flatten,
    is_blank,
    is_number,
    read_dicts,
    read_records,
)

MAX_WINDOW = 1000
"""So many rows go to the page at once."""

MAX_ORDERS = 4
"""So many ways of sorting and filtering are remembered."""

MAX_CONDITIONS = 20
"""So many columns are sorted by, and so many conditions has a filter."""

Order = Sequence[int]
"""Positions of rows, in the order in which they are shown."""

_COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    "equals": operator.eq,
    "notEqual": operator.ne,
    "lessThan": operator.lt,
    "lessThanOrEqual": operator.le,
    "greaterThan": operator.gt,
    "greaterThanOrEqual": operator.ge,
}

_TEXT_TESTS: Mapping[str, Callable[[str, str], bool]] = {
    "contains": lambda text, part: part in text,
    "notContains": lambda text, part: part not in text,
    "equals": operator.eq,
    "notEqual": operator.ne,
    "startsWith": str.startswith,
    "endsWith": str.endswith,
}

Test = Callable[[Any], bool]


class TableSource:
    """Rows in columns. Each row has a key, a number that stays with it, and an id, by which programs know it.

    May be used on any thread.

    Args:
        records: As of `read_records`.
        what: The function that was given them, for messages.
        id_path: The column with the ids; the keys are the ids when None.
        paths: Which columns there are, in which order; those that are found if there are none.
    """

    def __init__(self, records: object, what: str, *, id_path: Path | None = None, paths: Sequence[Path] = ()) -> None:
        self._lock = threading.RLock()
        self._id_path = id_path
        self._wanted = list(paths)
        self._next_key = 0
        self.replace(records, what)

    # -- what is in it -------------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def paths(self) -> list[Path]:
        """What names each column that is shown."""
        return list(self._shown.paths)

    @property
    def number_columns(self) -> list[bool]:
        """Whether there are only numbers in each column that is shown."""
        with self._lock:
            return [_has_numbers(column) for column in self._shown.values]

    def ids(self, keys: Iterable[object]) -> list[Any]:
        """The ids of rows, by their keys; of rows that have gone there are none."""
        with self._lock:
            positions = self._positions()
            found = [positions[key] for key in keys if isinstance(key, int) and key in positions]
            return [self._id_at(at) for at in found]

    def window(self, start: int, stop: int, order: Order) -> list[list[Any]]:
        """Some rows: of each its key and its cells.

        Args:
            start: Where in the order the first one is.
            stop: Behind the last one.
            order: What `order` gave.
        """
        with self._lock:
            positions = order[max(start, 0) : min(stop, start + MAX_WINDOW)]
            columns = self._shown.values
            count = len(self._keys)
            return [[self._keys[at], *(cell(column[at]) for column in columns)] for at in positions if at < count]

    # -- sorted and filtered -------------------------------------------------------------------------------------------

    def has_order(self, sort: object, filters: object) -> bool:
        """Whether an order is at hand, so that nothing has to be sorted for it."""
        return (not sort and not filters) or _known_as(sort, filters) in self._orders

    def order(self, sort: Sequence[Any] = (), filters: Mapping[str, Any] | None = None) -> Order:
        """The order of rows.

        Args:
            sort: Pairs of a column's number and ``"asc"`` or ``"desc"``; the first one counts most.
            filters: By the number of a column, as a text, what is wanted of its cells: the grid's filter model.

        Raises:
            ValueError: There is no such column or condition.
        """
        filters = filters or {}
        with self._lock:
            if not sort and not filters:
                return range(len(self._keys))
            name = _known_as(sort, filters)
            found = self._orders.get(name)
            if found is None:
                found = self._orders[name] = self._work_out(sort, filters)
                if len(self._orders) > MAX_ORDERS:
                    self._orders.popitem(last=False)
            else:
                self._orders.move_to_end(name)
            return found

    def _work_out(self, sort: Sequence[Any], filters: Mapping[str, Any]) -> list[int]:
        if len(sort) > MAX_CONDITIONS or len(filters) > MAX_CONDITIONS:
            raise ValueError(f"a table is sorted and filtered by at most {MAX_CONDITIONS} columns")
        positions: list[int] = list(range(len(self._keys)))
        for number, model in filters.items():
            column = self._column(number)
            fits = _test(model, is_numeric=_has_numbers(column))
            positions = [at for at in positions if fits(column[at])]
        for number, direction in reversed(list(sort)):
            if direction not in ("asc", "desc"):
                raise ValueError(f"a column is sorted 'asc' or 'desc', not {direction!r}")
            positions = _sorted(positions, self._column(number), is_down=direction == "desc")
        return positions

    def _column(self, number: object) -> list[Any]:
        columns = self._shown.values
        at = int(number) if isinstance(number, int) or (isinstance(number, str) and number.isdigit()) else -1
        if not 0 <= at < len(columns):
            raise ValueError(f"the table has {len(columns)} columns, and no column {number!r}")
        return columns[at]

    # -- changes -------------------------------------------------------------------------------------------------------

    def replace(self, records: object, what: str) -> None:
        """Have other rows; their columns may be others, unless it was said which ones there are."""
        found = read_records(records, what, () if not self._wanted else self._with_id())
        ids = self._read_ids(found, what) if self._id_path is not None else None
        if ids is not None:
            _check_ids(ids, what)
        shown = chosen_columns(found, self._wanted) if self._wanted else found
        with self._lock:
            self._shown, self._ids = shown, ids
            first = self._next_key if ids is not None else 0
            self._keys: list[int] = list(range(first, first + found.count))
            self._next_key = first + found.count
            self._changed()

    def insert(self, records: object, what: str, before: object = None) -> None:
        """Add rows.

        Args:
            records: A dict, or several.
            what: The function that was given them, for messages.
            before: The id of the row that follows; at the end when None.

        Raises:
            LookupError: There is no such row.
            ValueError: A row with the id of a new one is there.
        """
        rows = [records] if isinstance(records, Mapping) else list(records) if isinstance(records, Iterable) else None
        if rows is None:
            raise TypeError(f"{what} takes rows, each a dict, not {type(records).__name__}")
        found = read_dicts(rows, what)
        with self._lock:
            at = len(self._keys) if before is None else self._find(before, what)
            if self._id_path is not None and self._ids is not None:
                ids = self._read_ids(found, what)
                _check_ids([*self._ids, *ids], what)
                self._ids[at:at] = ids
            new = chosen_columns(found, self._shown.paths)
            for column, values in zip(self._shown.values, new.values, strict=True):
                column[at:at] = values
            self._keys[at:at] = range(self._next_key, self._next_key + found.count)
            self._next_key += found.count
            self._changed()

    def remove(self, ids: Iterable[object], what: str) -> list[int]:
        """Remove rows; their keys.

        Raises:
            LookupError: There is no such row; none is removed then.
        """
        with self._lock:
            gone = sorted({self._find(each, what) for each in ids}, reverse=True)
            keys = [self._keys[at] for at in gone]
            lists = [self._keys, *self._shown.values, *([self._ids] if self._ids is not None else [])]
            if len(gone) < 10:
                for each in lists:
                    for at in gone:
                        del each[at]
            else:
                leaving = set(gone)
                for each in lists:
                    each[:] = [value for at, value in enumerate(each) if at not in leaving]
            self._changed()
            return keys

    def set_row(self, row_id: object, record: object, what: str) -> None:
        """Have other values in a row; those that are not given are empty.

        Raises:
            LookupError: There is no such row.
            ValueError: Another row has its new id.
        """
        if not isinstance(record, Mapping):
            raise TypeError(f"{what} takes a dict for a row, not {record!r}")
        given = dict(flatten(record))
        with self._lock:
            at = self._find(row_id, what)
            if self._id_path is not None and self._ids is not None and self._id_path in given:
                self._set_id(at, given[self._id_path], what)
            for path, column in zip(self._shown.paths, self._shown.values, strict=True):
                column[at] = row_id if path == self._id_path and path not in given else given.get(path)
            self._changed(keeps_rows=True)

    def set_cell(self, row_id: object, path: Path, value: object, what: str) -> None:
        """Have another value in a cell.

        Raises:
            LookupError: There is no such row or column.
            ValueError: It is the id of another row.
        """
        with self._lock:
            at = self._find(row_id, what)
            if path not in self._shown.paths:
                names = ", ".join(repr(".".join(each)) for each in self._shown.paths)
                raise LookupError(f"{what} finds no column {'.'.join(path)!r} in the table; there are {names}")
            if path == self._id_path:
                self._set_id(at, value, what)
            self._shown.values[self._shown.paths.index(path)][at] = value
            self._changed(keeps_rows=True)

    def _changed(self, *, keeps_rows: bool = False) -> None:
        self._orders: OrderedDict[str, list[int]] = OrderedDict()
        if not keeps_rows:
            self._key_positions: dict[int, int] | None = None
            self._id_positions: dict[Any, int] | None = None

    # -- ids -----------------------------------------------------------------------------------------------------------

    def _with_id(self) -> list[Path]:
        path = self._id_path
        return self._wanted if path is None or path in self._wanted else [*self._wanted, path]

    def _read_ids(self, found: Columns, what: str) -> list[Any]:
        path = self._id_path
        assert path is not None
        if path not in found.paths:
            if not found.count:
                return []
            raise ValueError(f"{what} finds no column {'.'.join(path)!r}, which id_field names, in the rows")
        return list(found.values[found.paths.index(path)])

    def _id_at(self, at: int) -> Any:
        return self._keys[at] if self._ids is None else cell(self._ids[at])

    def _set_id(self, at: int, row_id: Any, what: str) -> None:
        assert self._ids is not None
        ids = list(self._ids)
        ids[at] = row_id
        _check_ids(ids, what)
        self._ids = ids
        self._id_positions = None

    def _positions(self) -> dict[int, int]:
        if self._key_positions is None:
            self._key_positions = {key: at for at, key in enumerate(self._keys)}
        return self._key_positions

    def _find(self, row_id: object, what: str) -> int:
        if self._ids is None:
            positions: dict[Any, int] = self._positions()
        else:
            if self._id_positions is None:
                self._id_positions = {cell(each): at for at, each in enumerate(self._ids)}
            positions = self._id_positions
        found = positions.get(cell(row_id))
        if found is None:
            raise LookupError(f"{what} finds no row {row_id!r} in the table")
        return found


def _known_as(sort: object, filters: object) -> str:
    return repr((sort, filters))


def _check_ids(ids: Sequence[Any], what: str) -> None:
    seen: set[Any] = set()
    for each in ids:
        name = cell(each)
        if name is None or name in seen:
            raise ValueError(f"{what} needs an id of its own for each row, and finds {each!r} more than once or empty")
        seen.add(name)


def _has_numbers(column: Sequence[Any]) -> bool:
    kinds = set(map(type, column)) - {type(None)}
    return bool(kinds) and all(map(is_number, kinds))


# -- sorting -----------------------------------------------------------------------------------------------------------


def _sorted(positions: list[int], column: Sequence[Any], *, is_down: bool) -> list[int]:
    """Sort positions by their cells, those that have nothing in them always last; equal ones keep their order."""
    filled = [at for at in positions if not is_blank(column[at])]
    kinds = set(map(type, column)) - {type(None)}
    if kinds == {str}:
        names = {at: column[at].casefold() for at in filled}
        filled.sort(key=names.__getitem__, reverse=is_down)
    else:
        try:
            filled.sort(key=column.__getitem__, reverse=is_down)
        except TypeError:  # values of several types: numbers before the rest
            filled.sort(key=lambda at: _mixed(column[at]), reverse=is_down)
    if len(filled) == len(positions):
        return filled
    return [*filled, *(at for at in positions if is_blank(column[at]))]


def _mixed(value: Any) -> tuple[bool, Any]:
    return (False, value) if is_number(type(value)) else (True, cell_text(value).casefold())


# -- filtering ---------------------------------------------------------------------------------------------------------


def _test(model: Any, *, is_numeric: bool) -> Test:
    """What a filter model of the grid says about a cell."""
    if not isinstance(model, Mapping):
        raise ValueError(f"a filter of a table is an object, not {model!r}")
    conditions = model.get("conditions")
    if conditions is None:
        return _single_test(model, is_numeric=is_numeric)
    if not isinstance(conditions, list) or not 0 < len(conditions) <= MAX_CONDITIONS:
        raise ValueError(f"a filter of a table has 1 to {MAX_CONDITIONS} conditions")
    tests = [_test(each, is_numeric=is_numeric) for each in conditions]
    joined = any if model.get("operator") == "OR" else all
    return lambda value: joined(test(value) for test in tests)


def _single_test(model: Mapping[str, Any], *, is_numeric: bool) -> Test:
    kind, wanted = model.get("type"), model.get("filter")
    if kind == "blank":
        return is_blank
    if kind == "notBlank":
        return lambda value: not is_blank(value)
    if is_numeric and isinstance(wanted, int | float):
        return _number_test(kind, wanted, model.get("filterTo"))
    test = _TEXT_TESTS.get(kind) if isinstance(kind, str) else None
    if test is None or not isinstance(wanted, str):
        raise ValueError(f"a table cannot be filtered by {dict(model)!r}")
    part = wanted.casefold()
    return lambda value: test("" if is_blank(value) else cell_text(value).casefold(), part)


def _number_test(kind: Any, wanted: float, upper: Any) -> Test:
    if kind == "inRange" and isinstance(upper, int | float):
        return lambda value: not is_blank(value) and wanted <= value <= upper
    compared = _COMPARED.get(kind) if isinstance(kind, str) else None
    if compared is None:
        raise ValueError(f"numbers cannot be filtered by {kind!r}")
    return lambda value: not is_blank(value) and compared(value, wanted)
