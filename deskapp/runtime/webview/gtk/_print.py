"""Printing a page of WebKitGTK: by the system's dialog, or straight into a PDF file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from deskapp.runtime.webview._host_window import Answer

if TYPE_CHECKING:
    from deskapp.runtime.webview.gtk.toolkit import GtkToolkit


def print_page(toolkit: GtkToolkit, view: Any, path: str | None, answer: Answer) -> None:
    """Print, and answer when it is done or was cancelled.

    Args:
        toolkit: What the windows share.
        view: Whose page.
        path: None asks the user; else the PDF file to write.
        answer: Gets no value.
    """
    operation = toolkit.webkit.PrintOperation.new(view.webview)
    if path is None:
        toolkit.call_soon(lambda: ask_and_print(toolkit, view, operation, answer))
        return
    gtk, glib = toolkit.gtk, toolkit.glib
    settings = gtk.PrintSettings()
    # It is found by what GTK calls it in the user's language.
    settings.set_printer(glib.dgettext("gtk30", "Print to File"))
    settings.set(gtk.PRINT_SETTINGS_OUTPUT_URI, glib.filename_to_uri(os.path.abspath(path)))
    settings.set(gtk.PRINT_SETTINGS_OUTPUT_FILE_FORMAT, "pdf")
    operation.set_print_settings(settings)
    _answer_at_its_end(toolkit, operation, answer)
    operation.print_()


def ask_and_print(toolkit: GtkToolkit, view: Any, operation: Any, answer: Answer) -> None:
    """Show the system's dialog, and do what the user decides there."""
    if not view.__dict__:  # closed meanwhile
        answer()
        return
    _answer_at_its_end(toolkit, operation, answer)
    # GTK runs a loop of its own in here, which ends with the window: see `GtkToolkit.end_nested_dialogs`.
    response = operation.run_dialog(view.window)
    if response != toolkit.webkit.PrintOperationResponse.PRINT:
        toolkit.printing.discard(operation)
        answer()


def _answer_at_its_end(toolkit: GtkToolkit, operation: Any, answer: Answer) -> None:
    failures: list[str] = []

    def on_finished(operation: Any) -> None:
        toolkit.printing.discard(operation)
        answer(error=failures[0] if failures else "")

    operation.connect("failed", lambda _, error: failures.append(error.message))
    operation.connect("finished", on_finished)
    toolkit.printing.add(operation)  # nobody else holds it
