"""`deskapp export`: one class or `App` of a file or module, as a page that needs no Python."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from deskapp.cli._target import Target, TargetError, load, load_module, own_names, parse_target

if TYPE_CHECKING:
    from deskapp.app import App


def export(text: str, place: str, *, link: int = 2, overwrite: bool = True) -> int:
    """Export what `text` names.

    Args:
        text: ``FILE``, ``FILE:NAME``, ``MODULE`` or ``MODULE:NAME``. The file is imported, not run as a program.
            Without a name it has to be clear which class is meant.
        place: A page or a folder; see `deskapp.app.App.export`.
        link: As of `deskapp.app.App.export`.
        overwrite: As of `deskapp.app.App.export`.

    Returns:
        The exit code.

    Raises:
        TargetError: There is no such file, module or app.
        DeskappError: The app cannot be made, or not be written there.
    """
    target = parse_target(text)
    found = load(target) if target.name is not None else _only_app(target)
    app = _as_app(target, found)
    app.export(place, link, overwrite)
    print(f"{app.spec.target_name} is exported to {place}")
    return 0


def _as_app(target: Target, found: object) -> App:
    # By name, because most commands need no app; and after the app's own code, whose mistakes show at once.
    module = importlib.import_module("deskapp.app")
    if isinstance(found, module.App):
        app: App = found
        return app
    if not _is_component(found):
        raise TargetError(target.text, f"{target.name!r} is neither an App nor a component class")
    app = module.App(found)
    return app


def _only_app(target: Target) -> object:
    """The app that a module is about: its only `App`, else its only PyComponent or Model, else its only JsComponent."""
    module = load_module(target)
    names: Mapping[str, object] = vars(module)
    own = [name for name in own_names(names, module.__name__) if _is_component(names[name])]
    kinds = [
        [name for name, value in names.items() if type(value).__module__ == "deskapp.app" and not name.startswith("_")],
        [name for name in own if getattr(names[name], "__side__", None) != "js"],
        [name for name in own if getattr(names[name], "__side__", None) == "js"],
    ]
    for found in kinds:
        if len(found) == 1:
            return names[found[0]]
        if found:
            choices = " or ".join(f"{target.text}:{name}" for name in found)
            raise TargetError(target.text, f"it has several apps; write {choices}")
    raise TargetError(target.text, "it has no App, and no component class")


def _is_component(value: object) -> bool:
    return isinstance(value, type) and hasattr(value, "__js_source__")
