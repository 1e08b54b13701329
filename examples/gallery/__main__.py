"""Open the gallery: `python -m examples.gallery`, or run this very file."""

import sys
from pathlib import Path

if not __package__:  # run as a file: Python then looks for modules beside it, not where `examples` lies
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from deskapp import run
from examples.gallery.app import Gallery
from examples.gallery.start import start

if __name__ == "__main__":
    start(Gallery)
    run()
