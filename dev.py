#!/usr/bin/env python3
"""The developer's door: `python3 dev.py demo`, `test`, `lint`, `bench`, `docs`, `setup`.

Every command first sets up what it needs (system packages, `.venv`), which costs nothing once it is there.
This file is kept readable for Pythons that are too old for the project, so that they can be told so.
"""

import os
import sys

NEEDED = (3, 10)


def main():  # type: () -> int
    """Check the interpreter, then hand over to `devtools`."""
    if sys.version_info < NEEDED:
        facts = NEEDED + sys.version_info[:2] + (sys.executable, " ".join(sys.argv[1:]))
        sys.stderr.write(
            "dev.py needs Python {0}.{1} or newer, and this is {2}.{3} ({4}).\n"
            "Name a newer one, for example: python3.12 dev.py {5}\n".format(*facts)
        )
        return 2
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    from devtools.commands import main as run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
