"""All names in one place, for programs that were written with Flexx's `flx`.

    from deskapp import flx                      # was: from flexx import flx

What `deskapp`, `deskapp.app` and `deskapp.event` offer, each imported when it is first used. New programs say
``from deskapp import app, event``.
"""

from __future__ import annotations

TYPE_CHECKING = False

if TYPE_CHECKING:
    from deskapp import RawJS as RawJS
    from deskapp import Session as Session
    from deskapp import Settings as Settings
    from deskapp import __version__ as __version__
    from deskapp import config as config
    from deskapp import set_log_level as set_log_level
    from deskapp import this_is_js as this_is_js
    from deskapp import undefined as undefined
    from deskapp import window as window
    from deskapp.app import *  # noqa: F403
    from deskapp.event import *  # noqa: F403

_HOMES = ("deskapp", "deskapp.app", "deskapp.event")

WIDGETS = frozenset(
    """
    BaseButton BokehWidget Button CanvasWidget CheckBox ColorSelectWidget ComboBox DropdownContainer FileBrowserWidget
    FileWidget FormLayout GridLayout GroupWidget HBox HFix HSplit IFrame ImageWidget Label Layout LineEdit
    MultiLineEdit PinboardLayout PlotLayout PlotWidget ProgressBar PyWidget RadioButton RangeSlider Slider StackLayout
    TabLayout ToggleButton TreeItem TreeWidget VBox VFix VSplit VideoWidget Widget YoutubeWidget create_element
    """.split()  # noqa: SIM905 (reads better than forty quoted words)
)
"""What Flexx has for the look of things, and deskapp has not."""


def __getattr__(name: str) -> object:
    import importlib

    if not name.startswith("_") or name == "__version__":
        for home in _HOMES:
            module = importlib.import_module(home)
            if name in module.__all__:
                return getattr(module, name)
    if name in WIDGETS:
        raise AttributeError(
            f"flx.{name} has no counterpart: deskapp has no widgets. Put a JsComponent with a node of its own in its "
            "place; the document docs/howto/from-flexx.md shows how."
        )
    raise AttributeError(f"module 'deskapp.flx' has no attribute {name!r}")


def __dir__() -> list[str]:
    import importlib

    return sorted({name for home in _HOMES for name in importlib.import_module(home).__all__})
