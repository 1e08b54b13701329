"""Pages of scripts: what they show and ask, and the libraries from elsewhere that they use for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskapp._lazy import lazy_names

if TYPE_CHECKING:
    from deskapp.script._libraries import LIBRARY_PATH, Library, library, library_files, library_url
else:
    __getattr__ = lazy_names(
        __name__,
        {"deskapp.script._libraries": ("LIBRARY_PATH", "Library", "library", "library_files", "library_url")},
    )

__all__ = ["LIBRARY_PATH", "Library", "library", "library_files", "library_url"]
