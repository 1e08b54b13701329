"""The table of processes."""

from deskapp import JsComponent, event, window
from examples.monitor.layout import element
from examples.monitor.text import percent, size

COLUMNS = [
    {"title": "Process", "at": 1, "kind": "text"},
    {"title": "PID", "at": 0, "kind": "number"},
    {"title": "User", "at": 2, "kind": "text"},
    {"title": "Processor", "at": 3, "kind": "number"},
    {"title": "Memory", "at": 4, "kind": "number"},
    {"title": "Threads", "at": 5, "kind": "number"},
]
PID, NAME, USER, SHARE, MEMORY = 0, 1, 2, 3, 4


class ProcessTable(JsComponent):
    """All processes: sorted by the column whose head was pressed, only those that match what was typed.

    Rows stay where they are and get new texts, so that a person can read on while they change.
    """

    sorted_by = event.IntProp(SHARE, settable=True, doc="Place in a row of the value to sort by")
    is_descending = event.BoolProp(True, settable=True)
    wanted = event.StringProp(settable=True, doc="Part of the name, user or id of the processes to show")

    CSS = """
    .processes { flex: 1; min-height: 220px; display: flex; flex-direction: column; }
    .processes .bar { display: flex; align-items: center; gap: 10px; padding: 10px 12px 10px 16px; }
    .processes h2 { margin: 0; font-size: 13px; font-weight: 600; color: var(--soft); }
    .processes .count { color: var(--faint); }
    .processes input {
        margin-left: auto; width: 220px; padding: 5px 10px; border: 1px solid var(--edge); border-radius: 8px;
        background: var(--well); color: var(--ink); outline-offset: 1px;
    }
    .processes input::placeholder { color: var(--faint); }
    .processes .view {
        flex: 1; margin-bottom: 10px; overflow: auto; overflow-anchor: none; border-top: 1px solid var(--edge);
        scrollbar-width: thin; scrollbar-color: var(--edge) transparent;
    }
    .processes table { width: 100%; border-collapse: separate; border-spacing: 0; table-layout: fixed; }
    .processes th {
        position: sticky; top: 0; z-index: 1; padding: 0; background: var(--card);
        border-bottom: 1px solid var(--edge); text-align: left;
    }
    .processes th button {
        width: 100%; padding: 6px 16px; border: 0; background: none; color: var(--soft); font-size: 12px;
        font-weight: 600; text-align: inherit; white-space: nowrap; cursor: pointer;
    }
    .processes th button:hover { color: var(--ink); }
    .processes th[aria-sort] button { color: var(--ink); }
    .processes th[aria-sort="descending"] button::before { content: "↓ "; }
    .processes th[aria-sort="ascending"] button::before { content: "↑ "; }
    .processes td { height: 28px; padding: 0 16px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .processes .number { text-align: right; }
    .processes td:not(:first-child) { color: var(--soft); }
    .processes tbody tr:hover td { background: var(--well); }
    .processes th:first-child { width: 32%; }
    .processes td.share {
        background: linear-gradient(var(--blue) 0 0) 28px 50% / calc(var(--part, 0) * 56px) 4px no-repeat,
            linear-gradient(var(--well) 0 0) 28px 50% / 56px 4px no-repeat;
    }
    @media (max-width: 980px) {
        .processes th button, .processes td { padding-inline: 10px; }
        .processes td.share { background: none; }
    }
    @media (max-width: 760px), (max-height: 620px) {
        .processes { flex: none; height: 420px; }
    }
    @media (max-width: 620px) {
        .processes :is(th, td):is(:nth-child(3), :last-child) { display: none; }
        .processes input { width: 150px; }
    }
    """

    def _create_dom(self):
        return element("section", classes="processes panel")

    def init(self):
        bar = element("div", classes="bar", parent=self.node)
        element("h2", text="Processes", parent=bar)
        self.count = element("span", classes="count", parent=bar)
        search = element("input", parent=bar)
        search.type = "search"
        search.placeholder = "Filter by name, user or PID"
        search.setAttribute("aria-label", search.placeholder)
        self._addEventListener(search, "input", lambda: self.set_wanted(search.value))
        table = element("table", parent=element("div", classes="view", parent=self.node))
        heads = element("tr", parent=element("thead", parent=table))
        self.heads = [self.make_head(column, heads) for column in COLUMNS]
        self.body = element("tbody", parent=table)

    def make_head(self, column, heads):
        head = element("th", classes=column["kind"], parent=heads)
        button = element("button", text=column["title"], parent=head)
        self._addEventListener(button, "click", lambda: self.sort(column["at"]))
        return head

    @event.action
    def sort(self, at):
        """Sort by a column; once more, and it is the other way round."""
        again = at == self.sorted_by
        self._mutate_is_descending(not self.is_descending if again else at not in (NAME, USER, PID))
        self._mutate_sorted_by(at)

    @event.reaction("root.processes", "sorted_by", "is_descending", "wanted")
    def show(self, *events):
        rows = self.chosen()
        self.count.textContent = f"{len(rows)}"
        for i in range(len(COLUMNS)):
            if COLUMNS[i]["at"] == self.sorted_by:
                self.heads[i].setAttribute("aria-sort", "descending" if self.is_descending else "ascending")
            else:
                self.heads[i].removeAttribute("aria-sort")
        while self.body.children.length < len(rows):
            self.add_row()
        while self.body.children.length > len(rows):
            self.body.lastChild.remove()
        for i in range(len(rows)):
            self.write(self.body.children[i].children, rows[i])

    def chosen(self):
        """The rows to show, in order."""
        wanted, at = self.wanted.lower().strip(), self.sorted_by
        rows = [row for row in self.root.processes if not wanted or self.matches(row, wanted)]
        sign = -1 if self.is_descending else 1

        def compare(a, b):
            if a[at] != b[at]:
                return sign if a[at] > b[at] else -sign
            return b[MEMORY] - a[MEMORY] or a[PID] - b[PID]  # always the same, so that rows do not jump about

        window.Array.prototype.sort.call(rows, compare)
        return rows

    def matches(self, row, wanted):
        return wanted in row[NAME].lower() or wanted in row[USER].lower() or wanted == str(row[PID])

    def add_row(self):
        row = element("tr", parent=self.body)
        for column in COLUMNS:
            element("td", classes="number share" if column["at"] == SHARE else column["kind"], parent=row)

    def write(self, cells, row):
        """Touch only what has changed: hundreds of rows come every second, and most are as they were."""
        for i in range(len(COLUMNS)):
            at = COLUMNS[i]["at"]
            text = percent(row[at]) if at == SHARE else size(row[at]) if at == MEMORY else str(row[at])
            if cells[i].textContent != text:
                cells[i].textContent = text
                if at == SHARE:
                    cells[i].style.setProperty("--part", f"{min(row[at] / 100, 1):.3f}")
