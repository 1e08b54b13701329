"""The same pages as tests/desktop has."""

from tests.desktop.conftest import pages

__all__ = ["pages"]
