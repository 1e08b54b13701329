"""Frames, tables and plots, each served under its name."""

from __future__ import annotations

from typing import Any

from deskapp import app, serve
from deskapp.output import (
    datatable_insert,
    datatable_remove,
    datatable_update,
    put_buttons,
    put_datatable,
    put_html,
    put_plot,
    put_scope,
    put_text,
    remove,
    use_scope,
)
from tests.desktop.programs.say import obey, run_and_tell, say

SPY = """
<p id="found"></p><div id="high" style="height: 200px"></div>
<script>
  const found = [eval("1 + 1"), self.origin];
  try { found.push(parent.document.title); } catch (error) { found.push(error.name); }
  try { found.push(localStorage.length); } catch (error) { found.push(error.name); }
  document.getElementById("found").textContent = found.join(" ");
  fetch("/").then(() => say("fetched"), () => say("refused"));
  function say(text) { document.getElementById("found").append(" " + text); }
  function grow() { document.getElementById("high").style.height = "700px"; }
</script>"""


def frames() -> None:
    put_html(SPY, sanitize=False)
    put_scope("room")
    with use_scope("room"):
        put_html("<body style='min-height: 100vh; margin: 8px'>as high as itself", sanitize=False)
    put_buttons(["remove"], lambda _: (say("removing"), remove("room")))


def table() -> None:
    rows = [
        {"n": n, "name": f"Person {n * 7919 % 100000}", "x": n / 7, **{f"c{k}": n * k for k in range(7)}}
        for n in range(100_000)
    ]

    def change(what: str) -> None:
        if what == "update":
            datatable_update("people", "Changed", row_id=1, field="name")
        elif what == "insert":
            datatable_insert("people", {"n": -1, "name": "New"}, row_id=0)
        else:
            datatable_update("people", [{"only": "One"}])
            datatable_insert("people", [{"only": "Two"}, {"only": "Three"}])

    actions = [("Open", lambda row: put_text(f"opened {row}")), ("Delete", lambda row: datatable_remove("people", row))]
    put_datatable(rows, actions, lambda row: say("selected", row=row), height=400, instance_id="people")
    datatable_update("people", "At once", row_id=2, field="name")
    put_buttons(["update", "insert", "replace"], change)


def wide() -> None:
    put_datatable([{f"c{column}": column for column in range(300)}] * 2000, height=300)
    put_buttons(["below"], say)


def plots() -> None:
    import altair
    import pandas
    import plotly.graph_objects
    from bokeh.plotting import figure as bokeh_figure
    from matplotlib.figure import Figure

    drawn = Figure(figsize=(3, 2))
    drawn.subplots().plot([1, 3, 2])
    put_plot(drawn, "A line")
    put_plot(plotly.graph_objects.Figure(plotly.graph_objects.Scatter(y=[1, 3, 2]), {"height": 300}))
    data: Any = pandas.DataFrame({"x": range(5), "y": [1, 4, 9, 16, 25]})
    put_plot(altair.Chart(data).mark_line().encode(x="x", y="y"))
    plot = bokeh_figure(height=200, width=400)
    plot.line([1, 2, 3], [1, 3, 2])
    put_plot(plot)
    put_plot(data)
    put_datatable([{"step": 0}], height=200, instance_id="steps")
    put_buttons(["add"], lambda _: datatable_insert("steps", [{"step": 1}, {"step": 2}]))


for each in (frames, table, wide, plots):
    serve(each)
server = app.launcher().server
say("serving", url=server.url("/"))
obey({"stop": app.stop})
run_and_tell(app.start)
