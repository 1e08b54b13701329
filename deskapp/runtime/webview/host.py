"""The window host: the only importer of `webview`; takes commands and gives events as plain values.

It runs as a child of the application (``python -m deskapp.runtime.webview.host COMMANDS_FD EVENTS_FD``) or,
where a platform wants the windows in the application's own process, on that process's main thread.

    application ── {"do": "open", "req": 1, "window": "w1", "spec": {…}} ──▶ host
                ◀─ {"re": 1, "error": "", "value": null} ────────────────────
                ◀─ {"on": "loaded", "window": "w1"} ─────────────────────────
            ── {"do": "service", "req": 2, "window": null, "service": "clipboard", "args": {…}} ──▶
                ◀─ {"on": "changed", "service": "theme", "value": "dark"} ───
            ── {"do": "keep", "on": true} ──────── stay when no window is left ──▶
                ◀─ {"on": "bye"} ────────── the last window is gone, the host leaves

Every native event is taken from the toolkit itself, on the GUI thread, in order (`gtk`,
`qt`): pywebview gives its own on a fresh thread each. Of pywebview's, only those that it calls
synchronously are used, and nothing is ever asked of it inside them: that would never return
(r0x0r/pywebview#1699). `evaluate_js` and `js_api` are not used at all; pages talk over their websocket.
"""

from __future__ import annotations

import contextlib
import faulthandler
import functools
import importlib
import json
import os
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from deskapp.runtime.capabilities import COMMANDS
from deskapp.runtime.process.inherited import inherited
from deskapp.runtime.webview._host_window import NOT_HERE, Answer, HostWindow, Message, NotHere, Toolkit
from deskapp.runtime.window import WindowMode, WindowSpec

ANSWER_TIMEOUT_S = 5.0  # an application that is silent for so long about a close request has lost its vote
IMPATIENCE_S = 1.0  # a second request that long after an unanswered first one is meant
FLUSH_TIMEOUT_S = 1.0
HOST_FLAG = "--deskapp-host"  # a frozen application runs itself with this flag to be the host


@dataclass(frozen=True)
class HostSettings:
    """What a host is told before its first command.

    Args:
        app_id: Identity towards the window system.
        toolkit: One of `TOOLKITS`.
        storage: Folder for what pages keep; None keeps nothing.
        cwd: Working directory of the application.
    """

    app_id: str
    toolkit: str
    storage: str | None = None
    cwd: str | None = None


# Which class serves a toolkit, and what it is told of the settings.
TOOLKITS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "gtk": ("deskapp.runtime.webview.gtk.toolkit:GtkToolkit", ("app_id",)),
    "qt": ("deskapp.runtime.webview.qt.toolkit:QtToolkit", ("app_id", "storage")),
    "edge": ("deskapp.runtime.webview.winforms.toolkit:WinFormsToolkit", ("app_id",)),
    "cocoa": ("deskapp.runtime.webview.cocoa.toolkit:CocoaToolkit", ("app_id", "storage")),
}

ANSWERED_LATER = frozenset({"popup_menu", "print_page"})
"""Commands that wait for a person; the toolkit's method gets `answer`."""


class Host:
    """Owns the GUI loop and its windows.

    Args:
        settings: What to be.
        emit: Called with every event and answer, from any thread; must not block.
    """

    def __init__(self, settings: HostSettings, emit: Callable[[Message], None]) -> None:
        self._settings = settings
        self._emit = emit
        self._inbox: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._first: Message | None = None  # what ends the loop without windows
        self._is_windowless = False
        self._is_kept = False
        self._windows: dict[str, HostWindow] = {}
        self._is_pumping = False
        self._is_leaving = False
        self._webview: Any = None
        self._backend: Any = None
        self._toolkit: Toolkit  # made by `run`: a toolkit belongs to the thread that makes it

    def post(self, command: Message) -> None:
        """Queue a command; any thread may."""
        self._inbox.put(command)
        if self._is_pumping:
            self._toolkit.call_soon(self._drain)

    def run(self) -> None:
        """Serve commands until the last window is gone; on the process's main thread."""
        self._import()
        first = self._wait_for_first_window()
        if first is not None:
            record = self._register(first)
            self._is_pumping = True
            self._toolkit.keep(self._is_kept)
            self._toolkit.call_soon(self._drain)
            self._webview.start(
                gui=self._toolkit.backend,
                debug=self._toolkit.always_debug or record.spec.debug,
                private_mode=self._settings.storage is None,
                storage_path=self._settings.storage,
            )
        if self._windows:  # Qt leaves its loop so when its connection breaks; GTK ends the process
            raise ConnectionError("the window system has ended, or no longer answers")
        self._emit({"on": "bye"})
        if first is not None:
            self._toolkit.finish()

    def _import(self) -> None:
        self._toolkit = _make_toolkit(self._settings)
        # pywebview's own chatter would be all that is left of stderr's tail.
        os.environ.setdefault("PYWEBVIEW_LOG", "warning")
        _exempt_loopback()
        webview = importlib.import_module("webview")
        webview.settings["OPEN_DEVTOOLS_IN_DEBUG"] = False
        webview.settings["ALLOW_DOWNLOADS"] = False  # ours work with Qt 6 and without a download folder
        webview.settings["ALLOW_FILE_URLS"] = False
        if self._settings.storage is not None:
            os.makedirs(self._settings.storage, mode=0o700, exist_ok=True)
            webview._state["storage_path"] = self._settings.storage  # read when the backend is imported
        self._webview = webview
        self._backend = importlib.import_module(f"webview.platforms.{self._toolkit.backend}")
        self._toolkit.prepare(self._backend, self)

    def external(self, url: str) -> None:
        """A link leads out of the application."""
        self._emit({"on": "external", "url": url})

    def changed(self, service: str, value: object) -> None:
        """There is news of a service."""
        self._emit({"on": "changed", "service": service, "value": value})

    def _wait_for_first_window(self) -> Message | None:
        """The command that opens the first window; None if there will be none.

        pywebview's loop begins with a window. What is asked for earlier gets a loop of the toolkit's own.
        """
        command = self._inbox.get()
        while command["do"] not in ("open", "quit"):
            if command["do"] in ("service", "keep"):
                self._is_windowless = self._is_pumping = True
                self._toolkit.call_soon(functools.partial(self._serve_safely, command))
                self._toolkit.call_soon(self._drain)
                self._toolkit.run_windowless()
                self._is_windowless = self._is_pumping = False
                assert self._first is not None
                return self._first if self._first["do"] == "open" else None
            self._refuse(command, "there is no such window")
            command = self._inbox.get()
        return command if command["do"] == "open" else None

    def _drain(self) -> None:
        while not self._is_leaving:
            try:
                command = self._inbox.get_nowait()
            except queue.Empty:
                return
            if self._is_windowless and command["do"] in ("open", "quit"):
                self._first = command
                self._toolkit.leave_windowless()
                return
            self._serve_safely(command)

    def _serve_safely(self, command: Message) -> None:
        try:
            self._serve(command)
        except NotHere as why:
            self._refuse(command, f"{NOT_HERE}{why}")
        except Exception:  # border: one command that fails must not end the others
            traceback.print_exc()
            self._refuse(command, traceback.format_exc(limit=-2))

    def _serve(self, command: Message) -> None:
        if command["do"] == "quit":
            self._keep(False)
            for record in list(self._windows.values()):
                self._close(record)
            return
        if command["do"] == "open":
            self._create(self._register(command))
            return
        if command["do"] == "keep":
            self._keep(command["on"])
            return
        if command["do"] == "service":
            owner = self._windows.get(command["window"]) if command["window"] is not None else None
            view = owner.view if owner is not None else None
            self._toolkit.serve(command["service"], view, command["args"], self._answer_to(command))
            return
        found = self._windows.get(command["window"])
        if found is None:
            self._refuse(command, "gone")
        elif not found.is_shown:
            found.waiting.append(command)
        else:
            self._serve_window(found, command)

    def _serve_window(self, record: HostWindow, command: Message) -> None:
        verb = command["do"]
        if verb == "destroy":
            self._close(record)
        elif verb == "close_seen":
            record.asked_at_s = None
        elif verb == "set_confirm_close":
            record.asks = bool(command["args"][0])
        elif verb in ANSWERED_LATER:
            getattr(self._toolkit, verb)(record.view, *command["args"], answer=self._answer_to(command))
            return
        elif verb in COMMANDS:
            getattr(self._toolkit, verb)(record.view, *command["args"])
        else:
            raise ValueError(f"no such command: {verb!r}")
        self._answer_to(command)()

    def _answer_to(self, command: Message) -> Answer:
        def answer(value: object = None, error: str = "") -> None:
            if command.get("req") is not None:
                self._emit({"re": command.pop("req"), "error": error, "value": value})

        return answer

    def _keep(self, on: bool) -> None:
        """Stay when no window is left, or no longer."""
        if on == self._is_kept:
            return
        self._is_kept = on
        if not self._is_windowless:
            self._toolkit.keep(on)
        self._is_leaving = not (self._windows or self._is_kept or self._is_windowless)

    def _refuse(self, command: Message, why: str) -> None:
        if command.get("req") is not None:
            self._emit({"re": command.pop("req"), "error": why, "value": None})

    def _register(self, command: Message) -> HostWindow:
        """Make pywebview's window object and subscribe; nothing is on screen yet.

        On the main thread `create_window` only registers, which is what leaves time to subscribe.
        """
        spec = WindowSpec.from_wire(command["spec"])
        record = HostWindow(
            command["window"], command["req"], spec, self._emit, self._run_waiting, asks=spec.confirm_close
        )
        self._windows[record.id] = record
        self._webview._state["debug"] = self._toolkit.always_debug or spec.debug
        window = self._webview.create_window(
            spec.title,
            spec.url,  # with a scheme, whatever it is: pywebview serves the folder of all else, also of about:blank
            width=spec.width,
            height=spec.height,
            x=spec.x,
            y=spec.y,
            min_size=(spec.min_width, spec.min_height),
            resizable=spec.resizable,
            maximized=spec.mode is WindowMode.MAXIMIZED,
            background_color=spec.background or self._toolkit.background(),
            frameless=spec.frameless,
            easy_drag=False,
            transparent=spec.transparent,
            on_top=spec.on_top,
            hidden=not spec.visible and self._toolkit.backend != "gtk",  # GTK: see gtk.toolkit
            text_select=True,
            zoomable=True,
            draggable=True,
        )
        record.uid = window.uid
        # `closed` runs on a fresh thread unless it is made a synchronous event.
        window.events.closed = self._webview.Event(window, True)
        window.events.closed += lambda: self._closed(record)
        window.events.closing += lambda: self._closing(record)
        window.events.before_show += lambda: self._attach(record)
        return record

    def _create(self, record: HostWindow) -> None:
        """Do for a later window what `start` does for the first."""
        window = next(window for window in self._webview.windows if window.uid == record.uid)
        if window.uid == "master":  # it is the only one now, and pywebview would begin a second loop for it
            window.uid = record.uid = f"child_{record.id}"
        if window._initialize(self._backend):
            self._backend.create_window(window)

    def _attach(self, record: HostWindow) -> None:
        record.view = self._backend.BrowserView.instances[record.uid]
        try:
            parent = None if record.spec.parent is None else self._windows.get(record.spec.parent)
            self._toolkit.attach(record.view, record.spec, record, None if parent is None else parent.view)
        except Exception:  # border: pywebview would log it and show a half-made window
            traceback.print_exc()
            record.answer(traceback.format_exc(limit=-2))
            self._toolkit.call_soon(lambda: self._close(record))
            return
        if not record.spec.visible:
            self._toolkit.call_soon(record.shown)

    def _run_waiting(self, record: HostWindow) -> None:
        def serve() -> None:
            waiting, record.waiting = record.waiting, []
            for command in waiting:
                if not record.is_closed:
                    self._serve_window(record, command)
                else:
                    self._refuse(command, "gone")

        if record.waiting:
            self._toolkit.call_soon(serve)

    def _close(self, record: HostWindow) -> None:
        if not record.is_closed and record.view is not None:
            record.is_granted = True  # `closing` is called again by what follows
            self._toolkit.close(record.view)

    def _closing(self, record: HostWindow) -> bool | None:
        """Decide at once; False vetoes."""
        if record.is_granted or not record.asks:
            return None
        now_s = time.monotonic()
        if record.asked_at_s is None:
            record.asked_at_s = now_s
            self._toolkit.call_later(ANSWER_TIMEOUT_S, lambda: self._unanswered(record, now_s))
        elif now_s - record.asked_at_s > IMPATIENCE_S:
            return None
        record.report("close_requested")
        return False

    def _unanswered(self, record: HostWindow, asked_at_s: float) -> None:
        if record.asked_at_s == asked_at_s:
            self._close(record)

    def _closed(self, record: HostWindow) -> None:
        record.answer("it was closed before it showed")
        record.report("closed")
        record.is_closed = True
        self._windows.pop(record.id, None)
        self._is_leaving = not (self._windows or self._is_kept)
        for command in record.waiting:
            self._refuse(command, "gone")
        self._toolkit.release(record.view)


def _exempt_loopback() -> None:
    """Keep the environment's proxy, which is for the world outside, away from our own pages."""
    exempt = os.environ.get("no_proxy", os.environ.get("NO_PROXY", ""))
    if exempt != "*":
        os.environ["no_proxy"] = os.environ["NO_PROXY"] = ",".join([*filter(None, [exempt]), "127.0.0.1"])


def _make_toolkit(settings: HostSettings) -> Toolkit:
    place, facts = TOOLKITS[settings.toolkit]
    module, _, name = place.partition(":")
    toolkit: Toolkit = getattr(importlib.import_module(module), name)(*(getattr(settings, fact) for fact in facts))
    return toolkit


class _Writer:
    """Writes events to the pipe on a thread of its own, so that a busy application never stalls the windows.

    Only the newest geometry of a window waits.
    """

    def __init__(self, fd: int) -> None:
        self._stream = open(fd, "wb", buffering=0)  # noqa: SIM115  lives as long as the process
        self._queue: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._geometries: dict[str, Message] = {}
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._work, name="deskapp-host-writer", daemon=True)
        self._thread.start()

    def put(self, message: Message) -> None:
        if message.get("on") == "geometry":
            with self._lock:
                is_waiting = message["window"] in self._geometries
                self._geometries[message["window"]] = message
            if is_waiting:
                return
        self._queue.put(message)

    def finish(self) -> None:
        self._queue.put(None)
        self._thread.join(FLUSH_TIMEOUT_S)

    def _work(self) -> None:
        while (message := self._queue.get()) is not None:
            if message.get("on") == "geometry":
                with self._lock:
                    message = self._geometries.pop(message["window"])
            with contextlib.suppress(BrokenPipeError):  # the reader thread sees that end, too, and acts
                self._stream.write(json.dumps(message, separators=(",", ":")).encode() + b"\n")


def _read(stream: Any, host: Host) -> None:
    for line in stream:
        host.post(json.loads(line))
    os._exit(0)  # the application is gone: so are its windows


def main(argv: list[str]) -> None:
    """Be the host; does not return.

    Leaves by `os._exit`: `webview.start` may leave threads that never end.

    Args:
        argv: Where to read commands from and where to write events to, as `process.inherited` takes them.
    """
    commands_fd, events_fd = inherited(argv[0], os.O_RDONLY), inherited(argv[1], os.O_WRONLY)
    os.dup2(2, 1)
    if sys.stderr is None:  # a frozen program without a console
        sys.stderr = open(2, "w", closefd=False)  # noqa: SIM115  lives as long as the process
    faulthandler.enable()
    exit_code = 1
    try:
        commands = open(commands_fd, "rb")  # noqa: SIM115  lives as long as the process
        settings = HostSettings(**json.loads(commands.readline()))
        if settings.cwd is not None:
            with contextlib.suppress(OSError):
                os.chdir(settings.cwd)
        writer = _Writer(events_fd)
        host = Host(settings, writer.put)
        threading.Thread(target=_read, args=(commands, host), name="deskapp-host-reader", daemon=True).start()
        host.run()
        writer.finish()
        exit_code = 0
    except BaseException:  # border: whatever it is, the application reads it in our last words
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(exit_code)


if __name__ == "__main__":
    main(sys.argv[1:])
