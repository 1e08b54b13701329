from __future__ import annotations

import os
import sys

import pytest

from deskapp._bundle_environment import leave_bundle, without_bundle

BUNDLED = {
    "LD_LIBRARY_PATH": "/bundle",
    "LD_LIBRARY_PATH_ORIG": "/mine",
    "DYLD_LIBRARY_PATH": "/bundle",
    "_PYI_ARCHIVE_FILE": "x",
    "_MEIPASS2": "y",
    "HOME": "/home/a",
}


def test_what_the_launcher_set_is_gone_and_what_was_there_is_back() -> None:
    assert without_bundle(BUNDLED) == {"LD_LIBRARY_PATH": "/mine", "HOME": "/home/a"}


def test_a_process_of_a_bundle_leaves_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(os, "environ", dict(BUNDLED))
    leave_bundle()
    assert os.environ == {"LD_LIBRARY_PATH": "/mine", "HOME": "/home/a"}


def test_a_process_of_no_bundle_keeps_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(sys, "frozen", raising=False)
    monkeypatch.setattr(os, "environ", dict(BUNDLED))
    leave_bundle()
    assert os.environ == BUNDLED
