"""The text of the script that a frozen program begins with; pure.

The part that does the work is `deskapp._frozen`, which travels with the program; this one says what the product is.
"""

from __future__ import annotations

from deskapp.errors import SpecError
from deskapp.freeze._spec import Entry, FreezeSpec, Mode

_TEXT = '''\
"""Starts {name}; written by deskapp."""

import sys

if sys.argv[1:2] == ["--deskapp-host"]:
    # Our own windows' process: before anything of the program is imported.
    from deskapp.runtime._host import main

    main(sys.argv[2:])

from deskapp._frozen import Product, start

sys.exit(
    start(
        Product(
            name={name!r},
            version={version!r},
            app_id={app_id!r},
            module={module!r},
            attribute={attribute!r},
            runtime={runtime!r},
            icon={icon!r},
        )
    )
)
'''

ICON_STEM = "deskapp_icon"
"""Name, without its ending, under which the product's icon lies in the root of the bundle."""


def entry_text(spec: FreezeSpec) -> str:
    """The script for a product.

    Raises:
        SpecError: The entry is a file that cannot be frozen under its name.
    """
    raise NotImplementedError


def entry_module(entry: Entry) -> str:
    """Name of the module that has to be frozen for an entry; that of a file is found in the file's folder.

    Raises:
        SpecError: The file cannot be a module.
    """
    raise NotImplementedError
