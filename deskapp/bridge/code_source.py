"""Where `JsCode` comes from: a frozen program's manifest, else the cache, else PScript.

Everything above asks here and does not know which of them answered. A start whose code is in the cache does not import
PScript, reads no Python source, and looks at each source file's time and size alone.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from deskapp._version import __version__
from deskapp.bridge.cache import CodeCache
from deskapp.bridge.client_bundle import ClientBundle, client_bundle
from deskapp.bridge.js_code import CodeUnit, JsCode
from deskapp.errors import TranspileError

FORMAT = 1
"""Goes into every key; raised when the data of an entry changes its shape."""


class CodeManifest(Protocol):
    """JavaScript that was made when the program was frozen."""

    def code(self, key: str) -> JsCode | None: ...

    def library(self) -> Mapping[str, str]: ...

    def client(self) -> ClientBundle: ...


class CodeSource:
    """Gives out the JavaScript of pieces of Python.

    Args:
        cache: Keeps it from one start to the next; None: nothing is kept.
        manifest: Given in a frozen program, which has neither sources nor PScript: the only source then.
    """

    def __init__(self, cache: CodeCache | None = None, *, manifest: CodeManifest | None = None) -> None:
        self._cache = cache
        self._manifest = manifest
        self._library: dict[str, str] = {}
        self._given: list[tuple[CodeUnit, JsCode]] = []
        self._compiler: str | None = None

    @property
    def given(self) -> Mapping[str, JsCode]:
        """All code given out so far by `portable_key`; what a manifest is made from."""
        return {portable_key(unit): code for unit, code in self._given}

    def get(self, units: Sequence[CodeUnit]) -> list[JsCode]:
        """Return the code of each unit. Units asked for together are cached together, so ask for a module's at once.

        Raises:
            TranspileError: One of them cannot become JavaScript.
        """
        if not units:
            return []
        codes = self._from_manifest(units) if self._manifest is not None else self._from_cache(units)
        self._given.extend(zip(units, codes, strict=True))
        return codes

    def client(self) -> ClientBundle:
        """Return the client, which a page loads before all that is made from Python."""
        return client_bundle() if self._manifest is None else self._manifest.client()

    def library(self, codes: Iterable[JsCode]) -> dict[str, str]:
        """Return the part of PScript's library that the codes use: name → JavaScript expression."""
        names: set[str] = set()
        for code in codes:
            names.update("_pyfunc_" + name for name in code.std_functions)
            names.update("_pymeth_" + name for name in code.std_methods)
        return {name: self._library[name] for name in sorted(names)}

    def _from_manifest(self, units: Sequence[CodeUnit]) -> list[JsCode]:
        assert self._manifest is not None
        self._library.update(self._manifest.library())
        codes = []
        for unit in units:
            code = self._manifest.code(portable_key(unit))
            if code is None:
                why = "the frozen program has no JavaScript of it; is it made while the program runs?"
                raise TranspileError(unit.file, 0, unit.name, why)
            codes.append(code)
        return codes

    def _from_cache(self, units: Sequence[CodeUnit]) -> list[JsCode]:
        key = ""
        if self._cache is not None:
            key = self._key(units)
            codes = self._read(self._cache.get(key), len(units))
            if codes is not None:
                return codes
        from deskapp.bridge.transpile import Sources, standard_library, transpile

        sources = Sources()
        codes = [transpile(unit, sources) for unit in units]
        self._library.update(standard_library())
        if self._cache is not None:
            self._cache.put(key, {"codes": [code.to_data() for code in codes], "library": self.library(codes)})
        return codes

    def _read(self, entry: object, count: int) -> list[JsCode] | None:
        try:
            assert isinstance(entry, dict)
            codes = [JsCode.from_data(data) for data in entry["codes"]]
            library = dict(entry["library"])
        except (AssertionError, KeyError, TypeError, ValueError):
            return None
        if len(codes) != count:
            return None
        self._library.update(library)
        return codes

    def _key(self, units: Sequence[CodeUnit]) -> str:
        if self._compiler is None:
            self._compiler = f"{FORMAT} {__version__} {sys.version_info[:2]} {sys.flags.optimize} {_compiler_stamp()}"
        digest = hashlib.blake2b(self._compiler.encode(), digest_size=20)
        stamps: dict[str, str] = {}
        for unit in units:
            file = unit.file
            if file not in stamps:
                stamps[file] = _file_stamp(file)
            lines = [function.__code__.co_firstlineno for function in unit.functions]
            digest.update(f"{stamps[file]} {lines} {unit.fingerprint()}\n".encode())
        return digest.hexdigest()


def portable_key(unit: CodeUnit) -> str:
    """Return what names a unit in every place and process."""
    module = unit.ob.__name__ if not unit.functions else unit.functions[0].__module__
    return f"{module}:{unit.name}:{unit.fingerprint()}"


def _file_stamp(file: str) -> str:
    # Compiled code tells nearly everything; `global name` without an assignment, and asserts under -O, it does not.
    try:
        stat = os.stat(file)
    except OSError:
        return file
    return f"{file} {stat.st_mtime_ns} {stat.st_size}"


def _compiler_stamp() -> str:
    """Which PScript, and which version of our own part; found without importing either (importlib.metadata: 10 ms)."""
    import importlib.util

    spec = importlib.util.find_spec("pscript")
    if spec is None or spec.origin is None:
        return ""
    with open(spec.origin, encoding="utf-8") as file:
        version = re.search(r"""^__version__ = ["']([^"']+)""", file.read(), re.MULTILINE)
    here = Path(__file__).parent
    ours = [_file_stamp(str(here / name)) for name in ("transpile.py", "py_subset.py")]
    return " ".join([version.group(1) if version else "", _file_stamp(spec.origin), *ours])
