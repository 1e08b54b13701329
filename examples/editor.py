"""An editor widget made from a JavaScript library: CodeMirror takes what is typed, Python reads along and tidies."""

import json
from pathlib import Path

from deskapp import app, event, window

LIBRARY = Path(__file__).parent / "node_modules" / "codemirror"
LONGEST_OUTLINE = 200
TEXT = """{
    "name": "An afternoon in the hills",
    "hours": 4.5,
    "with": ["Ada", "Grace", "Mary"],
    "stops": [
        {"place": "Old mill", "height": 312, "cake": true},
        {"place": "Lookout", "height": 648, "cake": false}
    ]
}
"""


def source(name):
    """A function that reads a file of the library when the first page needs it."""

    def read():
        file = LIBRARY / name
        if not file.is_file():
            raise FileNotFoundError(f"{file} is missing. Run `npm ci` in {Path(__file__).parent}, or dev.py setup.")
        return file.read_text(encoding="utf-8")

    return read


# Pages load these before the classes below, in this order.
app.assets.associate_asset(__name__, "codemirror.css", source("lib/codemirror.css"))
app.assets.associate_asset(__name__, "codemirror.js", source("lib/codemirror.js"))
app.assets.associate_asset(__name__, "codemirror-javascript.js", source("mode/javascript/javascript.js"))


class Editor(app.JsComponent):
    """CodeMirror with a text that Python sees, and may set."""

    text = event.StringProp(settable=True)
    bad_line = event.IntProp(settable=True, doc="Marked; 0 if none is")

    CSS = """
    .CodeMirror {
        height: 100%; padding: 14px 6px; background: none; color: inherit;
        font: 14px/1.65 ui-monospace, "DejaVu Sans Mono", monospace;
    }
    .CodeMirror-gutters { border: 0; background: none; }
    .CodeMirror-linenumber { padding-right: 14px; color: var(--faint); }
    .CodeMirror-cursor { border-left: 2px solid var(--deskapp-accent); }
    .CodeMirror-focused .CodeMirror-selected, .CodeMirror-selected { background: #6d8bd63d; }
    .CodeMirror .bad { background: #e5484d24; box-shadow: inset 3px 0 #e5484d; }
    .cm-s-desk .cm-property, .cm-s-desk .cm-string.cm-property { color: var(--key); }
    .cm-s-desk .cm-string { color: var(--string); }
    .cm-s-desk .cm-number, .cm-s-desk .cm-atom { color: var(--number); }
    """

    def init(self):
        global CodeMirror
        options = {"value": self.text, "mode": "application/json", "theme": "desk", "indentUnit": 4}
        options.update({"lineNumbers": True, "autofocus": True, "lineWrapping": True})
        self.mirror = CodeMirror(self.node, options)
        self.mirror.on("change", lambda: self.set_text(self.mirror.getValue()))

    @event.reaction("text")
    def show_text(self, *events):
        if self.mirror.getValue() != self.text:  # it is not what was just typed, so it comes from Python
            self.mirror.setValue(self.text)

    @event.reaction("bad_line")
    def mark(self, *events):
        self.mirror.eachLine(lambda line: self.mirror.removeLineClass(line, "wrap", "bad"))
        if self.bad_line:
            self.mirror.addLineClass(self.bad_line - 1, "wrap", "bad")


class Desk(app.JsComponent):
    """The editor at the left; at the right what Python says about the text."""

    outline = event.ListProp(settable=True, doc="Depth, key and kind of every value")
    verdict = event.StringProp(settable=True)
    is_good = event.BoolProp(True, settable=True)

    CSS = """
    .desk {
        --faint: #a4a8b3; --key: #2c5fc9; --string: #1f8354; --number: #b4541a; --line: #0000001a; --side: #f5f6f9;
        display: grid; grid-template: minmax(0, 1fr) auto / minmax(0, 1fr) 300px; height: 100%;
    }
    @media (prefers-color-scheme: dark) {
        .desk {
            --faint: #666b78; --key: #8db4ff; --string: #7fd1a3; --number: #f0a875; --line: #ffffff1a; --side: #191a1d;
        }
    }
    .desk aside { overflow: auto; padding: 20px 22px; background: var(--side); border-left: 1px solid var(--line); }
    .desk aside p { display: flex; gap: 10px; margin: 0; padding-left: calc(var(--depth) * 18px); line-height: 26px; }
    .desk aside span { margin-left: auto; color: var(--faint); }
    .desk footer { grid-column: 1 / -1; display: flex; gap: 10px; align-items: center; padding: 10px 16px 10px 22px; }
    .desk footer { border-top: 1px solid var(--line); background: var(--side); }
    .desk footer::before { content: ""; width: 9px; height: 9px; border-radius: 50%; background: #30a46c; }
    .desk.bad footer::before { background: #e5484d; }
    .desk button { margin-left: auto; padding: 5px 18px; border: 0; border-radius: 8px; cursor: pointer; }
    .desk button { background: var(--deskapp-accent); color: var(--deskapp-background); }
    .desk button:disabled { opacity: 0.4; cursor: default; }
    """

    def init(self):
        self.node.className = "desk"
        self.node.innerHTML = "<aside></aside><footer><output></output><button>Tidy</button></footer>"
        self._addEventListener(self.node.querySelector("button"), "click", lambda: self.root.tidy())

    def _mount(self, child):
        self.node.prepend(child.node)

    @event.reaction("verdict", "is_good")
    def show_verdict(self, *events):
        self.node.classList.toggle("bad", not self.is_good)
        self.node.querySelector("output").textContent = self.verdict
        self.node.querySelector("button").disabled = not self.is_good

    @event.reaction("outline")
    def show_outline(self, *events):
        side = self.node.querySelector("aside")
        side.replaceChildren()
        for depth, key, kind in self.outline:
            row = window.document.createElement("p")
            row.style.setProperty("--depth", depth)
            row.append(key, window.document.createElement("span"))
            row.lastChild.textContent = kind
            side.append(row)


class JsonEditor(app.PyComponent):
    """What Python makes of the text."""

    def init(self):
        self.desk = Desk()
        with self.desk:
            self.editor = Editor(text=TEXT)

    @event.reaction("editor.text")
    def read(self, *events):
        try:
            found = list(outline(json.loads(self.editor.text)))
        except ValueError as error:
            self.editor.set_bad_line(getattr(error, "lineno", 0))
            self.desk.set_is_good(False)
            self.desk.set_verdict(str(error))
        else:
            self.editor.set_bad_line(0)
            self.desk.set_is_good(True)
            self.desk.set_verdict(f"{len(found)} values in {len(self.editor.text)} characters")
            self.desk.set_outline(found[:LONGEST_OUTLINE])

    @event.action
    def tidy(self):
        self.editor.set_text(json.dumps(json.loads(self.editor.text), indent=4, ensure_ascii=False) + "\n")


def outline(value, key="everything", depth=0):
    """Depth, key and kind of a value and of all in it."""
    if isinstance(value, (dict, list)):
        yield [depth, key, f"{len(value)} values" if isinstance(value, list) else f"{len(value)} keys"]
        for name, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from outline(part, str(name), depth + 1)
    else:
        yield [depth, key, "nothing" if value is None else {str: "text", bool: "yes or no"}.get(type(value), "number")]


if __name__ == "__main__":
    app.launch(JsonEditor, title="An editor", size=(940, 560))
    app.run()
