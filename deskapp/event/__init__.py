"""Components with properties that can be followed, and the loop that runs them.

Works by itself: nothing else of deskapp is imported but its exceptions.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from deskapp.event._action import Action, ActionDescriptor, SetterDescriptor, action
from deskapp.event._attribute import Attribute
from deskapp.event._color import Color
from deskapp.event._component import Component
from deskapp.event._emitter import Emitter, EmitterDescriptor, emitter
from deskapp.event._event import Dict, Event
from deskapp.event._log import logger
from deskapp.event._loop import Loop, current_loop, use_loop
from deskapp.event._meta import ComponentMeta
from deskapp.event._mutation import mutate_array, mutate_dict
from deskapp.event._property import Property
from deskapp.event._property_types import (
    AnyProp,
    BoolProp,
    ColorProp,
    ComponentProp,
    DictProp,
    EitherProp,
    EnumProp,
    FloatPairProp,
    FloatProp,
    IntProp,
    ListProp,
    NullProp,
    StringProp,
    TriStateProp,
    TupleProp,
)
from deskapp.event._reaction import Reaction, ReactionDescriptor, reaction

if TYPE_CHECKING:
    from deskapp.event._legacy import HasEvents, HasEventsMeta
    from deskapp.event._legacy_handler import Handler, HandlerDescriptor, connect
    from deskapp.event._legacy_prop import LegacyProperty, prop, readonly

    loop: Loop

__all__ = [
    "Action",
    "ActionDescriptor",
    "AnyProp",
    "Attribute",
    "BoolProp",
    "Color",
    "ColorProp",
    "Component",
    "ComponentMeta",
    "ComponentProp",
    "Dict",
    "DictProp",
    "EitherProp",
    "Emitter",
    "EmitterDescriptor",
    "EnumProp",
    "Event",
    "FloatPairProp",
    "FloatProp",
    "Handler",
    "HandlerDescriptor",
    "HasEvents",
    "HasEventsMeta",
    "IntProp",
    "LegacyProperty",
    "ListProp",
    "Loop",
    "NullProp",
    "Property",
    "Reaction",
    "ReactionDescriptor",
    "SetterDescriptor",
    "StringProp",
    "TriStateProp",
    "TupleProp",
    "action",
    "connect",
    "current_loop",
    "emitter",
    "logger",
    "loop",
    "mutate_array",
    "mutate_dict",
    "prop",
    "reaction",
    "readonly",
    "use_loop",
]


_HOMES = {
    "deskapp.event._legacy": ("HasEvents", "HasEventsMeta"),
    "deskapp.event._legacy_handler": ("Handler", "HandlerDescriptor", "connect"),
    "deskapp.event._legacy_prop": ("LegacyProperty", "prop", "readonly"),
}
"""What only programs of the older API need."""


def __getattr__(name: str) -> object:
    # Made on first use: importing this module must not make anything.
    if name == "loop":
        return current_loop()
    for home, names in _HOMES.items():
        if name in names:
            return getattr(importlib.import_module(home), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
