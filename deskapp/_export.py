"""Apps as files: pages that show what an app's components have made, without any Python behind them.

The app is made in a session of its own, on an event loop of its own, and what Python says to the page is recorded.
Scripts and styles become elements of the page, or files beside it; all else is replayed when the page is opened.

    clock.html                               the page: policy, scripts, styles, what Python said
    deskapp/assets/shared/lib-8f1d0c….js     what the page loads; named by content, so that exports can share a folder
    deskapp/assets/shared/worker.js          shared assets, at the addresses that the store gave out
    deskapp/data/shared/icon.png             shared data
    deskapp/data/clock/plot.png              data of the session, which is named after the page
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import os
import re
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from deskapp._page import HTA_GUARD, PageElement, export_page, page_element
from deskapp._spec import AppSpec
from deskapp.assets import SHARED_ASSETS, Asset, AssetStore, check_file_name
from deskapp.bridge import PyComponent, messages
from deskapp.bridge import link as links
from deskapp.bridge.code_source import CodeSource
from deskapp.bridge.module_graph import ModuleGraph
from deskapp.bridge.recording import UNBOUNDED, Recording
from deskapp.errors import ConfigError, DeskappError, ExportFailed
from deskapp.event import Loop, use_loop
from deskapp.paths import write_files
from deskapp.session import Session

logger = logging.getLogger("deskapp")

EXTENSIONS = (".html", ".htm", ".hta")

MAX_ITERATIONS = 1000
"""What an app may take to come to rest, in iterations of its loop; one that never does is recorded as it is then."""

_HELLO = messages.HELLO(messages.PROTOCOL_VERSION, None, None, 0, "navigate", "export", "/", "")

_FETCHES = re.compile(r"\b(fetch_data|retrieve_data|retreive_data)\b|\"\$data\"")
"""Code that says so wants data as values. From disk no page can fetch; it gets them in its own script."""


@dataclass(frozen=True)
class Exporter:
    """Makes apps into files.

    Args:
        store: Shared assets and data.
        source: Where JavaScript comes from.
    """

    store: AssetStore
    source: CodeSource

    @cached_property
    def _client(self) -> tuple[Asset, Asset]:
        client = self.source.client()
        return Asset("deskapp-client.css", client.css), Asset("deskapp-client.js", client.script)

    def dump(self, spec: AppSpec, fname: str | None = None, link: int = 2) -> dict[str, bytes]:
        """Make an app and return the files that show it.

        Args:
            spec: The app.
            fname: Name of the page; `default_name` when None.
            link: As of `Asset.to_html`.

        Returns:
            Content by path relative to the page; the page comes last.

        Raises:
            ConfigError: `fname` or `link` is impossible.
            AssetMissing: A remote asset that is to be included cannot be fetched.
            TranspileError: Something meant for JavaScript cannot be.
            Exception: Whatever the app's ``init`` raises.
        """
        fname = _checked_name(default_name(spec) if fname is None else fname)
        if link not in (0, 1, 2, 3):
            raise ConfigError("link", link, origin="App.dump or export", why="it is 0, 1, 2 or 3")
        stem, extension = os.path.splitext(fname)
        page_id = stem if stem.lower() != "shared" else f"{stem}-page"  # a folder of that name is taken
        recorded = self._record(spec, page_id)
        page = _PageFiles(link)
        if extension == ".hta":
            page.add(Asset("deskapp-hta.js", HTA_GUARD), link=0)
        style, script = self._client
        page.add(style)
        page.add(script, 'data-connect="no"')
        for definition in recorded.definitions:
            page.add(self._asset(definition))
        shared = self._shared(recorded, link)
        fetched = {path: blob for path, blob in {**shared, **recorded.data}.items() if recorded.may_fetch(path)}
        page.add(Asset("deskapp-export.js", _replay(spec, page_id, recorded, fetched)), link=0)
        by_address = {path: blob for path, blob in recorded.data.items() if path not in recorded.handed_over}
        files = {**page.files, **shared, **by_address}
        html = export_page(spec, page.elements, is_hta=extension == ".hta")
        return {**dict(sorted(files.items())), fname: html.encode()}

    def export(self, spec: AppSpec, filename: str | Path, link: int = 2, *, overwrite: bool = True) -> None:
        """Write what `dump` returns.

        Args:
            spec: The app.
            filename: The page; or a folder, for a page with its `default_name`.
            link: As of `dump`.
            overwrite: Whether files that exist are replaced.

        Raises:
            ExportFailed: It cannot be written there; what was there is unchanged.
            Exception: As of `dump`.
        """
        folder, fname = _place(filename, spec)
        files = self.dump(spec, fname, link)
        try:
            written = write_files(folder, files, overwrite=overwrite)
        except OSError as error:
            raise ExportFailed(str(filename), error) from error
        for path in sorted(set(files) - set(written)):
            if path != fname and (folder / path).read_bytes() != files[path]:
                logger.warning("%s was there and was kept, though this app has another %s", folder / path, path)

    def _record(self, spec: AppSpec, page_id: str) -> _Recorded:
        if spec.is_script:
            raise DeskappError(
                f"{spec.target_name} is a function, which runs in Python: it cannot become files that need none."
            )
        loop = Loop()  # what waits in the program's own loop is none of our business, and the other way round
        loop.detach()
        data_path = f"deskapp/data/{page_id}/"
        # A graph of its own, because the text of modules depends on what was asked for before; its bundles go nowhere.
        graph = ModuleGraph(AssetStore(), self.source)
        recording = Recording()
        with use_loop(loop):
            session = Session(
                spec.name,
                self.store,
                graph=graph,
                loop=loop,
                limits=UNBOUNDED,
                session_id=page_id,
                data_path=urllib.parse.quote(data_path),
            )
            try:
                with links.use(session):
                    spec.make_root()
                for _ in range(MAX_ITERATIONS):
                    if not loop.has_pending():
                        break
                    loop.iter()
                else:
                    logger.warning("%s never comes to rest; it is exported as it is now.", spec.target_name)
                if session.ending is not None:
                    raise DeskappError(
                        f"{spec.target_name} closed its session while it was made; there is nothing to export."
                    )
                session.connect(recording, _HELLO)
                _warn_of_python(session)
                if loop.waiting_coroutines:
                    logger.warning(
                        "Coroutines do not run in an export: what %d of %s would do is not in the page.",
                        loop.waiting_coroutines,
                        spec.target_name,
                    )
                data = {name: session.get_data(name) or b"" for name in session.get_data_names()}
            finally:
                session.end(1000, "it was made to be exported")
                loop.iter()
        for name in data:
            check_file_name(name)
        return _Recorded(
            recording.definitions,
            recording.frames,
            {data_path + name: blob for name, blob in data.items()},
            {data_path + name for name in recording.handed_over},
        )

    def _asset(self, definition: messages.DEFINE) -> Asset:
        known = self.store.get_asset(definition.name) if definition.url else None
        if known is not None:
            return known  # a remote one, which is fetched once
        extension = f".{definition.kind}"
        name = definition.name if definition.name.lower().endswith(extension) else definition.name + extension
        return Asset(name, definition.text)

    def _shared(self, recorded: _Recorded, link: int) -> dict[str, bytes]:
        """Shared assets and data, at their own addresses."""
        loaded = {definition.name for definition in recorded.definitions}

        def is_wanted(asset: Asset) -> bool:
            if recorded.mentions(SHARED_ASSETS + asset.name):
                return True  # a worker's script, say
            is_costly = asset.remote or callable(asset.source)
            return link >= 2 and not is_costly and asset.name not in loaded

        return self.store.dump(which=is_wanted)


@dataclass(frozen=True)
class _Recorded:
    """What was said to a page.

    Args:
        definitions: Scripts and styles, in order.
        frames: All else.
        data: The session's blobs, by path.
        handed_over: Paths of those that code of the page fetches and nothing else can know.
    """

    definitions: list[messages.DEFINE]
    frames: list[str | bytes]
    data: dict[str, bytes]
    handed_over: set[str]

    @cached_property
    def texts(self) -> list[str]:
        """All text in which an address may occur."""
        frames = [frame if isinstance(frame, str) else frame.decode("latin-1") for frame in self.frames]
        return [*(definition.text for definition in self.definitions), *frames]

    @cached_property
    def fetches(self) -> bool:
        """Whether code of the page may want data as values, not only by address."""
        return any(_FETCHES.search(text) for text in self.texts)

    def mentions(self, path: str) -> bool:
        """Whether the page was given the address of a file."""
        address = urllib.parse.quote(path)
        return any(address in text for text in self.texts)

    def may_fetch(self, path: str) -> bool:
        """Whether code of the page may want the content of a file as a value."""
        return self.fetches and (not path.startswith(SHARED_ASSETS) or self.mentions(path))


class _PageFiles:
    """Collects the elements of a page, and the files that they lead to."""

    def __init__(self, link: int) -> None:
        self._link = link
        self.elements: list[PageElement] = []
        self.files: dict[str, bytes] = {}

    def add(self, asset: Asset, attributes: str = "", *, link: int | None = None) -> None:
        link = self._link if link is None else link
        path = ""
        if link == 2 or (link == 3 and not asset.remote):
            content = asset.to_string().encode()
            root, extension = os.path.splitext(asset.name)
            digest = hashlib.blake2b(content, digest_size=8).hexdigest()
            path = f"{SHARED_ASSETS}{root}-{digest}{extension}"
            self.files[path] = content
        self.elements.append(page_element(asset, urllib.parse.quote(path), link, attributes))


def default_name(spec: AppSpec) -> str:
    """The name of an app's page when nobody gave one."""
    return f"{spec.name.lower() or 'index'}.html"


def _checked_name(fname: str) -> str:
    if not isinstance(fname, str):
        raise TypeError(f"The name of a page is a str, not {fname!r}.")
    if os.path.splitext(fname)[1] not in EXTENSIONS:
        raise _impossible(fname, "the name of a page ends in .html, .htm or .hta")
    if "/" in fname or "\\" in fname:
        raise _impossible(fname, "dump takes the name of a page, without folders; export takes a path")
    try:
        check_file_name(fname)
    except ValueError as error:
        raise _impossible(fname, str(error)) from None
    return fname


def _impossible(fname: str, why: str) -> ConfigError:
    return ConfigError("filename", fname, origin="App.dump or export", why=why)


def _place(filename: str | Path, spec: AppSpec) -> tuple[Path, str]:
    """Folder and name of the page."""
    if not isinstance(filename, str | Path):
        raise TypeError(f"The place to export to is a str or a Path, not {filename!r}.")
    text = os.path.expanduser(filename)
    if not text:
        raise _impossible(text, "write '.' for the present folder")
    head, tail = os.path.split(text)
    if os.path.isdir(text) or "." not in tail:
        return Path(text), default_name(spec)
    return Path(head), _checked_name(tail)


def _replay(spec: AppSpec, page_id: str, recorded: _Recorded, data: Mapping[str, bytes]) -> str:
    """The call that tells the page what Python said."""
    record = {
        "session_id": page_id,
        "app_name": spec.name,
        "frames": [frame if isinstance(frame, str) else {"base64": _base64(frame)} for frame in recorded.frames],
        "data": {urllib.parse.quote(path): _base64(blob) for path, blob in data.items()},
    }
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    safe = text.replace("<", "\\u003c")  # the same within a string, its only place, and it cannot end the element
    return f"deskapp.replay({safe});"


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _warn_of_python(session: Session) -> None:
    """Say which classes will not do in the page what they do with Python behind it."""
    names = sorted(
        {
            type(component).__name__
            for component in session.components()
            if isinstance(component, PyComponent) and (type(component).__actions__ or type(component).__reactions__)
        }
    )
    if names:
        logger.warning("Actions and reactions of %s need Python; the exported page has none.", ", ".join(names))
