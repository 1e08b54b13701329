"""Open the monitor: `python -m examples.monitor`, or run this very file."""

import sys
from pathlib import Path

if not __package__:  # run as a file: Python then looks for modules beside it, not where `examples` lies
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from deskapp import launch, run
from examples.monitor.app import Monitor

if __name__ == "__main__":
    launch(
        Monitor,
        title="Monitor",
        icon=Path(__file__).with_name("icon.png"),
        size=(1180, 820),
        min_size=(420, 480),
    )
    run()
