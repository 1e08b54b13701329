"""Python in, desktop application out."""

from deskapp._version import __version__

__all__ = ["__version__"]
