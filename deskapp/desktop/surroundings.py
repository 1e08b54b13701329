"""`Desktop`: what may change around a program, as a component: reactions to it are written like any others."""

from __future__ import annotations

import logging

from deskapp import event

logger = logging.getLogger("deskapp.native")


class Desktop(event.Component):
    """The desktop around the program: `native.desktop()` returns the one there is.

    A reaction of any component can name it: ``@event.reaction("desktop.theme")`` where ``desktop`` is an attribute.
    """

    theme = event.StringProp("light", doc='``"light"`` or ``"dark"``.')

    @event.action
    def set_theme(self, theme: str) -> None:
        """Follow the desktop's theme; called by the program."""
        if theme in ("light", "dark"):
            self._mutate_theme(theme)
        else:
            logger.warning("The desktop says that its theme is %r; it is 'light' or 'dark'", theme)

    @event.emitter
    def sleep(self) -> dict[str, object]:
        """The machine goes to sleep."""
        return {}

    @event.emitter
    def wake(self) -> dict[str, object]:
        """The machine has woken up."""
        return {}

    @event.emitter
    def screens_changed(self) -> dict[str, object]:
        """A screen came or went, or changed; `native.screens` tells what there is."""
        return {}
