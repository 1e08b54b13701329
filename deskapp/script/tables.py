"""Tables of texts and outputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deskapp.script.outputs import Output


@dataclass(frozen=True)
class Span:
    """Content of more than one cell of a table or a grid; made by `span`."""

    content: Any
    row: int
    col: int


def span(content: Any, row: int = 1, col: int = 1) -> Span:
    """Content of more than one cell, for `put_table` and `put_grid`.

    Args:
        content: A text or an output.
        row: How many rows it takes.
        col: How many columns it takes.

    Raises:
        ValueError: A number is not a whole one above zero.
    """
    for name, value in (("row", row), ("col", col)):
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= 1000:
            raise ValueError(f"span({name}=…) takes a whole number from 1 to 1000, not {value!r}")
    return Span(content, row, col)


def put_table(
    tdata: Iterable[Iterable[Any] | Mapping[Any, Any]],
    header: Sequence[Any] | None = None,
    scope: str | None = None,
    position: int = -1,
) -> Output:
    """Show a table.

    Args:
        tdata: Its rows: lists of cells, or dicts. A cell is an output, or `str` of it is shown; `span` lets it take the
            room of several.
        header: What stands at the head of the columns. With lists, their first one does when None. With dicts: their
            keys, or pairs of a label and a key, for the columns wanted; all that occur when None.
        scope, position: As of `put_text`.

    Raises:
        TypeError: A row is none, or some are lists and some are dicts.
    """
    what = "put_table()"
    rows = _rows(tdata, what)
    if header is not None and (isinstance(header, str | Mapping) or not isinstance(header, Iterable)):
        raise TypeError(f"{what} takes a list as header, not {header!r}")
    head = None if header is None else list(header)
    if rows and isinstance(rows[0], Mapping):
        labels, keys = _columns(head, rows, what)
        rows = [[row.get(key, "") for key in keys] for row in rows]
        head = labels
    elif head and not rows:
        head = [each[0] if isinstance(each, tuple | list) and each else each for each in head]
    if head:
        rows.insert(0, head)
    cells: list[Any] = []
    spans: list[list[int]] = []
    for row in rows:
        for cell in row:
            if type(cell) is Span:
                spans.append([len(cells), cell.row, cell.col])
                cell = cell.content
            cells.append(cell)
    props = {"lengths": [len(row) for row in rows], "spans": spans}
    return Output(what, "table", props, children=cells, scope=scope, position=position)


def _rows(tdata: Any, what: str) -> list[Any]:
    if isinstance(tdata, str | bytes | Mapping) or not isinstance(tdata, Iterable):
        hint = "; put_html() shows it" if hasattr(tdata, "_repr_html_") else ""
        raise TypeError(f"{what} takes a list of rows, not {tdata!r}{hint}")
    rows: list[Any] = []
    for row in tdata:
        if isinstance(row, Mapping):
            rows.append(row)
        elif isinstance(row, str | bytes | Output | Span) or not isinstance(row, Iterable):
            hint = "; put_html() shows the whole" if hasattr(tdata, "_repr_html_") else ""
            raise TypeError(f"a row of {what} is a list or a dict, not {row!r}{hint}")
        else:
            rows.append(list(row))
        if isinstance(rows[0], Mapping) is not isinstance(row, Mapping):
            raise TypeError(f"{what} takes either lists or dicts as rows, not both")
    return rows


def _columns(head: list[Any] | None, rows: list[Any], what: str) -> tuple[list[Any], list[Any]]:
    if head is None:
        every = list(dict.fromkeys(key for row in rows for key in row))
        return [_label(key) for key in every], every
    labels, keys = [], []
    for each in head:
        is_pair = isinstance(each, tuple | list)
        if is_pair and len(each) != 2:
            raise ValueError(f"a column of {what} is a key or a pair of label and key, not {each!r}")
        labels.append(each[0] if is_pair else each)
        keys.append(each[1] if is_pair else each)
    return labels, keys


def _label(key: object) -> str:
    text = str(key)
    return text[:1].upper() + text[1:]
