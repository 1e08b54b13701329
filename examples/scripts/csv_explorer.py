"""A CSV file: all its rows in a table, those that have a certain text, what the columns hold, and their histograms."""

import csv
import re
import statistics
import sys
from collections import Counter
from importlib.util import find_spec
from itertools import zip_longest
from pathlib import Path

from deskapp import App, run
from deskapp.input import open_file
from deskapp.output import (
    datatable_update,
    put_button,
    put_datatable,
    put_error,
    put_loading,
    put_markdown,
    put_plot,
    put_row,
    put_scope,
    put_table,
    put_tabs,
    put_text,
    use_scope,
)
from deskapp.pin import pin, pin_on_change, put_input, put_select
from deskapp.session import set_env

NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?")  # 007 is a name
MEASURES = {"Least": min, "Median": statistics.median, "Mean": statistics.fmean, "Greatest": max}


def main(file=None):
    set_env(title="CSV explorer", output_max_width="1200px")
    put_row([put_markdown("# CSV explorer"), put_button("Open a file…", choose)], size="1fr auto")
    put_scope("file")
    if file is None:
        choose()
    else:
        explore(Path(file), Path(file).name)


def choose():
    chosen = open_file("Choose a CSV file", accept=[".csv", ".tsv", ".txt"])
    if chosen is not None:
        explore(chosen.path, chosen["filename"])


@use_scope("file", clear=True)
def explore(path, name):
    try:
        with put_loading():
            put_text(f"Reading {name}…")
            columns = read(path)
    except (OSError, ValueError, csv.Error) as error:
        put_error(f"{name} cannot be read: {error}")
        return
    put_markdown(f"### {name}")
    tabs = {"Rows": show_rows, "Columns": show_columns}
    if find_spec("matplotlib") and any(map(has_numbers, columns.values())):
        tabs["Histograms"] = show_histograms
    put_tabs([{"title": title, "content": put_scope(title)} for title in tabs])
    for title, show in tabs.items():
        with use_scope(title):
            show(columns)


def read(path):
    """The columns of a file by their names; texts that are numbers become numbers."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        try:
            dialect = csv.Sniffer().sniff(stream.read(20_000), delimiters=",;\t|")
        except csv.Error:
            dialect = csv.excel
        stream.seek(0)
        lines = [line for line in csv.reader(stream, dialect) if line]
    if len(lines) < 2:
        raise ValueError("it has no rows below its header")
    columns = {}
    for number, (title, *texts) in enumerate(zip_longest(*lines, fillvalue=""), 1):
        if not title or title in columns:
            title = f"{title or 'Column'} {number}"
        columns[title] = [as_number(text) for text in texts] if are_numbers(texts) else texts
    return columns


def are_numbers(texts):
    return any(texts) and all(NUMBER.fullmatch(text) for text in texts if text)


def as_number(text):
    return None if not text else int(text) if text.lstrip("-").isdigit() else float(text)


def has_numbers(values):
    return not any(isinstance(value, str) for value in values)


def show_rows(columns):
    rows = list(zip(*columns.values(), strict=True))
    texts = ["\n".join(map(str, row)).casefold() for row in rows]
    shown = ""

    def narrow(_):
        nonlocal shown
        words = pin.words.casefold()  # the newest: people type faster than many rows are read
        if words != shown:
            shown = words
            found = [row for row, text in zip(rows, texts, strict=True) if words in text]
            datatable_update("rows", [list(columns), *found])
            count(len(found))

    @use_scope("count", clear=True)
    def count(found):
        put_text(f"{found:,} of {len(rows):,} rows")

    put_row(
        [put_input("words", placeholder="Only rows with this text"), None, put_scope("count")], size="1fr 1rem auto"
    ).style("align-items: center")
    count(len(rows))
    put_datatable([list(columns), *rows], instance_id="rows", height="max(15rem, 100vh - 22rem)")
    pin_on_change("words", narrow, clear=True, serial_mode=True)  # clear: of the file before


def show_columns(columns):
    put_table(
        [facts(*column) for column in columns.items()], header=["Column", "Filled", "Different", "Often", *MEASURES]
    )


def facts(title, values):
    filled = [value for value in values if value not in (None, "")]
    (often, times), *_ = Counter(filled).most_common(1) or [("", 0)]
    found = {
        "Column": title,
        "Filled": f"{len(filled):,}",
        "Different": f"{len(set(filled)):,}",
        "Often": f"{often} ({times:,} times)" if times > 1 else "",
    }
    if has_numbers(values):
        found.update({name: f"{measure(filled):.7g}" for name, measure in MEASURES.items()})
    return found


def show_histograms(columns):
    numbers = {title: values for title, values in columns.items() if has_numbers(values)}

    @use_scope("histogram", clear=True)
    def draw(title):
        from matplotlib.figure import Figure

        figure = Figure(figsize=(10, 4.5), layout="constrained")
        figure.subplots().hist([value for value in numbers[title] if value is not None], bins=50, rwidth=0.9)
        put_plot(figure, f"Histogram of {title}")

    put_select("column", list(numbers), label="Column")
    put_scope("histogram")
    pin_on_change("column", draw, clear=True, init_run=True, serial_mode=True)


if __name__ == "__main__":
    App(main, *sys.argv[1:2]).launch(title="CSV explorer", size=(1100, 820))
    run()
