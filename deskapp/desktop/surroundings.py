"""`Desktop`: what may change around a program, as a component: reactions to it are written like any others."""

from __future__ import annotations

import logging

from deskapp.event import Component, StringProp, emitter

logger = logging.getLogger("deskapp.native")

THEMES = ("light", "dark")


class Desktop(Component):
    """The desktop around the program; get it from `native.desktop`.

    Follow it as any component: ``desktop.reaction("theme", handler)``, or ``@event.reaction("desktop.theme")`` in a
    component that has it as its attribute ``desktop``.
    """

    theme = StringProp("light", doc="What people chose for their desktop: light or dark.")

    @emitter
    def sleep(self) -> dict[str, object]:
        """The machine goes to sleep."""
        return {}

    @emitter
    def wake(self) -> dict[str, object]:
        """The machine has woken up."""
        return {}

    @emitter
    def screens_changed(self) -> dict[str, object]:
        """A screen came or went, or changed; `native.screens` tells what there is now."""
        return {}

    def take(self, service: str, value: object) -> None:
        """There is news of a service. For the runtimes' listener."""
        if service == "theme" and value in THEMES:
            self._apply_mutation("theme", value)
        elif service == "power" and value == "suspend":
            self.sleep()
        elif service == "power" and value == "resume":
            self.wake()
        elif service == "screens":
            self.screens_changed()
        else:
            logger.debug("nobody waits for news of %s: %r", service, value)
