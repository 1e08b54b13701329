"""How the gallery starts: once for each user, where its window was, with a picture until the page is there."""

from pathlib import Path

from deskapp import launch, native

HERE = Path(__file__).parent
APP_ID = "org.example.gallery"


def start(gallery_class):
    """Open the window; a second start has the first one greet, and ends."""
    opened = native.single_instance(lambda later: gallery.greet(later), app_id=APP_ID)
    gallery = launch(gallery_class, **window_options())
    gallery.hear(opened)


def window_options():
    """What the window is to be from the start."""
    return {
        "title": "deskapp gallery",
        "icon": HERE / "icon.png",
        "size": (1120, 760),
        "min_size": (560, 420),
        "splash": HERE / "icon.png",
        "remember": True,
    }
