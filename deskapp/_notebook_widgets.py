"""The widgets through which a notebook's pages are reached: the only door to anywidget.

They are made by functions, since importing anywidget takes a quarter of a second and only notebooks have it.
"""

from __future__ import annotations

import importlib
from typing import Any, Protocol

from deskapp.bridge.client_bundle import notebook_script, notebook_view
from deskapp.errors import PackageMissing


class Cell(Protocol):
    """Shows one component wherever it is displayed."""

    def mime_bundle(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """What IPython displays, and metadata of it."""


def make_channel(kernel: str) -> Any:
    """Make the widget that is not shown: it brings the client to every page, and its comm carries the frames.

    Args:
        kernel: Names this kernel towards the pages, which may show notebooks of several.

    Raises:
        PackageMissing: anywidget is not installed.
    """
    return _widget("Channel", _esm=notebook_script(), kernel=kernel)


def make_cell(channel: Any, uid: str) -> Cell:
    """Make the widget that shows a component.

    Args:
        channel: The widget of `make_channel`.
        uid: The component's.
    """
    script, css = notebook_view()
    return _AnyCell(
        _widget("Cell", _esm=script, _css=css, kernel=channel.kernel, channel=channel.model_id, component=uid)
    )


class _AnyCell:
    def __init__(self, widget: Any) -> None:
        self._widget = widget

    def mime_bundle(self) -> tuple[dict[str, Any], dict[str, Any]]:
        bundle: tuple[dict[str, Any], dict[str, Any]] | None = self._widget._repr_mimebundle_()
        return bundle if bundle is not None else ({}, {})


def _widget(name: str, *, _esm: str, _css: str = "", **texts: str) -> Any:
    """A widget with a module, a style sheet and texts that its page can read."""
    try:
        anywidget: Any = importlib.import_module("anywidget")
        traitlets: Any = importlib.import_module("traitlets")
    except ImportError:
        raise PackageMissing("init_notebook()", "anywidget", extra="notebook") from None
    members = {key: traitlets.Unicode(value).tag(sync=True) for key, value in texts.items()}
    kind: Any = type(name, (anywidget.AnyWidget,), {**members, "_esm": _esm, "_css": _css})
    return kind()
