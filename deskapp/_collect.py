"""Runs a program to see what it consists of: what it launches is written down, and nothing is started.

    python -m deskapp._collect REQUEST.json

The request says what to run, and where the answer goes. The first run makes the manifest. A second one, in which
PScript cannot be imported, finds everything in that manifest, or says what is missing.
"""

from __future__ import annotations

import difflib
import gc
import importlib
import importlib.abc
import json
import os
import sys
import traceback
import types
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from deskapp import app
from deskapp._config import Settings, checked_value, setting_names
from deskapp._config_object import Config, default_config, use_config
from deskapp._config_sources import from_project
from deskapp._frozen import Product, run_entry
from deskapp._spec import AppSpec
from deskapp._window_options import read_window_options
from deskapp.bridge.client_bundle import client_bundle
from deskapp.bridge.code_source import CodeSource
from deskapp.bridge.precompiled import Precompiled, manifest_text
from deskapp.errors import BridgeError, ConfigError, TranspileError
from deskapp.freeze.entry import is_installed
from deskapp.freeze.gather import gather, lazily_imported
from deskapp.launcher import Launcher
from deskapp.paths import atomic_write

OWN_FAULT = 70
"""Exit code of a fault that is not the program's."""

SECRETS = frozenset({"cookie_secret"})


class Inert:
    """Stands for what would have been made: has every attribute, and does nothing."""

    def __getattr__(self, name: str) -> Inert:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *args: object, **kwargs: object) -> Inert:
        return self

    def __getitem__(self, key: object) -> Inert:
        return self

    def __setattr__(self, name: str, value: object) -> None:
        """Nothing keeps it."""

    def __iter__(self) -> Any:
        return iter(())

    def __enter__(self) -> Inert:
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing was begun."""


class Collector(Launcher):
    """A launcher that writes down what it is asked for."""

    def __init__(self) -> None:
        super().__init__(Settings())
        self.apps: list[AppSpec] = []
        self.runtimes: set[str] = set()
        self.app_ids: set[str] = set()
        self.is_used = False
        self._app_id = f"deskapp-collect-{os.getpid()}"  # one that no process of the user's has locked

    def launch(self, spec: AppSpec, runtime: str | None = None, **options: object) -> Any:
        self._note_window(runtime, options, spec.name)
        self.collect(spec)
        return Inert()

    def launch_url(self, url: str, runtime: str | None = None, **options: object) -> Any:
        self._note_window(runtime, options, "url")
        return Inert()

    def serve(self, *specs: AppSpec) -> None:
        for spec in specs:
            self.collect(spec)

    def collect(self, spec: AppSpec) -> bool:
        self.is_used = True
        self.apps.append(spec)
        return True

    def takes_script(self) -> bool:
        """A script's first call is what `run` is to others."""
        self._note_window(None, {}, "script")
        raise SystemExit(0)

    def name_program(self, app_id: object) -> None:
        if app_id is not None:
            self.app_ids.add(str(app_id))

    @property
    def exporter(self) -> Any:
        collect = self.collect

        class Exporter:
            def dump(self, spec: AppSpec, *args: object) -> dict[str, bytes]:
                collect(spec)
                return {}

            def export(self, spec: AppSpec, *args: object, **options: object) -> None:
                collect(spec)

        return Exporter()

    @property
    def server(self) -> Any:
        return Inert()

    def create_server(self, *args: object, **kwargs: object) -> Any:
        return Inert()

    def current_server(self, create: bool = True, **kwargs: object) -> Any:
        return Inert() if create else None

    def run(self, policy: object = None) -> NoReturn:
        self.is_used = True
        raise SystemExit(0)

    def start(self) -> NoReturn:
        self.is_used = True
        raise SystemExit(0)

    async def run_async(self, *, stops_with_last_window: bool = True) -> NoReturn:
        self.is_used = True
        raise SystemExit(0)

    def _note_window(self, runtime: str | None, options: dict[str, object], key: str) -> None:
        self.is_used = True
        self.runtimes.add(runtime or str(default_config().runtime))
        options.pop("in_process", None)
        self.name_program(options.pop("app_id", None))
        read_window_options(options, key=key)  # an impossible wish is better heard of now


class NoPScript(importlib.abc.MetaPathFinder):
    """Refuses to import PScript, as it is in a frozen program."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name.partition(".")[0] == "pscript":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def main(argv: Sequence[str]) -> int:
    """Answer a request.

    Args:
        argv: The request's file.
    """
    request = json.loads(Path(argv[0]).read_text(encoding="utf-8"))
    gc.disable()  # classes are circles: what a function made is still there when it is looked for
    sys.argv[:] = [request["product"]["slug"]]
    sys.path[:0] = request["paths"]
    if request["check"]:
        sys.meta_path.insert(0, NoPScript())
    try:
        answer = _collect(request)
    except TranspileError as error:
        answer = {"error": "transpile", "facts": [error.file, error.line, error.name, error.why]}
    except BridgeError as error:
        answer = {"error": "code", "text": str(error)}
    except ConfigError as error:
        answer = {"error": "config", "key": error.key, "text": str(error)}
    except _EntryFailed as error:
        answer = {"error": error.key, "text": str(error)}
    atomic_write(Path(request["answer"]), json.dumps(answer))
    return 0


class _EntryFailed(Exception):
    """Args: the key at fault, and what happened."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(text)
        self.key = key


def _collect(request: Mapping[str, Any]) -> dict[str, Any]:
    project = Path(request["project"])
    roots = [Path(path).resolve() for path in request["paths"]]
    product = Product(**request["product"])
    settings = _settings(project)
    use_config(Config(product={**settings, **{key: value for key, value in request["settings"].items() if value}}))
    collector = Collector()
    app.use_launcher(collector)
    _run(product)
    warnings: list[str] = []
    for name in request["includes"]:
        _guarded("includes", lambda name=name: importlib.import_module(name))  # type: ignore[misc]

    def is_own(name: str) -> bool:
        return _is_below(_file_of(name), roots)

    while pending := lazily_imported(_own_modules(roots), is_own):
        for name in pending:
            try:
                _guarded("entry", lambda name=name: importlib.import_module(name))  # type: ignore[misc]
            except _EntryFailed as error:
                warnings.append(
                    f"{name}, which a function imports, does not import here: {str(error).splitlines()[-1]}"
                )
            sys.modules.setdefault(name, types.ModuleType(name))  # not to be tried again
    _check_app_id(collector, product)
    if not collector.is_used:
        warnings.append(
            f"{product.module} was run and launched nothing; if it should not have, name what to launch as 'entry'"
        )
    modules = _own_modules(roots)
    manifest = Path(request["manifest"])
    source = CodeSource(manifest=Precompiled.read(manifest)) if request["check"] else CodeSource()
    gathered = gather(modules, is_own, source)
    if not request["check"]:
        codes = gathered.codes(roots)
        library = source.library(codes.values())
        atomic_write(manifest, manifest_text(codes, library, client_bundle(), settings))
    names = {module.__spec__.name for module in modules if module.__spec__ is not None}
    return {
        "modules": sorted({*names, *request["includes"], product.module}),
        "runtimes": sorted(collector.runtimes),
        "apps": sorted({spec.public_name for spec in collector.apps}),
        "warnings": [*warnings, *gathered.warnings],
    }


def _settings(project: Path) -> dict[str, object]:
    """What the product's table says of settings; secrets are none of a program that is handed out."""
    found = {}
    for name, value, origin in from_project(project):
        if name in setting_names() and name not in SECRETS:
            found[name] = checked_value(name, value, origin)
    return found


def _run(product: Product) -> None:
    if product.attribute is not None:
        _guarded("entry", lambda: importlib.import_module(product.module))
        module = sys.modules[product.module]
        if not hasattr(module, product.attribute):
            own = [name for name, ob in vars(module).items() if isinstance(ob, type | types.FunctionType | app.App)]
            near = difflib.get_close_matches(product.attribute, own, n=1, cutoff=0.5)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise _EntryFailed("entry_name", f"there is no {product.attribute!r} in {product.module!r}{hint}")
    _guarded("entry", lambda: run_entry(product))


def _guarded(key: str, work: Callable[[], object]) -> None:
    """Run code of the product's; what it raises becomes an error that shows its traceback."""
    try:
        work()
    except SystemExit as end:
        if end.code not in (None, 0):
            raise _EntryFailed(key, f"it ended with exit code {end.code}: {_shown(end)}") from None
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # border: code of the product's
        raise _EntryFailed(key, _shown(error)) from None


def _shown(error: BaseException) -> str:
    """The traceback, without the part that is ours."""
    trace = error.__traceback__
    ours = str(Path(__file__).parent)
    while trace is not None and (
        trace.tb_frame.f_code.co_filename.startswith((ours, "<frozen"))
        or "importlib" in trace.tb_frame.f_code.co_filename
    ):
        trace = trace.tb_next
    return "".join(traceback.format_exception(type(error), error, trace)).strip()


def _check_app_id(collector: Collector, product: Product) -> None:
    others = sorted(collector.app_ids - {product.app_id})
    if others:
        why = f"the program calls itself {others[0]!r}, and the product {product.app_id!r}; give both the same id"
        raise _EntryFailed("app_id", why)


def _own_modules(roots: Sequence[Path]) -> list[types.ModuleType]:
    found = []
    for name, module in sorted(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and _is_below(file, roots) and name != "__mp_main__":
            found.append(module)
    return found


def _file_of(name: str) -> str | None:
    module = sys.modules.get(name)
    if module is not None:
        file = getattr(module, "__file__", None)
        return file if isinstance(file, str) else None
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError, AttributeError):
        return None
    return spec.origin if spec is not None and spec.has_location else None


def _is_below(file: str | None, roots: Sequence[Path]) -> bool:
    """Whether a file is the product's own, and not installed into an environment that lies in its folder."""
    if file is None:
        return False
    path = Path(file).resolve()
    if is_installed(path) or path.is_relative_to(Path(__file__).parent):
        return False
    return any(path.is_relative_to(root) for root in roots)


if __name__ == "__main__":
    try:
        code = main(sys.argv[1:])
    except BaseException:  # border: what it is, is read in our last words
        traceback.print_exc()
        code = OWN_FAULT
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # threads of the program's own are not waited for
