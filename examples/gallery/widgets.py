"""What sections are made of: panel, demo, button, toggle, value, table, code."""

from deskapp import JsComponent, event, window


def element(tag, *, classes="", text="", parent=None):
    """Make an element; runs in JavaScript, like everything that calls it."""
    node = window.document.createElement(tag)
    node.className = classes
    node.textContent = text
    if parent is not None:
        parent.appendChild(node)
    return node


def icon(path, parent):
    """Draw a line drawing of 20 by 20."""
    svg = window.document.createElementNS("http://www.w3.org/2000/svg", "svg")
    svg.setAttribute("viewBox", "0 0 20 20")
    svg.setAttribute("aria-hidden", "true")
    line = window.document.createElementNS("http://www.w3.org/2000/svg", "path")
    line.setAttribute("d", path)
    line.setAttribute("style", "fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round")
    svg.appendChild(line)
    parent.appendChild(svg)


class Panel(JsComponent):
    """A section: its title, a sentence about it, and its demos; seen while it is chosen."""

    title = event.StringProp()
    text = event.StringProp()

    CSS = """
    .section { max-width: 1080px; margin: 0 auto; padding: 26px 32px 40px; }
    .section > h1 { margin: 0; font-size: 24px; font-weight: 650; letter-spacing: -0.015em; }
    .section > p { max-width: 66ch; margin: 4px 0 0; color: var(--deskapp-quiet); }
    @media (max-width: 720px) { .section { padding: 18px; } }
    """

    def _create_dom(self):
        return element("section", classes="section")

    def init(self):
        self.node.setAttribute("aria-label", self.title)
        element("h1", text=self.title, parent=self.node)
        element("p", text=self.text, parent=self.node)

    @event.reaction("root.chosen")
    def follow(self, *events):
        self.node.hidden = self.root.chosen != self.title


class Demo(JsComponent):
    """One thing to try: what it is, what to press, what came of it, and the code that did it."""

    title = event.StringProp()
    text = event.StringProp()
    code = event.ListProp(settable=True, doc="Lines of source text: the indent, and pieces with what each is")
    is_wide = event.BoolProp(doc="Whether the code is below")
    outcome = event.StringProp(settable=True, doc="What came of it")
    is_warning = event.BoolProp(settable=True, doc="Whether that is less than was hoped for")

    CSS = """
    .demo {
        display: grid; grid-template-columns: minmax(240px, 5fr) minmax(0, 7fr); margin-top: 22px;
        border: 1px solid var(--line); border-radius: 12px; overflow: hidden;
    }
    .demo > div { padding: 16px 20px 18px; }
    .demo h2 { margin: 0; font-size: 15px; font-weight: 600; }
    .demo p { margin: 2px 0 12px; color: var(--deskapp-quiet); font-size: 13px; }
    .demo .controls { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; }
    .demo output {
        display: block; margin-top: 12px; color: var(--good); overflow-wrap: anywhere; white-space: pre-line;
    }
    .demo output:empty { display: none; }
    .demo output.warning {
        padding: 8px 12px; border-radius: 8px; background: var(--warn-back); color: var(--warn); font-size: 13px;
    }
    .demo pre {
        margin: 0; padding: 16px 20px; background: var(--panel); border-left: 1px solid var(--line);
        font: 12.5px/1.55 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
        white-space: pre-wrap;
    }
    .demo pre div {
        min-height: 1.55em; padding-left: calc(var(--indent) + 4ch); text-indent: calc(-4ch - var(--indent));
    }
    .demo.wide { grid-template-columns: minmax(0, 1fr); }
    .demo.wide pre { border-left: 0; border-top: 1px solid var(--line); }
    .demo pre:empty { display: none; }
    .demo .word { color: var(--word); } .demo .text { color: var(--text); }
    .demo .number { color: var(--number); } .demo .remark { color: var(--deskapp-quiet); }
    @media (max-width: 940px) {
        .demo { grid-template-columns: minmax(0, 1fr); }
        .demo pre { border-left: 0; border-top: 1px solid var(--line); }
    }
    """

    def _create_dom(self):
        return element("article", classes="demo")

    def init(self):
        side = element("div", parent=self.node)
        element("h2", text=self.title, parent=side)
        element("p", text=self.text, parent=side)
        self.controls = element("div", classes="controls", parent=side)
        self.output = element("output", parent=side)
        self.source = element("pre", parent=self.node)
        self.source.setAttribute("aria-label", "Python code of " + self.title)
        self.source.setAttribute("role", "group")
        self.node.classList.toggle("wide", self.is_wide)

    def _mount(self, child):
        self.controls.appendChild(child.node)

    @event.reaction("outcome", "is_warning")
    def tell(self, *events):
        self.output.textContent = self.outcome
        self.output.classList.toggle("warning", self.is_warning)

    @event.reaction("code")
    def print_code(self, *events):
        self.source.textContent = ""
        for indent, pieces in self.code:
            line = element("div", parent=self.source)
            line.style.setProperty("--indent", f"{indent}ch")
            for kind, text in pieces:
                element("span", classes=kind, text=text, parent=line)


class Button(JsComponent):
    """Something to press."""

    text = event.StringProp(settable=True)

    CSS = """
    .button {
        padding: 5px 14px; border: 1px solid var(--line); border-radius: 8px; background: var(--panel); color: inherit;
    }
    .button:hover { background: var(--hover); }
    .button:active { transform: translateY(1px); }
    """

    def _create_dom(self):
        return element("button", classes="button")

    def init(self):
        self.node.type = "button"
        self._addEventListener(self.node, "click", lambda: self.pressed())

    @event.emitter
    def pressed(self):
        """A person pressed it."""
        return {}

    @event.reaction("text")
    def show(self, *events):
        self.node.textContent = self.text


class Toggle(JsComponent):
    """Something to turn on and off."""

    text = event.StringProp()
    checked = event.BoolProp(settable=True)

    CSS = """
    .toggle { display: inline-flex; align-items: center; gap: 8px; padding: 5px 4px; margin-right: 8px; }
    .toggle input { width: 16px; height: 16px; margin: 0; accent-color: var(--deskapp-accent); }
    """

    def _create_dom(self):
        return element("label", classes="toggle")

    def init(self):
        self.box = element("input", parent=self.node)
        self.box.type = "checkbox"
        element("span", text=self.text, parent=self.node)
        self._addEventListener(self.box, "change", lambda: self.turned(self.box.checked))

    @event.emitter
    def turned(self, on):
        """A person turned it on or off."""
        return {"on": on}

    @event.reaction("checked")
    def show(self, *events):
        self.box.checked = self.checked


class Field(JsComponent):
    """A line of text to write."""

    label = event.StringProp()
    text = event.StringProp(settable=True)

    CSS = """
    .field {
        flex: 1 1 160px; min-width: 0; padding: 5px 10px; border: 1px solid var(--line); border-radius: 8px;
        background: transparent; color: inherit;
    }
    """

    def _create_dom(self):
        return element("input", classes="field")

    def init(self):
        self.node.setAttribute("aria-label", self.label)
        self._addEventListener(self.node, "input", lambda: self.set_text(self.node.value))

    @event.reaction("text")
    def show(self, *events):
        if self.node.value != self.text:
            self.node.value = self.text


class Value(JsComponent):
    """A name and what it is now."""

    label = event.StringProp()
    text = event.StringProp(settable=True)

    CSS = """
    .value { display: flex; flex: 1 1 100%; gap: 12px; min-width: 0; font-variant-numeric: tabular-nums; }
    .value span { flex: none; width: 108px; color: var(--deskapp-quiet); }
    .value b { font-weight: 600; overflow-wrap: anywhere; min-width: 0; white-space: pre-line; }
    """

    def _create_dom(self):
        return element("div", classes="value")

    def init(self):
        element("span", text=self.label, parent=self.node)
        self.now = element("b", parent=self.node)

    @event.reaction("text")
    def show(self, *events):
        self.now.textContent = self.text or "–"


class Table(JsComponent):
    """Rows of texts below their heads."""

    caption = event.StringProp()
    heads = event.ListProp()
    rows = event.ListProp(settable=True)

    CSS = """
    .table { flex: 1 1 100%; border-collapse: collapse; font-size: 13px; }
    .table caption { padding: 14px 0 4px; font-weight: 600; text-align: left; }
    .table th { font-weight: 600; text-align: left; color: var(--deskapp-quiet); }
    .table :is(th, td) { padding: 4px 12px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
    """

    def _create_dom(self):
        return element("table", classes="table")

    @event.reaction("rows")
    def show(self, *events):
        self.node.textContent = ""
        element("caption", text=self.caption, parent=self.node)
        self.add("th", self.heads, element("thead", parent=self.node))
        body = element("tbody", parent=self.node)
        for row in self.rows:
            self.add("td", row, body)

    def add(self, tag, texts, parent):
        row = element("tr", parent=parent)
        for text in texts:
            element(tag, text=text, parent=row)


class Picture(JsComponent):
    """A picture out of Python's memory."""

    source = event.StringProp(settable=True, doc="Its address; data: will do")
    text = event.StringProp(doc="What it shows")

    CSS = """
    .picture { display: block; max-height: 160px; border-radius: 8px; }
    .picture:not([src]) { display: none; }
    """

    def _create_dom(self):
        node = element("img", classes="picture")
        node.alt = self.text
        return node

    @event.reaction("source")
    def show(self, *events):
        if self.source:
            self.node.src = self.source


class Area(JsComponent):
    """A place for the pointer and the keyboard to do something at."""

    text = event.StringProp()

    CSS = """
    .area {
        flex: 1 1 100%; padding: 30px 20px; border: 2px dashed var(--line); border-radius: 10px;
        color: var(--deskapp-quiet); text-align: center;
    }
    .area.over { border-color: var(--deskapp-accent); color: var(--deskapp-accent); }
    """

    def _create_dom(self):
        return element("div", classes="area", text=self.text)

    def init(self):
        self.node.tabIndex = 0
        self.node.setAttribute("role", "group")
        self.node.setAttribute("aria-label", self.text)
