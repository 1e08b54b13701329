"""Dumps and exports need no web server: Tornado is not even imported, nothing listens, no thread is started."""

from __future__ import annotations

from pathlib import Path

from tests.arch.house import ask_fresh_interpreter

EXPORTING = """
import json, socket, sys, threading
from pathlib import Path
folder = Path(sys.argv[1])
(folder / "exported_app.py").write_text('''
from deskapp import JsComponent, PyComponent, app, event
app.assets.associate_asset(__name__, "lib.js", "window.lib = 1")
class Label(JsComponent):
    text = event.StringProp("", settable=True)
    @event.reaction("text")
    def show(self, *events):
        self.node.textContent = self.text
class Main(PyComponent):
    def init(self):
        self.label = Label(text="hello")
        self.session.add_data("blob", b"123")
''')
sys.path.insert(0, str(folder))
bound = []
sys.addaudithook(lambda name, args: bound.append(name) if name in ("socket.bind", "subprocess.Popen") else None)
from deskapp import App, export
from exported_app import Main
for link in range(4):
    files = App(Main).dump(link=link)
    export(Main, folder / str(link) / "main.html", link=link)
print(json.dumps({
    "heavy": sorted({name.split(".")[0] for name in sys.modules} & {"tornado", "webview", "numpy"}),
    "bound": bound,
    "threads": threading.active_count(),
    "defines": any(b"textContent" in content for content in files.values()),
    "written": sorted(path.name for path in folder.glob("*/main.html")) == ["main.html"] * 4,
}))
"""


def test_an_exporting_process_imports_no_tornado_and_starts_nothing(tmp_path: Path) -> None:
    assert ask_fresh_interpreter(EXPORTING, str(tmp_path)) == {
        "heavy": [],
        "bound": [],
        "threads": 1,
        "defines": True,
        "written": True,
    }
