"""The same screen as tests/desktop has."""

from tests.desktop.conftest import screen

__all__ = ["screen"]
