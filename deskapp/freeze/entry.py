"""The text of the script that a frozen program begins with.

The part that does the work is `deskapp._frozen`, which travels with the program; this one says what the product is.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from deskapp.errors import SpecError
from deskapp.freeze._spec import Entry, FreezeSpec, Mode

ICON = "deskapp_icon.png"
"""Name under which the product's icon, as a PNG picture, lies in the root of the bundle."""

_INSTALLED = frozenset({"site-packages", "dist-packages"})

_TEXT = '''\
"""Starts {title}; written by deskapp."""

import sys

if sys.argv[1:2] == ["--deskapp-host"]:
    # The process of our windows: nothing of the program is imported there.
{leave}    from deskapp.runtime.webview.host import main

    main(sys.argv[2:])

from deskapp._frozen import Product, start

sys.exit(
    start(
        Product(
            name={name},
            version={version},
            app_id={app_id},
            module={module},
            attribute={attribute},
            runtime={runtime},
            slug={slug},
        )
    )
)
'''

# The system's WebKit has processes of its own, which the bundle's libraries would break; one that came along needs
# them.
_LEAVE = """\
    from deskapp._bundle_environment import leave_bundle

    leave_bundle()
"""


def entry_text(spec: FreezeSpec) -> str:
    """The script for a product.

    Raises:
        SpecError: The entry is a file that cannot be frozen under its name.
    """
    values = product_facts(spec)
    leave = "" if spec.mode is Mode.FULL else _LEAVE
    return _TEXT.format(title=spec.slug, leave=leave, **{name: ascii(value) for name, value in values.items()})


def product_facts(spec: FreezeSpec) -> dict[str, str | None]:
    """The fields of `deskapp._frozen.Product`, by name.

    Raises:
        SpecError: The entry is a file that cannot be frozen under its name.
    """
    return {
        "name": spec.name,
        "version": spec.version,
        "app_id": spec.app_id,
        "module": entry_module(spec.entry),
        "attribute": spec.entry.name,
        "runtime": spec.runtime,
        "slug": spec.slug,
    }


def entry_module(entry: Entry) -> str:
    """Name of the module that has to be frozen for an entry; that of a file is found in the file's folder.

    Raises:
        SpecError: The file cannot be a module.
    """
    if entry.file is None:
        if not entry.module:
            raise SpecError("entry", "neither a module nor a file is named; write 'package.module:Name' or 'file.py'")
        return entry.module
    name = entry.file.stem
    if name == "__main__":
        why = f"{str(entry.file)!r} belongs to a package; name the package, {entry.file.parent.name!r}, instead"
        raise SpecError("entry", why)
    if "." in name or not name.strip():
        raise SpecError("entry", f"{entry.file.name!r} has a dot in its name, which no module can have; rename it")
    if entry.name and not name.isidentifier():
        raise SpecError("entry", f"{entry.file.name!r} is to be imported, and {name!r} is no Python name; rename it")
    if name in sys.stdlib_module_names or name == "deskapp":
        raise SpecError("entry", f"{entry.file.name!r} has the name of a module that it hides; rename it")
    return name


def is_installed(path: Path) -> bool:
    """Whether a file is of an environment that things are installed into; one may lie in the project's folder."""
    return not _INSTALLED.isdisjoint(path.parts)


def own_sources(project: Path) -> Iterator[Path]:
    """The Python files of a project, without those of environments in its folder."""
    for folder, folders, names in os.walk(project):
        folders[:] = sorted(name for name in folders if name not in _INSTALLED)
        yield from (Path(folder, name) for name in sorted(names) if name.endswith(".py"))


def import_paths(spec: FreezeSpec) -> list[Path]:
    """Folders in which the product's own modules are found, in order; ``src`` is one if the project has it."""
    folders = [spec.entry.file.parent] if spec.entry.file is not None else []
    folders += [folder for folder in (spec.project, spec.project / "src") if folder.is_dir()]
    return list(dict.fromkeys(folders))
