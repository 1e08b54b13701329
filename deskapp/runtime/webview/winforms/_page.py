"""The page of a WinForms window: what WebView2 is told, and its events.

Not run on the machine that deskapp is made on, see docs/reference/not-run.md.
"""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Any

from deskapp.runtime.webview._links import is_openable, leads_out
from deskapp.runtime.webview.winforms import _plan as plan

if TYPE_CHECKING:
    from deskapp.runtime.webview.winforms.toolkit import WinFormsToolkit

logger = logging.getLogger(__name__)


def page_class(base: Any, toolkit: WinFormsToolkit) -> Any:
    """pywebview's `EdgeChrome` without what it does to pages.

    Its constructor makes the control and subscribes the methods that are replaced here: they would inject scripts, and
    call into Python for every request.

    Args:
        base: The class `EdgeChrome`.
        toolkit: Told of what happens.
    """
    return type(
        "DeskappPage",
        (base,),
        {
            "on_webview_ready": lambda self, sender, args: _on_ready(self, args, toolkit),
            "on_navigation_start": lambda self, sender, args: _on_navigation(self, args, toolkit),
            "on_navigation_completed": lambda self, sender, args: _on_loaded(self, args, toolkit),
            "on_script_notify": lambda self, sender, args: None,  # there is no bridge
        },
    )


def _on_ready(page: Any, args: Any, toolkit: WinFormsToolkit) -> None:
    state = toolkit._states.get(page.form.uid)
    if state is None:
        return
    if not args.IsSuccess:
        logger.error("WebView2 did not begin: %s", args.InitializationException)
        toolkit.call_soon(page.form.Close)
        return
    core = page.webview.CoreWebView2
    for name, value in plan.page_settings(state.spec).items():
        setattr(core.Settings, name, value)
    events = state.events
    core.DocumentTitleChanged += lambda sender, args: events.title(str(core.DocumentTitle or ""))
    core.ProcessFailed += lambda sender, args: _on_failed(page, str(args.ProcessFailedKind), toolkit)
    core.NewWindowRequested += lambda sender, args: _on_new_window(args, toolkit)
    core.ContextMenuRequested += lambda sender, args: _on_context_menu(page, args, toolkit)
    core.DownloadStarting += lambda sender, args: _on_download(page, args, toolkit)
    toolkit.load_url(page.form, state.url)


def _on_navigation(page: Any, args: Any, toolkit: WinFormsToolkit) -> None:
    """Open links that lead out of the application in the user's browser.

    What the application asks for counts as the user's wish for WebView2, too.
    """
    state = toolkit._states.get(page.form.uid)
    if state is None:
        return
    is_own, state.is_loading_own = state.is_loading_own, False
    here = page.webview.Source
    if not is_own and args.IsUserInitiated and not args.IsRedirected and leads_out(str(here or ""), str(args.Uri)):
        args.Cancel = True
        toolkit._events.external(str(args.Uri))


def _on_loaded(page: Any, args: Any, toolkit: WinFormsToolkit) -> None:
    state = toolkit._states.get(page.form.uid)
    if state is not None and args.IsSuccess:
        state.events.loaded()


def _on_failed(page: Any, kind: str, toolkit: WinFormsToolkit) -> None:
    state = toolkit._states.get(page.form.uid)
    if kind in plan.ALL_PAGES_ENDED:
        toolkit.fail("the process of WebView2 that all pages share ended")
    elif kind in plan.PAGE_ENDED and state is not None:
        state.events.crashed()


def _on_new_window(args: Any, toolkit: WinFormsToolkit) -> None:
    args.Handled = True
    if is_openable(str(args.Uri)):
        toolkit._events.external(str(args.Uri))


def _on_context_menu(page: Any, args: Any, toolkit: WinFormsToolkit) -> None:
    state = toolkit._states.get(page.form.uid)
    target = args.ContextMenuTarget
    if state is not None:
        args.Handled = plan.is_menu_refused(
            state.spec, is_editable=target.IsEditable, has_selection=target.HasSelection
        )


def _on_download(page: Any, args: Any, toolkit: WinFormsToolkit) -> None:
    """Ask where to, after the event: nothing of WebView2 goes on while it is handled."""
    deferral = args.GetDeferral()
    args.Handled = True  # without WebView2's own bubble

    def ask() -> None:
        dialog = toolkit._forms.SaveFileDialog()
        dialog.FileName = os.path.basename(str(args.ResultFilePath))
        dialog.InitialDirectory = os.path.dirname(str(args.ResultFilePath))
        dialog.OverwritePrompt = True
        try:
            if dialog.ShowDialog(page.form) == toolkit._forms.DialogResult.OK:
                args.ResultFilePath = dialog.FileName
            else:
                args.Cancel = True
        finally:
            deferral.Complete()

    toolkit.call_soon(ask)
