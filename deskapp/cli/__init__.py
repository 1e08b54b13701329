"""The command line: `main`, the console entry point."""

from deskapp.cli._main import main

__all__ = ["main"]
