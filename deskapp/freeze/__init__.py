"""From a project to an installer."""

from __future__ import annotations
