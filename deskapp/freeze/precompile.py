"""Makes the JavaScript of a product before it is frozen: runs its entry in a child process that launches nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from deskapp.freeze._spec import FreezeSpec
from deskapp.freeze.tools import Log

MANIFEST = "deskapp_manifest.json"
"""Name of the file in the root of the bundle."""


@dataclass(frozen=True)
class Collected:
    """What a product was found to need.

    Attributes:
        manifest: The file that goes into the root of the bundle under the name `MANIFEST`.
        modules: Names of the modules that were imported from the project, or that the product names, sorted.
        runtimes: What `launch` was given to show windows, as written, for example ``("app or browser",)``, sorted.
        apps: Names of the apps that were launched, served or exported, sorted.
        warnings: Sentences about what could not be looked at.
    """

    manifest: Path
    modules: tuple[str, ...]
    runtimes: tuple[str, ...]
    apps: tuple[str, ...]
    warnings: tuple[str, ...] = ()


def precompile(spec: FreezeSpec, target: Path, *, log: Log | None = None) -> Collected:
    """Import the product's entry in a child process, make all its JavaScript, and write the manifest.

    Args:
        spec: The product.
        target: Folder for the manifest; made if need be.
        log: Takes the lines of progress.

    Raises:
        SpecError: The entry does not import, or never ends; the text shows why.
        TranspileError: Something of the product cannot become JavaScript.
    """
    raise NotImplementedError
