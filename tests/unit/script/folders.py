"""A folder of front-end libraries that is the test's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskapp.errors import AssetMissing
from deskapp.paths import resource as real_resource
from deskapp.script import libraries as _libraries


@pytest.fixture
def library_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Empty, and where deskapp looks for its libraries."""

    def resource(package: str, *parts: str) -> Path:
        if parts[0] == "client":
            return real_resource(package, *parts)
        assert (package, parts[0]) == ("deskapp.script", "libraries")
        path = tmp_path.joinpath(*parts[1:])
        if not path.is_file():
            raise AssetMissing(path.name)
        return path

    monkeypatch.setattr(_libraries, "resource", resource)
    return tmp_path
