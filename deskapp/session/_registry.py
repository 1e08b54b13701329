"""The components of one page: ids, references, and tombstones of those that have gone.

What Python made for the page (the root, and every `JsComponent` made in Python) is held until it is disposed, because
it is on the user's screen. A `PyComponent` or `Model`, and the Python half of what JavaScript made, lives as long as
somebody refers to it.
"""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Iterator

from deskapp.bridge.component import JsComponent
from deskapp.bridge.link import LinkedObject

_MAX_TOMBSTONES = 10_000


class Registry:
    """Finds components by id, in order of creation."""

    def __init__(self) -> None:
        self._counter = itertools.count(1)
        self._components: dict[str, weakref.ref[LinkedObject]] = {}
        self._held: dict[str, LinkedObject] = {}
        self._owned_here: set[str] = set()
        self._leaving: set[str] = set()
        self._classes: dict[str, type[JsComponent]] = {}
        self._let_go: dict[str, type[JsComponent]] = {}
        self._tombstones: dict[str, None] = {}

    def new_id(self, class_name: str) -> str:
        """Make an id that this page has never seen.

        Args:
            class_name: Name of the component's class; ids are for people to read, too.
        """
        return f"{class_name}_{next(self._counter)}"

    def add(self, component_id: str, component: LinkedObject, *, owned_here: bool) -> None:
        """Take a component in; it lives as long as somebody refers to it.

        Args:
            component_id: Its id on this page.
            component: The component.
            owned_here: Whether it lives in Python, and the page has the proxy.
        """
        self._tombstones.pop(component_id, None)
        self._let_go.pop(component_id, None)
        self._components[component_id] = weakref.ref(component)
        if owned_here:
            self._owned_here.add(component_id)
        elif isinstance(component, JsComponent):
            self._classes[component_id] = type(component)

    def hold(self, component_id: str) -> None:
        """Let a component live on, until it is buried, when nobody else refers to it."""
        component = self.get(component_id)
        if component is not None:
            self._held[component_id] = component

    def mark_leaving(self, component_id: str) -> None:
        """The page was asked to end an object, and has not answered yet."""
        if component_id in self._components:
            self._leaving.add(component_id)

    def is_leaving(self, component_id: str) -> bool:
        """Whether the page was asked to end an object."""
        return component_id in self._leaving

    def remove(self, component_id: str) -> None:
        """Forget a component that the page has never heard of."""
        self.bury(component_id)
        self._tombstones.pop(component_id, None)

    def is_owned_here(self, component_id: str) -> bool:
        """Whether the component lives in Python; known even after it was collected."""
        return component_id in self._owned_here

    def get(self, component_id: str) -> LinkedObject | None:
        """Return a live component, or None."""
        reference = self._components.get(component_id)
        return reference() if reference is not None else None

    def bury(self, component_id: str) -> None:
        """Forget a component that ended. Messages to it that are still under way are no fault."""
        self._components.pop(component_id, None)
        self._held.pop(component_id, None)
        self._leaving.discard(component_id)
        self._owned_here.discard(component_id)
        self._classes.pop(component_id, None)
        self._let_go.pop(component_id, None)
        self._tombstones[component_id] = None
        if len(self._tombstones) > _MAX_TOMBSTONES:
            del self._tombstones[next(iter(self._tombstones))]

    def let_go(self, component_id: str) -> None:
        """Bury the Python half of an object that lives on in the page, which may refer to it once more."""
        cls = self._classes.get(component_id)
        self.bury(component_id)
        if cls is not None:
            self._let_go[component_id] = cls
            if len(self._let_go) > _MAX_TOMBSTONES:
                del self._let_go[next(iter(self._let_go))]

    def class_let_go(self, component_id: str) -> type[JsComponent] | None:
        """The class of an object whose Python half was let go; None if there is none such."""
        return self._let_go.get(component_id)

    def is_buried(self, component_id: str) -> bool:
        """Whether a component with this id lived here and ended."""
        return component_id in self._tombstones

    def is_gone(self, component_id: str) -> bool:
        """Whether a component with this id lived here and ended, or was collected just now and is not buried yet."""
        return self.is_buried(component_id) or (component_id in self._components and self.get(component_id) is None)

    def __iter__(self) -> Iterator[tuple[str, LinkedObject]]:
        """The live components with their ids, in order of creation."""
        for component_id, reference in list(self._components.items()):
            component = reference()
            if component is not None:
                yield component_id, component

    def clear(self) -> None:
        """Forget everything."""
        for component_id in list(self._components):
            self.bury(component_id)
        self._let_go.clear()
