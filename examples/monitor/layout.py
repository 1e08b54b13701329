"""The page and its frame: header, grid of cards, and the colours that all the rest is drawn with."""

from deskapp import JsComponent, event, window


def element(tag, *, classes="", text="", parent=None):
    """Make an element; runs in JavaScript, like everything that calls it."""
    node = window.document.createElement(tag)
    node.className = classes
    node.textContent = text
    if parent is not None:
        parent.appendChild(node)
    return node


class Page(JsComponent):
    """Holds everything, and wears the theme."""

    CSS = """
    :root {
        --page: #f4f5f8; --card: #ffffff; --chip: #ffffff; --edge: #e4e6ec; --well: #eef0f4;
        --ink: #14171f; --soft: #5b6373; --faint: #6c7486; --grid: #0f172a10;
        --blue: #2f6bf2; --violet: #7a52e8; --pink: #d6408f; --teal: #0c9488;
        --sky: #0284c7; --amber: #c96b05; --red: #d9463b;
        --shadow: 0 1px 2px #10182808, 0 4px 16px #1018280a;
    }
    @media (prefers-color-scheme: dark) {
        :root:not([data-theme="light"]) {
            --page: #0f1117; --card: #171a22; --chip: #363d4d; --edge: #252a35; --well: #1f232d;
            --ink: #eef1f7; --soft: #a3acbd; --faint: #7b8496; --grid: #ffffff10;
            --blue: #6b9bff; --violet: #a98bff; --pink: #f478b8; --teal: #3ccabb;
            --sky: #5cb8f5; --amber: #f5a742; --red: #fb8a7e;
            --shadow: 0 1px 2px #0004, 0 6px 20px #0003;
        }
    }
    :root[data-theme="dark"] {
        --page: #0f1117; --card: #171a22; --chip: #363d4d; --edge: #252a35; --well: #1f232d;
        --ink: #eef1f7; --soft: #a3acbd; --faint: #7b8496; --grid: #ffffff10;
        --blue: #6b9bff; --violet: #a98bff; --pink: #f478b8; --teal: #3ccabb;
        --sky: #5cb8f5; --amber: #f5a742; --red: #fb8a7e;
        --shadow: 0 1px 2px #0004, 0 6px 20px #0003;
    }
    .page {
        position: relative; display: flex; flex-direction: column; gap: 16px;
        min-height: 100%; height: 100%; padding: 18px 20px 20px;
        background: var(--page); color: var(--ink);
        font: 13px/1.45 Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
        font-variant-numeric: tabular-nums; -webkit-font-smoothing: antialiased;
        cursor: default; user-select: none; -webkit-user-select: none;
    }
    .panel {
        background: var(--card); border: 1px solid var(--edge); border-radius: 14px; box-shadow: var(--shadow);
    }
    @media (max-width: 760px), (max-height: 620px) {
        .page { height: auto; }
    }
    """

    def _create_dom(self):
        return element("main", classes="page")

    @event.reaction("root.theme")
    def wear(self, *events):
        root = window.document.documentElement
        if self.root.theme == "AUTO":
            root.removeAttribute("data-theme")
        else:
            root.setAttribute("data-theme", self.root.theme.lower())


class Header(JsComponent):
    """Which computer this is, and some facts about it."""

    name = event.StringProp(settable=True)
    facts = event.ListProp(settable=True, doc="Short texts")

    CSS = """
    .header { display: flex; align-items: baseline; flex-wrap: wrap; gap: 2px 14px; padding: 0 52px 0 4px; }
    .header h1 { margin: 0; font-size: 21px; font-weight: 650; letter-spacing: -0.02em; }
    .header span { color: var(--soft); white-space: pre; }
    .header span + span::before { content: "·"; margin-right: 14px; color: var(--faint); }
    """

    def _create_dom(self):
        node = element("header", classes="header")
        element("h1", parent=node)
        return node

    @event.reaction("name")
    def show_name(self, *events):
        self.node.firstChild.textContent = self.name

    @event.reaction("facts")
    def show_facts(self, *events):
        while self.node.children.length <= len(self.facts):
            element("span", parent=self.node)
        for i in range(len(self.facts)):
            self.node.children[i + 1].textContent = self.facts[i]
