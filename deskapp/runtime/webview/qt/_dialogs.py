"""Dialogs in Qt: files, messages, and where to put downloads. None runs a loop of its own: windows go on living."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import threading
from collections.abc import Callable
from typing import Any

from deskapp.runtime.webview._host_window import Answer, Message
from deskapp.runtime.webview.qt._base import QtModules, QtWindow

logger = logging.getLogger(__name__)


class QtDialogs:
    """Shows dialogs and answers when the person has."""

    def __init__(self, qt: QtModules) -> None:
        self._qt = qt
        self._open: set[Any] = set()
        self._folders: set[str] = set()

    def file(self, window: QtWindow | None, args: Message, answer: Answer) -> None:
        """As `base.SERVICE_ARGUMENTS` has it under ``file_dialog``."""
        dialog = self._file_dialog(window, args["kind"], args.get("title", ""))
        if args["kind"] == "open" and args.get("multiple"):
            dialog.setFileMode(self._qt.widgets.QFileDialog.FileMode.ExistingFiles)
        if args.get("folder"):
            dialog.setDirectory(args["folder"])
        if args.get("filters"):
            dialog.setNameFilters([_name_filter(label, patterns) for label, patterns in args["filters"]])
        if args.get("name"):
            dialog.selectFile(args["name"])

        def finished(is_accepted: bool) -> None:
            answer(list(dialog.selectedFiles()) if is_accepted else [])

        self._run(dialog, window, finished)

    def _file_dialog(self, window: QtWindow | None, kind: str, title: str) -> Any:
        dialogs = self._qt.widgets.QFileDialog
        dialog = dialogs(None if window is None else window.view)
        if title:
            dialog.setWindowTitle(title)
        if kind == "save":
            dialog.setAcceptMode(dialogs.AcceptMode.AcceptSave)
            dialog.setFileMode(dialogs.FileMode.AnyFile)
        elif kind == "folder":
            dialog.setFileMode(dialogs.FileMode.Directory)
            dialog.setOption(dialogs.Option.ShowDirsOnly)
        else:
            dialog.setFileMode(dialogs.FileMode.ExistingFile)
        return dialog

    def message(self, window: QtWindow | None, args: Message, answer: Answer) -> None:
        """As `base.SERVICE_ARGUMENTS` has it under ``message``."""
        boxes = self._qt.widgets.QMessageBox
        box = boxes(None if window is None else window.view)
        icons = {"info": "Information", "warning": "Warning", "error": "Critical", "question": "Question"}
        box.setIcon(getattr(boxes.Icon, icons[args.get("kind", "info")]))
        box.setWindowTitle(args.get("title", ""))
        box.setTextFormat(self._qt.core.Qt.TextFormat.PlainText)
        box.setText(args["text"])
        box.setInformativeText(args.get("detail", ""))
        texts = args.get("buttons") or ["OK"]
        default, cancel = args.get("default", 0), args.get("cancel", len(texts) - 1)
        # All of one role: Qt sorts buttons by role, and here the application has the say.
        buttons = [box.addButton(text, boxes.ButtonRole.ActionRole) for text in texts]
        box.setDefaultButton(buttons[default])
        box.setEscapeButton(buttons[cancel])

        def finished(_: bool) -> None:
            clicked = box.clickedButton()
            answer(next((number for number, button in enumerate(buttons) if button is clicked), cancel))

        self._run(box, window, finished)

    def _run(self, dialog: Any, window: QtWindow | None, finished: Callable[[bool], None]) -> None:
        """Show a dialog; `finished` is called once, at the latest when its window goes."""

        def end(result: int) -> None:
            if dialog not in self._open:
                return
            self._open.discard(dialog)
            forget()
            finished(result == self._qt.widgets.QDialog.DialogCode.Accepted.value)
            dialog.deleteLater()

        def gone() -> None:
            dialog.reject()
            end(0)

        forget = window.when_gone(gone) if window is not None else _nothing
        self._open.add(dialog)
        dialog.finished.connect(end)
        if window is None:
            dialog.setWindowModality(self._qt.core.Qt.WindowModality.NonModal)
            dialog.show()
            dialog.raise_()
            dialog.activateWindow()
        else:
            dialog.open()

    def download(self, window: QtWindow | None, download: Any) -> None:
        """Ask where to put a download, which meanwhile arrives in a folder that nobody sees.

        Qt forgets a download that is not accepted at once, and one that is accepted cannot be sent elsewhere.
        """
        folder = tempfile.mkdtemp(prefix="deskapp-download-")
        self._folders.add(folder)
        download.setDownloadDirectory(folder)
        download.setDownloadFileName("data")
        name = os.path.basename(download.suggestedFileName()) or "download"
        download.accept()
        dialog = self._file_dialog(window, "save", "")
        paths = self._qt.core.QStandardPaths
        dialog.setDirectory(paths.writableLocation(paths.StandardLocation.DownloadLocation))
        dialog.selectFile(name)
        target = ""

        def chosen(is_accepted: bool) -> None:
            nonlocal target
            if is_accepted:
                target = dialog.selectedFiles()[0]
                move()
            else:
                download.cancel()
                self._clear(folder)

        def move() -> None:
            if not (target and download.isFinished()):
                return
            if download.state() == type(download).DownloadState.DownloadCompleted:
                threading.Thread(
                    target=self._deliver, args=(folder, target), name="deskapp-download"
                ).start()  # to another disk it may take a while
            else:
                logger.warning("the download to %s failed: %s", target, download.interruptReasonString())
                self._clear(folder)

        download.isFinishedChanged.connect(move)
        self._run(dialog, window, chosen)

    def _deliver(self, folder: str, target: str) -> None:
        try:
            shutil.move(os.path.join(folder, "data"), target)
        except OSError:
            logger.exception("the download to %s failed", target)
        self._clear(folder)

    def _clear(self, folder: str) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        self._folders.discard(folder)

    def finish(self) -> None:
        """End what is still open, and leave no half of a download behind."""
        for thread in threading.enumerate():
            if thread.name == "deskapp-download":
                thread.join(DELIVERY_TIMEOUT_S)
        for dialog in list(self._open):
            dialog.reject()
        for folder in list(self._folders):
            self._clear(folder)


DELIVERY_TIMEOUT_S = 3.0


def _nothing() -> None:
    """What takes back nothing."""


def _name_filter(label: str, patterns: list[str]) -> str:
    """A filter as Qt writes it."""
    return f"{label.replace('(', '[').replace(')', ']')} ({' '.join(patterns)})"
