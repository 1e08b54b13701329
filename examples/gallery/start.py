"""How the gallery starts: once for each user, where its window was, with a picture until the page is there."""

from pathlib import Path
from typing import Any

from deskapp import launch, native

HERE = Path(__file__).parent
APP_ID = "org.example.gallery"


def start(gallery_class: type) -> None:
    """Open the window; a second start brings up that of the first instead, and ends."""
    opened = native.single_instance(lambda later: gallery.greet(later), app_id=APP_ID)
    gallery: Any = launch(gallery_class, **window_options())
    gallery.hear(opened)


def window_options() -> dict[str, object]:
    """What the window is to be from the start."""
    return {
        "title": "deskapp gallery",
        "icon": HERE / "icon.png",
        "size": (1120, 760),
        "min_size": (560, 420),
        "splash": HERE / "icon.png",
        "remember": True,
    }
