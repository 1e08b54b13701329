"""The same screen and pages as tests/desktop has."""

from tests.desktop.conftest import pages, screen

__all__ = ["pages", "screen"]
