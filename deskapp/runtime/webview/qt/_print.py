"""Printing in Qt: the system's dialog, and the page to the printer chosen there."""

from __future__ import annotations

import importlib

from deskapp.runtime.webview._host_window import Answer
from deskapp.runtime.webview.qt._base import QtModules, QtWindow


def ask_and_print(qt: QtModules, window: QtWindow, answer: Answer) -> None:
    """Show the dialog; `answer` once the page is printed, or it was cancelled."""
    support = importlib.import_module("qtpy.QtPrintSupport")
    webview = window.view.webview
    printer = support.QPrinter(support.QPrinter.PrinterMode.HighResolution)
    printer.setDocName(window.view.windowTitle())
    dialog = support.QPrintDialog(printer, window.view)
    dialog.setAttribute(qt.core.Qt.WidgetAttribute.WA_DeleteOnClose)

    def end(error: str = "") -> None:
        forget()
        answer(error=error)

    def finished(result: int) -> None:
        if result != qt.widgets.QDialog.DialogCode.Accepted.value:
            end()
            return
        webview.printFinished.connect(printed)
        webview.print(printer)

    def printed(is_ok: bool) -> None:
        webview.printFinished.disconnect(printed)
        end("" if is_ok else f"{printer.outputFileName() or printer.printerName()} did not take the page")

    def gone() -> None:
        dialog.close()
        answer()

    forget = window.when_gone(gone)
    dialog.finished.connect(finished)
    dialog.open()
