"""Tables of any length: the rows stay here, and the page asks for those that are seen."""

from __future__ import annotations

import difflib
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from deskapp.errors import SessionException
from deskapp.script.callbacks import add_callback, check_callback
from deskapp.script.outputs import Output
from deskapp.script.page import ScriptPage, current_page
from deskapp.script.table_records import Path
from deskapp.script.table_source import TableSource

if TYPE_CHECKING:
    from deskapp.session.run import Answer

logger = logging.getLogger("deskapp.script")

THEMES = ("balham", "alpine", "material", "balham-dark", "alpine-dark")

MAX_ROWS_ON_LOOP = 2000
"""Tables of no more rows are sorted on the spot."""

MAX_WAITING = 32
"""So many questions about one table may wait; the grid asks two at a time."""

MAX_AUTO_ROWS = 1000
"""A table of more rows is not as high as all of them."""

FIRST_ROWS = 100
"""So many rows come with the table itself."""

_OWN_OPTIONS = frozenset({
    "columnDefs", "context", "datasource", "getRowId", "rowData", "rowModelType", "serverSideDatasource", "theme",
})  # fmt: skip


class DataTable:
    """One table in a page: answers what the page asks of it, and tells it of changes.

    Args:
        page: The page.
        source: Its rows.
        column_args: What the grid is told of columns, by path, and by name for all with that name at their end.
    """

    def __init__(
        self, page: ScriptPage, source: TableSource, column_args: Mapping[str | Path, Mapping[str, object]]
    ) -> None:
        self._page = page
        self.source = source
        self._column_args = column_args
        self._lock = threading.Lock()
        self._waiting: deque[tuple[Any, Answer]] = deque()
        self._is_working = False
        self._is_stale = False
        self.output: Output | None = None

    def columns(self) -> list[dict[str, Any]]:
        """What the page is told of the columns."""
        told = []
        for path, is_number in zip(self.source.paths, self.source.number_columns, strict=True):
            args: dict[str, object] = {}
            for name in (path[-1], path):
                args.update(self._column_args.get(name, {}))
            told.append({"name": ".".join(path), "number": is_number, "args": args})
        return told

    def answer_rows(self, question: Any, answer: Answer) -> None:
        """The page asks for rows; on the loop's thread."""
        sort, filters = _asked(question)
        if len(self.source) <= MAX_ROWS_ON_LOOP or self.source.has_order(sort, filters):
            answer(self._rows(question))
            return
        with self._lock:
            if len(self._waiting) >= MAX_WAITING:
                raise SessionException(f"{MAX_WAITING} questions about one table wait already")
            self._waiting.append((question, answer))
            if self._is_working:
                return
            self._is_working = True
        threading.Thread(target=self._work, name="deskapp-table", daemon=True).start()

    def _work(self) -> None:
        loop = self._page.run.session.loop
        while True:
            with self._lock:
                if not self._waiting:
                    self._is_working = False
                    return
                question, answer = self._waiting.popleft()
            try:
                rows = self._rows(question)
            except Exception as error:  # a border: the top of a thread
                logger.error("A table could not be shown: %s", error, exc_info=error)
                rows = {"error": str(error)}
            loop.call_soon(answer, rows)

    def _rows(self, question: Any) -> dict[str, Any]:
        sort, filters = _asked(question)
        start, stop = question.get("start"), question.get("stop")
        if not isinstance(start, int) or not isinstance(stop, int):
            raise ValueError(f"rows of a table have whole numbers, not {start!r} to {stop!r}")
        self._is_stale = False
        order = self.source.order(sort, filters)
        return {"rows": self.source.window(start, stop, order), "total": len(order)}

    def first_rows(self) -> dict[str, Any]:
        """What is shown before the page has asked for anything."""
        order = self.source.order()
        return {"rows": self.source.window(0, FIRST_ROWS, order), "total": len(order)}

    def tell_changed(self, gone: Sequence[int] = ()) -> None:
        """Have the page ask again; once, until it does."""
        if self.output is not None and (gone or not self._is_stale):
            self._is_stale = True
            self.output.update({"changed": list(gone)})

    def tell_replaced(self) -> None:
        """Have the page forget what it knows."""
        if self.output is not None:
            self.output.update({"columns": self.columns(), "changed": []})

    def chosen(self, keys: Any, *, is_multiple: bool) -> Any:
        """What a callback gets for the keys of chosen rows; None if there is nothing to call it with."""
        if not isinstance(keys, list):
            raise ValueError(f"the rows chosen in a table are a list, not {keys!r}")
        ids = self.source.ids(keys)
        return ids if is_multiple else (ids[0] if ids else None)


def put_datatable(
    records: object,
    actions: Sequence[tuple[str, Callable[[Any], object]] | None] | None = None,
    onselect: Callable[[Any], object] | None = None,
    multiple_select: bool = False,
    id_field: str | Sequence[str] | None = None,
    height: int | str = 600,
    theme: str = "balham",
    cell_content_bar: bool = True,
    instance_id: str = "",
    column_order: Sequence[str] | Mapping[str, Any] | None = None,
    column_args: Mapping[str | tuple[str, ...], Mapping[str, object]] | None = None,
    grid_args: Mapping[str, object] | None = None,
    enterprise_key: str = "",
    scope: str | None = None,
    position: int = -1,
) -> Output:
    """Show a table of any length, which the user can sort, filter and select in.

    The rows are read once, by this call; the page asks for those that are seen, also after the function has ended.

    Args:
        records: Dicts; those in them become columns such as ``a.b``. Or lists, the first one with the names of the
            columns. Or a data frame of pandas. What is no text, number, bool or None is shown as its text.
        actions: Buttons above the table: label and function, called with the id of the row that is selected; None
            between them makes a gap.
        onselect: Called with the id of a row when it is selected.
        multiple_select: Whether several rows can be selected. The functions get a list of ids then.
        id_field: The column with the ids, each of them different; of a nested dict the keys that lead to it. When None,
            rows are numbered: from 0, and new ones go on behind the highest number.
        height: In px, or any height of CSS; ``"auto"``: as high as its rows, of up to 1000.
        theme: How close the rows are: ``"balham"``, ``"alpine"`` or ``"material"``. The first two are dark with
            ``-dark``; otherwise tables are as dark as the page.
        cell_content_bar: Whether the whole text of the cell with the focus is shown below the table.
        instance_id: A name for `datatable_update`, `datatable_insert` and `datatable_remove`.
        column_order: Which columns are shown, in which order; a dict of dicts for nested ones. All when None.
        column_args: Properties of columns as AG Grid has them, by column: values that JSON has, no functions.
        grid_args: Options of AG Grid, likewise.
        enterprise_key: Must be empty: the grid that is shipped is AG Grid Community.
        scope, position: As of `put_text`.

    Raises:
        TypeError: The records are none, or something else is of another type.
        ValueError: The records have no columns, ids are missing or not unique, or an option is none.
        CodecError: An option of the grid cannot travel, such as a function.
    """
    what = "put_datatable()"
    if enterprise_key:
        raise ValueError(f"{what} shows AG Grid Community, which takes no enterprise_key")
    if theme not in THEMES:
        near = difflib.get_close_matches(str(theme), THEMES, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(THEMES)}"
        raise ValueError(f"{what} has no theme {theme!r}; {hint}")
    options = _checked_options(grid_args, what)
    args = _checked_column_args(column_args, what)
    buttons = [_checked_action(each, what) for each in actions or ()]
    css_height = _checked_height(height, what)
    page = current_page(what)
    source = TableSource(records, what, id_path=_path(id_field, what), paths=_ordered(column_order, what))
    table = DataTable(page, source, args)
    if css_height == "auto" and len(source) > MAX_AUTO_ROWS:
        logger.warning("put_datatable() has %d rows, too many for height='auto'; it is 600 px high", len(source))
        css_height = "600px"
    name = str(instance_id)

    def caller(func: Callable[[Any], object]) -> str:
        check_callback(page, func, what)

        def call(keys: Any) -> object:
            chosen = table.chosen(keys, is_multiple=bool(multiple_select))
            return func(chosen) if chosen is not None else None

        return add_callback(page, call, what)

    props = {
        "rows": page.run.listen(table.answer_rows),
        "first": table.first_rows(),
        "columns": table.columns(),
        "actions": [None if each is None else {"label": each[0], "on": caller(each[1])} for each in buttons],
        "select": caller(onselect) if onselect is not None else "",
        "multiple": bool(multiple_select),
        "height": css_height,
        "theme": theme,
        "bar": bool(cell_content_bar),
        "label": name or "Table",
        "options": options,
        "block": FIRST_ROWS,
    }

    def gone(_: Any, answer: Answer) -> None:
        page.run.ignore(str(props["rows"]))
        if _tables(page).get(name) is table:
            del _tables(page)[name]

    props["gone"] = page.run.listen(gone)
    output = table.output = Output(what, "datatable", props, scope=scope, position=position, library=("grid",))
    if name:
        _tables(page)[name] = table
    return output


def datatable_update(
    instance_id: str, data: Any, row_id: object = None, field: str | Sequence[str] | None = None
) -> None:
    """Change a table, a row of it, or a cell.

    Args:
        instance_id: The name of the table.
        data: All rows; or, with `row_id`, a dict, the row; or, with `field` too, the value of the cell.
        row_id: Which row.
        field: Which column; of a nested dict the keys that lead to it.

    Raises:
        LookupError: There is no such table, row or column.
        ValueError: There is a `field`, but no `row_id`; or two rows would have the same id.
        TypeError: The data are of another type.
    """
    what = "datatable_update()"
    table = _table(instance_id, what)
    if row_id is None:
        if field is not None:
            raise ValueError(f"{what} changes a cell of a row: say which one with row_id")
        table.source.replace(data, what)
        table.tell_replaced()
        return
    path = _path(field, what)
    if path is None:
        table.source.set_row(row_id, data, what)
    else:
        table.source.set_cell(row_id, path, data, what)
    table.tell_changed()


def datatable_insert(instance_id: str, records: object, row_id: object = None) -> None:
    """Add rows to a table.

    Args:
        instance_id: The name of the table.
        records: A dict, or several; what the table has no column for is not shown.
        row_id: The row that they come before; at the end when None.

    Raises:
        LookupError: There is no such table or row.
        ValueError: A row with the id of a new one is there.
        TypeError: The records are none.
    """
    table = _table(instance_id, "datatable_insert()")
    table.source.insert(records, "datatable_insert()", row_id)
    table.tell_changed()


def datatable_remove(instance_id: str, row_ids: object) -> None:
    """Remove rows from a table.

    Args:
        instance_id: The name of the table.
        row_ids: The id of a row, or several.

    Raises:
        LookupError: There is no such table, or no such row; none is removed then.
    """
    table = _table(instance_id, "datatable_remove()")
    ids: Iterable[object] = row_ids if isinstance(row_ids, list | tuple | set | frozenset) else (row_ids,)
    table.tell_changed(table.source.remove(ids, "datatable_remove()"))


def _table(instance_id: str, what: str) -> DataTable:
    tables = _tables(current_page(what))
    found = tables.get(instance_id) if isinstance(instance_id, str) else None
    if found is None:
        names = ", ".join(map(repr, tables)) or "none with an instance_id"
        raise LookupError(f"{what} finds no table {instance_id!r} in the page; there are: {names}")
    return found


def _tables(page: ScriptPage) -> dict[str, DataTable]:
    """The tables of a page that have a name, by that."""
    tables: dict[str, DataTable] = page.kept.setdefault("datatables", {})
    return tables


def _asked(question: Any) -> tuple[list[Any], dict[str, Any]]:
    if not isinstance(question, dict):
        raise ValueError(f"a table is asked for rows with an object, not {question!r}")
    sort, filters = question.get("sort") or [], question.get("filter") or {}
    if not isinstance(sort, list) or not isinstance(filters, dict) or any(len(each) != 2 for each in sort):
        raise ValueError(f"a table cannot be sorted by {sort!r} and filtered by {filters!r}")
    return sort, filters


# -- arguments ---------------------------------------------------------------------------------------------------------


def _path(field: str | Sequence[str] | None, what: str) -> Path | None:
    if field is None:
        return None
    if isinstance(field, str):
        return (field,)
    if not isinstance(field, list | tuple) or not field:
        raise TypeError(f"{what} names a column by a text, or by the keys that lead to it, not by {field!r}")
    return tuple(str(each) for each in field)


def _ordered(order: Sequence[str] | Mapping[str, Any] | None, what: str) -> list[Path]:
    if order is None:
        return []
    if isinstance(order, str) or not isinstance(order, Iterable):
        raise TypeError(f"{what} takes names of columns as column_order, not {order!r}")
    paths: list[Path] = list(_leaves(order)) if isinstance(order, Mapping) else [(str(name),) for name in order]
    if not paths or len(set(paths)) < len(paths):
        raise ValueError(f"{what} takes at least one column as column_order, and each once, not {order!r}")
    return paths


def _leaves(order: Mapping[str, Any], prefix: Path = ()) -> Iterable[Path]:
    for name, inner in order.items():
        path = (*prefix, str(name))
        if isinstance(inner, Mapping) and inner:
            yield from _leaves(inner, path)
        else:
            yield path


def _checked_action(action: Any, what: str) -> tuple[str, Callable[[Any], object]] | None:
    if action is None:
        return None
    if not isinstance(action, tuple | list) or len(action) != 2 or not callable(action[1]):
        raise TypeError(f"an action of {what} is a label and a function, or None, not {action!r}")
    return str(action[0]), action[1]


def _checked_height(height: int | str, what: str) -> str:
    if isinstance(height, bool) or not isinstance(height, int | str) or not height:
        raise TypeError(f"{what} takes px, or a height of CSS, as height, not {height!r}")
    if isinstance(height, str):
        return height
    if height < 1:
        raise ValueError(f"{what} shows a table of a height above zero, not {height}")
    return f"{height}px"


def _checked_options(grid_args: Mapping[str, object] | None, what: str) -> dict[str, object]:
    options = dict(grid_args or {})
    own = sorted(_OWN_OPTIONS & set(options))
    if own:
        raise ValueError(f"{what} sets {', '.join(own)} of the grid itself; leave it out of grid_args")
    return options


def _checked_column_args(
    column_args: Mapping[str | tuple[str, ...], Mapping[str, object]] | None, what: str
) -> dict[str | Path, Mapping[str, object]]:
    checked: dict[str | Path, Mapping[str, object]] = {}
    for name, args in (column_args or {}).items():
        if not isinstance(args, Mapping):
            raise TypeError(f"{what} takes a dict of properties for column {name!r}, not {args!r}")
        checked[name if isinstance(name, str) else tuple(name)] = dict(args)
    return checked
