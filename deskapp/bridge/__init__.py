"""What connects a class in Python with its twin in JavaScript: the public names, each imported on first use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskapp._lazy import lazy_names

if TYPE_CHECKING:
    from deskapp.bridge._meta import LocalProperty, get_component_classes, get_linked_classes
    from deskapp.bridge.component import BaseAppComponent, JsComponent, PyComponent, StubComponent
    from deskapp.bridge.js import RawJS, this_is_js, undefined, window
    from deskapp.bridge.model import Model, get_active_model, get_active_models, get_model_classes
else:
    __getattr__ = lazy_names(
        __name__,
        {
            "deskapp.bridge._meta": ("LocalProperty", "get_component_classes", "get_linked_classes"),
            "deskapp.bridge.component": ("BaseAppComponent", "JsComponent", "PyComponent", "StubComponent"),
            "deskapp.bridge.js": ("RawJS", "this_is_js", "undefined", "window"),
            "deskapp.bridge.model": ("Model", "get_active_model", "get_active_models", "get_model_classes"),
        },
    )

__all__ = [
    "BaseAppComponent",
    "JsComponent",
    "LocalProperty",
    "Model",
    "PyComponent",
    "RawJS",
    "StubComponent",
    "get_active_model",
    "get_active_models",
    "get_component_classes",
    "get_linked_classes",
    "get_model_classes",
    "this_is_js",
    "undefined",
    "window",
]
