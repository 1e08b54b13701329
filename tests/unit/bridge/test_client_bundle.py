from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from deskapp.bridge.client_bundle import ClientSyntaxError, client_bundle, client_css, client_hash, client_script
from deskapp.errors import DependencyCycle
from tests.unit.bridge.components import needs_node

OWN = Path(__file__).parents[3] / "deskapp" / "bridge" / "client"


def write(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


MODULES = {
    "index.js": (
        'import {Loop, loop as theLoop} from "./loop.js";\n'
        'import {\n  answer,\n  later,\n} from "./values.js";\n'
        'import "./effect.js";\n'
        "const state = 1; // import and export in a comment\n"
        "const text = `\n  exported words`;\n"
        "globalThis.result = [theLoop instanceof Loop, answer, state, text.trim(), globalThis.effect, typeof later];\n"
    ),
    "loop.js": (
        '/**\n * @typedef {import("./values.js").Value} Value\n */\n'
        'import {answer as base} from "./values.js";\n'
        "const state = base;\nexport class Loop {}\nexport const loop = new Loop();\nvoid state;\n"
    ),
    "values.js": (
        "const state = 42;\nexport const answer = state;\nasync function later() {}\n"
        "function* inner() {}\nexport {later, inner as each};\nexport async function more() {}\n"
    ),
    "effect.js": "globalThis.effect = (globalThis.effect || 0) + 1;\n",
    "unused.js": "export default 3;\n",
    "a.css": ".a {}",
    "b.css": ".b {}",
}


@needs_node
def test_modules_become_one_script_in_the_order_of_their_imports(tmp_path: Path) -> None:
    script = client_script(write(tmp_path, MODULES))
    assert "unused" not in script
    before = "const names = Object.keys(globalThis);\n"
    after = "console.log(JSON.stringify([result, Object.keys(globalThis).filter((n) => !names.includes(n)).sort()]));"
    done = subprocess.run(
        ["node", "-"], input=before + script + after, capture_output=True, encoding="utf-8", timeout=20, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [
        [True, 42, 1, "exported words", 1, "function"],
        ["effect", "result"],
    ]


def test_lines_keep_their_distance(tmp_path: Path) -> None:
    script = client_script(write(tmp_path, MODULES)).split("\n")
    start = script.index('modules["./index.js"] = (function () {') + 1
    original = MODULES["index.js"].split("\n")
    assert script.index("const state = 1; // import and export in a comment") - start == original.index(
        "const state = 1; // import and export in a comment"
    )


def test_the_style_sheets_are_joined_by_name(tmp_path: Path) -> None:
    assert client_css(write(tmp_path, MODULES)) == ".a {}\n.b {}"


def test_the_hash_follows_script_and_style(tmp_path: Path) -> None:
    folder = write(tmp_path, MODULES)
    first = client_hash(folder)
    assert first == client_bundle(folder).hash
    write(folder, {"a.css": ".c {}"})
    second = client_hash(folder)
    write(folder, {"effect.js": "globalThis.effect = 1;"})
    assert len({first, second, client_hash(folder)}) == 3


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("export default 3;", "the joiner does not know `export default 3;`"),
        ("export let a = 3;", "the joiner does not know"),
        ("export var a = 3;", "the joiner does not know"),
        ("export const {a, b} = c;", "the joiner does not know"),
        ('export * from "./x.js";', "the joiner does not know"),
        ('export {a} from "./x.js";', "the joiner does not know"),
        ('import x from "./values.js";', "the joiner does not know"),
        ('import * as x from "./values.js";', "the joiner does not know"),
        ('import {x} from "library";', "the joiner does not know"),
        ('import {default as x} from "./values.js";', "in braces"),
        ("  export const a = 3;", "beginning of a line"),
        ("await f();", "the joiner does not know"),
        ('const x = import("./values.js");', "do not exist in a classic script"),
        ("const x = import.meta.url;", "do not exist in a classic script"),
        ('import {missing} from "./values.js";', "values.js does not export missing"),
    ],
)
def test_unknown_syntax_is_refused_with_its_place(statement: str, says: str, tmp_path: Path) -> None:
    write(tmp_path, {"values.js": "export const answer = 1;\n", "index.js": f"// one\n\n{statement}\n"})
    with pytest.raises(ClientSyntaxError) as caught:
        client_script(tmp_path)
    assert says in str(caught.value)
    assert (Path(caught.value.file).name, caught.value.line) == ("index.js", 3)


def test_modules_that_import_each_other_are_refused(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "index.js": 'import {a} from "./a.js";\nexport const b = 1;\nvoid a;\n',
            "a.js": 'import {b} from "./index.js";\nexport const a = b;\n',
        },
    )
    with pytest.raises(DependencyCycle):
        client_script(tmp_path)


def test_a_module_that_is_missing_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, {"index.js": 'import {a} from "./a.js";\n'})
    with pytest.raises(FileNotFoundError):
        client_script(tmp_path)


@needs_node
@pytest.mark.skipif(not (OWN / "index.js").exists(), reason="needs the client's own modules")
def test_the_client_itself_is_one_script(tmp_path: Path) -> None:
    bundle = client_bundle()
    file = tmp_path / "client.js"
    file.write_text(bundle.script, encoding="utf-8")
    subprocess.run(["node", "--check", str(file)], check=True, timeout=20)
    assert bundle.css
