"""Figures, charts and tables of the real libraries: what pages get of them.

Of all environments only that of the developers has these libraries.
"""

from __future__ import annotations

import re
import struct
from collections.abc import AsyncIterator
from typing import Any

import altair
import numpy
import pandas
import plotly.graph_objects
import pytest
from bokeh.models import Div
from bokeh.plotting import figure as bokeh_figure
from matplotlib.figure import Figure

from deskapp.output import put_datatable, put_plot
from deskapp.script.plots import MAX_TABLE_ROWS
from deskapp.testing import AppHarness
from tests.unit.script.data_page import Page, libraries, library_folder, shown

__all__ = ["libraries", "library_folder"]

pytestmark = pytest.mark.usefixtures("libraries")

REMOTE = re.compile(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//""")
"""An element that fetches something."""


@pytest.fixture
async def harness() -> AsyncIterator[AppHarness]:
    async with AppHarness() as harness:
        yield harness


async def put(harness: AppHarness, *args: Any, **options: Any) -> Page:
    return (await shown(harness, lambda: put_plot(*args, **options)))[1]


def document(page: Page, harness: AppHarness) -> str:
    name = page.put("frame")["url"].rpartition("/")[2]
    return next(filter(None, (session.get_frame(name) for session in harness.launcher.manager.sessions)))


async def test_a_figure_of_matplotlib_stays_as_it_was(harness: AppHarness) -> None:
    figure = Figure(figsize=(3, 2), dpi=90)
    axes = figure.subplots()
    axes.plot([1, 3, 2])
    axes.set_title("A line")
    canvas = figure.canvas
    for shape in (figure, axes):
        props = (await put(harness, shape)).put("image")
        assert struct.unpack(">II", bytes(props["content"])[16:24]) == (540, 360)
        assert (props["width"], props["title"]) == ("270px", "A line")
    svg = (await put(harness, figure, format="svg")).put("image")
    assert b"<svg" in bytes(svg["content"])
    assert (figure.canvas, figure.dpi, figure.axes) == (canvas, 90, [axes])


async def test_charts_fetch_nothing_from_the_network(harness: AppHarness) -> None:
    data = pandas.DataFrame({"x": range(5), "y": [1, 4, 9, 16, 25]})
    plot = bokeh_figure(title="Of Bokeh", height=150)
    plot.line([1, 2], [3, 4])
    charts = [
        (plotly.graph_objects.Figure(plotly.graph_objects.Scatter(y=[1, 2]), {"title": "Of Plotly"}), "Of Plotly"),
        (altair.Chart(data, title="Of Altair").mark_line().encode(x="x", y="y"), "Of Altair"),
        (altair.Chart(data).mark_line().encode(x="x", y="y") | altair.Chart(data).mark_bar(), "Chart"),
        (plot, "Of Bokeh"),
        (Div(text="x"), "Plot"),
    ]
    for chart, title in charts:
        page = await put(harness, chart)
        text = document(page, harness)
        assert page.put("frame")["title"] == title
        assert len(text) > 500_000, "its script is not in it"
        assert not REMOTE.findall(re.sub(r"<script[^>]*>.*?</script>", "", text, flags=re.DOTALL))
        assert not re.findall(r"<script[^>]*\bsrc\b[^>]*>", text[:20_000])


async def test_short_data_frames_are_tables_of_the_page(harness: AppHarness) -> None:
    html = (await put(harness, pandas.DataFrame({"x": [1], "y": ["<b>"]}))).put("html")["html"]
    assert "&lt;b&gt;" in html
    assert "<th>y</th>" in (await put(harness, pandas.Series(["<b>"], name="y"))).put("html")["html"]
    styled = pandas.DataFrame({"x": [1, 2]}).style.highlight_max(color="orange")
    page = await put(harness, styled)
    assert "background-color: orange" in document(page, harness)


async def test_long_data_frames_stay_in_python(harness: AppHarness) -> None:
    count = MAX_TABLE_ROWS + 1
    frame = pandas.DataFrame(
        {
            "when": pandas.date_range("2024-02-28", periods=count),
            "time": pandas.date_range("2024-02-28 12:30", periods=count, freq="h"),
            "n": numpy.arange(count, dtype="int16"),
            "x": [None, *numpy.linspace(0, 1, count - 1)],
            "word": pandas.Categorical(["a", "b", None] * (count // 3)),
        },
        index=pandas.Index([f"row {at}" for at in range(count)], name="label"),
    )
    page = await put(harness, frame)
    props = page.put("datatable")
    assert [each["name"] for each in props["columns"]] == ["label", "when", "time", "n", "x", "word"]
    assert [each["number"] for each in props["columns"]] == [False, False, False, True, True, False]
    assert props["first"]["rows"][0] == [0, "row 0", "2024-02-28", "2024-02-28 12:30:00", 0, None, "a"]
    assert props["first"]["rows"][2] == [2, "row 2", "2024-03-01", "2024-02-28 14:30:00", 2, 1 / (count - 2), None]
    question = {"start": 0, "stop": 2, "sort": [[1, "desc"]]}
    answer = await page.ask(harness, props["rows"], question)
    assert [row[0] for row in answer["rows"]] == [count - 1, count - 2]


async def test_columns_of_several_levels_have_all_their_names(harness: AppHarness) -> None:
    columns = pandas.MultiIndex.from_tuples([("a", "x"), ("a", "y"), ("b", "")])
    frame = pandas.DataFrame([[1, 2, 3]], columns=columns)
    _, page = await shown(harness, lambda: put_datatable(frame, id_field=("a", "x")))
    assert [each["name"] for each in page.put("datatable")["columns"]] == ["a.x", "a.y", "b"]
    frame = pandas.DataFrame([[1, 2]], columns=["same", "same"])
    _, page = await shown(harness, lambda: put_datatable(frame))
    assert [each["name"] for each in page.put("datatable")["columns"]] == ["same", "same.1"]
