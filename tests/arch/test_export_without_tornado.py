"""A session that is recorded instead of served needs no web server; that is all that exporting a page will be."""

from __future__ import annotations

from pathlib import Path

from tests.arch.house import ask_fresh_interpreter

# The whole way of a page without a socket: the app's session, what it would send, and the HTML around it.
RECORDING = """
import json, sys
from pathlib import Path
folder = Path(sys.argv[1])
(folder / "recorded_app.py").write_text('''
from deskapp import JsComponent, PyComponent, event
class Label(JsComponent):
    text = event.StringProp("", settable=True)
    @event.reaction("text")
    def show(self, *events):
        self.node.textContent = self.text
class Main(PyComponent):
    def init(self):
        self.label = Label(text="hello")
''')
sys.path.insert(0, str(folder))
from deskapp._config import Settings
from deskapp._manager import AppManager
from deskapp._page import PageMaker
from deskapp._spec import AppSpec
from deskapp.assets import AssetStore
from deskapp.bridge import messages
from deskapp.bridge.client_bundle import client_bundle
from deskapp.bridge.code_source import CodeSource
from deskapp.bridge.module_graph import ModuleGraph
from recorded_app import Main

class Recorder:
    def __init__(self):
        self.frames = []
    def write(self, frame):
        self.frames.append(frame)
    def close(self, code, reason):
        self.frames.append((code, reason))

store = AssetStore()
spec = AppSpec(Main, "Main")
manager = AppManager(Settings(), store, ModuleGraph(store, CodeSource(None)))
session = manager.create_session(spec)
recorder = Recorder()
session.connect(recorder, messages.HELLO(messages.PROTOCOL_VERSION, None, None, 0, "navigate", "page", "/Main/", ""))
page = PageMaker(client_bundle().hash).page(spec, "nonce")
print(json.dumps({
    "heavy": sorted({name.split(".")[0] for name in sys.modules} & {"tornado", "webview", "numpy"}),
    "defines": any("textContent" in str(frame) for frame in recorder.frames),
    "page": "<title>Main</title>" in page,
}))
"""


def test_a_recorded_page_is_complete_and_imports_no_tornado(tmp_path: Path) -> None:
    assert ask_fresh_interpreter(RECORDING, str(tmp_path)) == {"heavy": [], "defines": True, "page": True}
