"""The desktop around the program: screens, theme, and what changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskapp.app import launcher

if TYPE_CHECKING:
    from deskapp._call import Call
    from deskapp.desktop.surroundings import Desktop
    from deskapp.runtime.window import Screen


def screens() -> Call[list[Screen]]:
    """The screens, with their places, work areas and scale factors.

    Raises:
        NotSupported: No runtime here can tell.
    """
    services = launcher().services
    return services.call(services.screens, "native.screens")


def theme() -> Call[str]:
    """``"light"`` or ``"dark"``, as people chose for their desktop.

    Raises:
        NotSupported: No runtime here can tell.
    """
    services = launcher().services
    return services.call(services.theme, "native.theme")


def desktop() -> Desktop:
    """What may change around the program, as a component: its theme, sleep and waking up, its screens.

    Called on the thread of the program's loop, as all that makes components. From its first call on changes are heard;
    the theme is known a moment after that, and ``"light"`` until then.
    """
    return launcher().services.desktop
