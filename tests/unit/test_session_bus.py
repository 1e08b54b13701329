"""deskapp/_session_bus.py."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from deskapp._session_bus import NO_BUS, VARIABLE, has_session_bus, without_new_bus

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is no D-Bus to miss")


def test_a_bus_is_known_by_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "unix:path=/x")
    assert has_session_bus()
    assert without_new_bus() == {}


def test_a_bus_is_known_by_its_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert not has_session_bus()
    (tmp_path / "bus").touch()
    assert has_session_bus()


def test_where_there_is_none_none_is_started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv(VARIABLE, raising=False)
    assert without_new_bus() == {VARIABLE: NO_BUS}
    monkeypatch.setenv(VARIABLE, NO_BUS)
    assert not has_session_bus()
