"""How a frozen program begins and ends: its log, its identity, its self-test, and what people see when it fails."""

from __future__ import annotations

import faulthandler
import importlib
import json
import logging
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from deskapp import paths
from deskapp._config_object import Config, default_config, use_config
from deskapp._main_module import run_as_main
from deskapp._version import __version__
from deskapp.errors import SessionClosedException

logger = logging.getLogger("deskapp")

SELF_TEST = "--self-test"
SHOW_ERROR = "--deskapp-show-error"
LOG_BYTES = 1024 * 1024
LOG_FILES = 3
LOG_FORMAT = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"
CRASH_BYTES = 256 * 1024


@dataclass(frozen=True)
class Product:
    """What the start-up script says of the program.

    Args:
        name: What people call it.
        version: Its version.
        app_id: What it is called in paths and towards the desktop.
        module: The module to be run as ``__main__``; or, with `attribute`, to be imported.
        attribute: A component class or an `App` in it that is launched, or a function that is called.
        runtime: What shows the windows; None serves instead.
        slug: Name of its log file.
    """

    name: str
    version: str
    app_id: str
    module: str
    attribute: str | None = None
    runtime: str | None = None
    slug: str = "program"


def start(product: Product) -> int:
    """Run the program to its end and return its exit code.

    Args:
        product: What it is.

    Raises:
        SystemExit: The program itself ended so.
    """
    _open_streams()
    arguments = sys.argv[1:]
    if arguments[:1] == ["--deskapp-version"]:
        sys.stdout.write(f"{product.name} {product.version}, made with deskapp {__version__}\n")
        return 0
    if arguments[:1] == ["--deskapp-licenses"]:
        sys.stdout.write(f"{paths.bundled('licenses') or 'no licence texts came along'}\n")
        return 0
    use_config(Config(product={**built_settings(), **own_settings(product)}))
    if arguments[:1] == [SHOW_ERROR]:
        del sys.argv[1:]
        return _show_page(Path(arguments[1]))
    log = _begin_log(product)
    if arguments and (arguments[0] == SELF_TEST or arguments[0].startswith(f"{SELF_TEST}=")):
        from deskapp._self_test import self_test

        del sys.argv[1]
        file = arguments[0].partition("=")[2]
        return self_test(lambda: run_entry(product), Path(file) if file else None)
    _multiprocessing(arguments)
    try:
        return run_entry(product)
    except (SystemExit, KeyboardInterrupt):
        raise
    except BaseException as error:  # border: nobody sees the traceback of a program without a terminal
        _tell(product, error, log)
        return 1


def own_settings(product: Product) -> dict[str, object]:
    """The settings that follow from what the program is."""
    return {"app_id": product.app_id, **({"runtime": product.runtime} if product.runtime else {})}


def built_settings() -> Mapping[str, object]:
    """The settings that came along with the program's JavaScript; see `deskapp.bridge.precompiled`."""
    manifest = paths.bundled_manifest()
    if manifest is None:
        return {}
    # Its line alone: what reads the rest is imported while the window's process starts already.
    with open(manifest, encoding="ascii") as file:
        for line in file:
            name, _, value = line.partition(": ")
            if name == '"settings"':
                found: dict[str, object] = json.loads(value.rstrip().removesuffix(","))
                return found
    return {}


def run_entry(product: Product) -> int:
    """Do what the product is to do; return the exit code."""
    if product.attribute is None:
        _run_file(product.module)
        return 0
    found = getattr(importlib.import_module(product.module), product.attribute)
    app = importlib.import_module("deskapp.app")  # after the program's own code: its mistakes show at once
    if not isinstance(found, type | app.App):
        return _exit_code(found())
    if product.runtime is None:
        app.serve(found, "")
        return int(app.start())
    app.launch(found)
    return int(app.run())


def _run_file(module: str) -> None:
    """Run a file as the program, and after it the window that it may have opened as a script."""
    ending = None
    try:
        run_as_main(module)
    except SessionClosedException as error:
        ending = error
    from deskapp._script_mode import finish_script  # after the program's own code, which needs it seldom

    finish_script(ending)


def _exit_code(value: object) -> int:
    return value if isinstance(value, int) else 0


def _open_streams() -> None:
    """Windows gives programs without a console no streams; what is written to them is to go nowhere, not to fail."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  lives as long as the process


def _multiprocessing(arguments: Sequence[str]) -> None:
    """Be a worker of `multiprocessing`, if this process was started to be one; does not return then.

    By name, so that a program that does without it is not frozen with it.
    """
    is_helper = "-c" in arguments and arguments[-1].startswith("from multiprocessing.")
    if arguments[:1] == ["--multiprocessing-fork"] or is_helper:
        importlib.import_module("multiprocessing").freeze_support()


# -- log ---------------------------------------------------------------------------------------------------------------


class FileLog(logging.Handler):
    """Writes to a rotating file, which is opened with the first record: most starts have none.

    Args:
        file: The file; older ones are called ``….1``, ``….2``.
    """

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.file = file
        self._inner: logging.Handler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record; a disk that is full is no reason to fail."""
        try:
            if self._inner is None:
                from logging.handlers import RotatingFileHandler

                paths.ensure_private(self.file.parent)
                self._inner = RotatingFileHandler(
                    self.file, maxBytes=LOG_BYTES, backupCount=LOG_FILES - 1, encoding="utf-8", delay=True
                )
                self._inner.handleError = self.handleError  # type: ignore[method-assign]
                self._inner.setFormatter(logging.Formatter(LOG_FORMAT))
            self._inner.emit(record)
        except OSError:
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """Say nothing: where should it be said?"""
        logging.raiseExceptions = False

    def close(self) -> None:
        """Close the file."""
        if self._inner is not None:
            self._inner.close()
        super().close()


def _begin_log(product: Product) -> Path:
    """Log to a file in the user's folder for logs, and to the terminal if there is one; return the file."""
    folder = paths.app_paths(product.app_id).log
    file = folder / f"{product.slug}.log"
    root = logging.getLogger()
    root.addHandler(FileLog(file))
    if logger.level == logging.NOTSET:
        logger.setLevel(str(default_config().log_level).upper())
    terminal = logging.StreamHandler()
    terminal.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    root.addHandler(terminal)
    crashes = _crash_file(folder / f"{product.slug}-crash.log")
    if crashes is not None:
        faulthandler.enable(crashes)
    return file


def _crash_file(file: Path) -> int | None:
    """Where Python writes what it was doing when the process dies; None if there is no place for it."""
    try:
        paths.ensure_private(file.parent)
        if file.exists() and file.stat().st_size > CRASH_BYTES:
            os.replace(file, file.with_suffix(".log.1"))
        return os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)  # for as long as the process lives
    except OSError as error:
        logger.warning("No crash can be written down in %s: %s", file, error)
        return None


# -- what people see ---------------------------------------------------------------------------------------------------


def _tell(product: Product, error: BaseException, log: Path) -> None:
    """Write down an error that ends the program, and show it in a window."""
    logger.critical("%s %s ended by an error", product.name, product.version, exc_info=error)
    what = "".join(traceback.format_exception_only(type(error), error)).strip()
    from deskapp.desktop.error_box import show_error

    show_error(product.name, what, log, _show_error_command())


def _show_error_command() -> list[str]:
    """This program again, to show a page; in a new process, since this one is in an unknown state."""
    return [sys.executable, SHOW_ERROR] if paths.is_frozen() else []


def _show_page(page: Path) -> int:
    app = importlib.import_module("deskapp.app")
    app.launch(page.as_uri(), title=page.stem, size=(560, 320))
    return int(app.run())
