"""JavaScript that was made when a program was frozen: the manifest that it carries instead of PScript and sources.

One JSON object, each member on a line of its own, so that a start reads only what it needs:

    {
    "format": 1,
    "deskapp": "0.1.0",
    "python": "3.11",
    "settings": {"exit_policy": "never"},                of the product's table; `deskapp._frozen` reads them
    "client": [script, css, hash],                       what `client_bundle` gives
    "library": {"_pyfunc_format": "function …", …},      the part of PScript's library that the codes use
    "codes": {"module:Class.method:digest": […], …}      `JsCode.to_data()` by `portable_key`
    }

Nothing in it depends on when, where or in which order it was made.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from deskapp._version import __version__
from deskapp.bridge.client_bundle import ClientBundle
from deskapp.bridge.js_code import JsCode
from deskapp.errors import BridgeError

FORMAT = 1


class ManifestUnreadable(BridgeError):
    """A frozen program's JavaScript is not what this version of deskapp wrote.

    Args:
        file: The manifest.
        why: What is wrong with it.
    """

    def __init__(self, file: str, why: str) -> None:
        super().__init__(file, why)
        self.file, self.why = file, why

    def __str__(self) -> str:
        return f"The program's JavaScript, {self.file!r}, cannot be used: {self.why}. Install the program anew."


class Precompiled:
    """A manifest; each part of it is read when it is first asked for.

    Args:
        text: Its text.
        file: Where it is from, for errors.

    Raises:
        ManifestUnreadable: It is something else, or was made by another version.
    """

    def __init__(self, text: str, *, file: str = "") -> None:
        self._file = file
        self._lines: dict[str, str] = {}
        for line in text.split("\n")[1:-1]:
            name, colon, value = line.partition(": ")
            if colon:
                self._lines[name.strip('"')] = value.removesuffix(",")
        if not text.startswith("{\n") or not text.endswith("\n}\n") or "codes" not in self._lines:
            raise ManifestUnreadable(file, "it is damaged")
        for name, ours in _stamp().items():
            theirs = self._part(name)
            if theirs != ours:
                raise ManifestUnreadable(file, f"it was made for {name} {theirs}, and this is {name} {ours}")
        self._codes: Mapping[str, object] | None = None
        self._library: Mapping[str, str] | None = None

    @classmethod
    def read(cls, path: Path) -> Precompiled:
        """Read a file.

        Raises:
            ManifestUnreadable: It cannot be read.
        """
        try:
            return cls(path.read_text(encoding="ascii"), file=str(path))
        except (OSError, ValueError) as error:
            raise ManifestUnreadable(str(path), str(error)) from error

    def code(self, key: str) -> JsCode | None:
        """The code of a unit by its `portable_key`; None if it was not made."""
        if self._codes is None:
            self._codes = self._table("codes")
        data = self._codes.get(key)
        if data is None:
            return None
        try:
            return JsCode.from_data(data)
        except ValueError as error:
            raise ManifestUnreadable(self._file, f"{key} is damaged") from error

    def library(self) -> Mapping[str, str]:
        """The functions of PScript's library that the codes use."""
        if self._library is None:
            self._library = {name: str(text) for name, text in self._table("library").items()}
        return self._library

    def client(self) -> ClientBundle:
        """What a page loads before anything else."""
        data = self._part("client")
        if not isinstance(data, list) or len(data) != 3:
            raise ManifestUnreadable(self._file, "its client is damaged")
        return ClientBundle(*map(str, data))

    def _table(self, name: str) -> Mapping[str, object]:
        found = self._part(name)
        if not isinstance(found, dict):
            raise ManifestUnreadable(self._file, f"its part {name!r} is damaged")
        return found

    def _part(self, name: str) -> object:
        try:
            found: object = json.loads(self._lines[name])
        except (KeyError, ValueError) as error:
            raise ManifestUnreadable(self._file, f"its part {name!r} is damaged") from error
        return found


def manifest_text(
    codes: Mapping[str, JsCode],
    library: Mapping[str, str],
    client: ClientBundle,
    settings: Mapping[str, object] | None = None,
) -> str:
    """The text of a manifest.

    Args:
        codes: By `portable_key`, as `CodeSource.given` has them.
        library: What `CodeSource.library` says of them.
        client: The page's client.
        settings: What the product's table says of settings; JSON values.
    """
    parts: dict[str, object] = {
        **_stamp(),
        "settings": dict(sorted((settings or {}).items())),
        "client": [client.script, client.css, client.hash],
        "library": dict(sorted(library.items())),
        "codes": {key: code.to_data() for key, code in sorted(codes.items())},
    }
    lines = [f"{json.dumps(name)}: {json.dumps(value, separators=(',', ':'))}" for name, value in parts.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _stamp() -> dict[str, object]:
    """What a manifest has to agree about with the program: keys are digests of compiled Python."""
    return {
        "format": FORMAT,
        "deskapp": __version__,
        "python": f"{sys.version_info[0]}.{sys.version_info[1]}",
    }
