"""Joins the ES modules of the page's client into one classic script; no Node is needed for that.

Every module becomes a function that returns its exports, and they run in the order of their imports:

    (function () { "use strict"; const modules = {};
    modules["./loop.js"] = (function () { const {logger} = modules["./errors.js"]; … return {Loop, loop}; })();
    … })();

Nothing is renamed and nothing can collide. Only what the client needs of the syntax is known: named imports of
neighbours and ``export`` before function, class or const. All else is refused, with file and line.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from deskapp.assets import in_order
from deskapp.errors import BridgeError

ENTRY = "index.js"
NOTEBOOK_CSS = "notebook.css"

_IMPORT = re.compile(r'import\s*\{([^{}]*)\}\s*from\s*"(\./[\w.-]+\.js)"\s*;[ \t]*$', re.MULTILINE)
_IMPORT_ALONE = re.compile(r'import\s*"(\./[\w.-]+\.js)"\s*;[ \t]*$', re.MULTILINE)
_EXPORT = re.compile(r"export\s+(?=(?:async\s+)?(?:function\s*\*?|class|const)\s+([A-Za-z_$][\w$]*))")
_EXPORT_LIST = re.compile(r"export\s*\{([^{}]*)\}\s*;[ \t]*$", re.MULTILINE)
_NAME = re.compile(r"([A-Za-z_$][\w$]*)(?:\s+as\s+([A-Za-z_$][\w$]*))?\Z")
_STATEMENT = re.compile(r"\n([ \t]*)(?:import|export)(?=[\s{*\"'])|\nawait\b")  # twice as fast as with ^
_DYNAMIC = re.compile(r"(?<![\w.$\"'`@])import\s*[(.]")
_MAYBE_DYNAMIC = re.compile(r"import\s*[(.]")


class ClientSyntaxError(BridgeError):
    """A client module uses syntax that the joiner does not know.

    Args:
        file: The module's file.
        line: Where in it.
        why: What was found.
    """

    def __init__(self, file: str, line: int, why: str) -> None:
        super().__init__(file, line, why)
        self.file, self.line, self.why = file, line, why

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.why}"


@dataclass(frozen=True)
class ClientBundle:
    """What a page loads before anything else.

    Args:
        script: One classic script.
        css: One style sheet.
        hash: Digest of both, for an address that may be cached for ever.
    """

    script: str
    css: str
    hash: str


@dataclass(frozen=True)
class _Module:
    name: str
    deps: tuple[str, ...]
    imports: tuple[tuple[str, str, int], ...]
    exports: tuple[str, ...]
    code: str


def client_bundle(folder: Path | None = None) -> ClientBundle:
    """Read and join the client.

    Args:
        folder: Where its files are; default: those of this package.

    Raises:
        ClientSyntaxError: A module has syntax that the joiner does not know, or imports a name that is not exported.
        DependencyCycle: Modules import each other in a circle.
        FileNotFoundError: A module is missing.
    """
    script, css = client_script(folder), client_css(folder)
    digest = hashlib.blake2b(f"{len(script)} {script}{css}".encode(), digest_size=12).hexdigest()
    return ClientBundle(script, css, digest)


def client_script(folder: Path | None = None, entry: str = ENTRY) -> str:
    """Return the client's modules, as far as the entry needs them, as one classic script; see `client_bundle`."""
    return f"(function () {{\n{_joined(folder or _own_folder(), entry)}}})();\n"


def notebook_script(folder: Path | None = None) -> str:
    """Return the client for notebooks as one module, which exports what anywidget asks for.

    See https://anywidget.dev/en/afm/.
    """
    modules = _joined(folder or _own_folder(), "notebook.js")
    called = 'const {initialize} = modules["./notebook.js"];\nreturn {initialize};\n'
    return f"export default (function () {{\n{modules}{called}}})();\n"


def notebook_view(folder: Path | None = None) -> tuple[str, str]:
    """Return the module and the style sheet of a cell that shows a component."""
    folder = folder or _own_folder()
    script = (folder / "notebook_view.js").read_text(encoding="utf-8")
    return f"{script}\nexport default {{render}};\n", (folder / NOTEBOOK_CSS).read_text(encoding="utf-8")


def _joined(folder: Path, entry: str) -> str:
    modules: dict[str, _Module] = {}
    pending = ["./" + entry]
    for name in pending:
        if name not in modules:
            modules[name] = _read(folder / name[2:], name)
            pending.extend(modules[name].deps)
    for module in modules.values():
        for dep, imported, line in module.imports:
            if imported not in modules[dep].exports:
                raise ClientSyntaxError(str(folder / module.name[2:]), line, f"{dep} does not export {imported}")
    parts = ['"use strict";\nconst modules = {};\n']
    parts += [module.code for module in in_order(modules.values())]
    return "".join(parts)


def client_css(folder: Path | None = None) -> str:
    """Return the client's style sheets, joined in the order of their names; that of notebooks is not for pages."""
    files = sorted(file for file in (folder or _own_folder()).glob("*.css") if file.name != NOTEBOOK_CSS)
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def client_hash(folder: Path | None = None) -> str:
    """Return the digest of script and style sheet; see `client_bundle`."""
    return client_bundle(folder).hash


def _own_folder() -> Path:
    return Path(__file__).with_name("client")


def _read(file: Path, name: str) -> _Module:
    text = "\n" + file.read_text(encoding="utf-8")
    _refuse_dynamic(file, text)
    deps: list[str] = []
    imports: list[tuple[str, str, int]] = []
    exports: list[tuple[str, str]] = []
    out: list[str] = []
    done = 0
    for found in _STATEMENT.finditer(text):
        indent = found.group(1) or ""
        start = found.start() + 1 + len(indent)
        if start < done:
            continue
        out.append(text[done:start])
        if indent:
            raise ClientSyntaxError(str(file), _line(text, start), "import and export stand at the beginning of a line")
        if match := _IMPORT.match(text, start):
            line = _line(text, start)
            pairs = _names(match.group(1), file, line)
            dep = match.group(2)
            deps.append(dep)
            imports.extend((dep, imported, line) for imported, _ in pairs)
            keys = ", ".join(a if a == b else f"{a}: {b}" for a, b in pairs)
            # The line count stays what it was, so that an engine's line numbers can be followed.
            out.append(f'const {{{keys}}} = modules["{dep}"];' + "\n" * match.group(0).count("\n"))
        elif match := _IMPORT_ALONE.match(text, start):
            deps.append(match.group(1))
        elif match := _EXPORT_LIST.match(text, start):
            exports.extend((outside, inside) for inside, outside in _names(match.group(1), file, _line(text, start)))
            out.append("\n" * match.group(0).count("\n"))
        elif match := _EXPORT.match(text, start):
            exports.append((match.group(1), match.group(1)))
        else:
            statement = text[start : text.find("\n", start)].strip()
            raise ClientSyntaxError(str(file), _line(text, start), f"the joiner does not know `{statement}`")
        done = match.end()
    out.append(text[done:])
    shown = ", ".join(outside if outside == inside else f"{outside}: {inside}" for outside, inside in exports)
    body = "".join(out).rstrip()
    code = f'modules["{name}"] = (function () {{{body}\nreturn {{{shown}}};\n}})();\n'
    return _Module(name, tuple(dict.fromkeys(deps)), tuple(imports), tuple(outside for outside, _ in exports), code)


def _names(text: str, file: Path, line: int) -> list[tuple[str, str]]:
    pairs = []
    for part in text.split(","):
        if part.strip():
            match = _NAME.match(part.strip())
            if match is None or "default" in match.groups():
                raise ClientSyntaxError(str(file), line, f"the joiner does not know `{part.strip()}` in braces")
            pairs.append((match.group(1), match.group(2) or match.group(1)))
    return pairs


def _refuse_dynamic(file: Path, text: str) -> None:
    for found in _MAYBE_DYNAMIC.finditer(text):
        begin = text.rfind("\n", 0, found.start()) + 1
        line = text[begin : (text.find("\n", found.end()) + 1 or len(text) + 1) - 1]
        if not line.lstrip().startswith(("*", "/*", "//")) and _DYNAMIC.search(re.sub(r"/\*.*?\*/|//.*", "", line)):
            why = "import(…) and import.meta do not exist in a classic script"
            raise ClientSyntaxError(str(file), _line(text, begin), why)


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place)  # there is one more at the beginning
