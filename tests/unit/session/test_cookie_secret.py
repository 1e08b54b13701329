from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from deskapp.session._cookie_secret import SECRET_BYTES, CookieSecret, installation_secret


def test_the_first_call_makes_a_secret_and_the_others_find_it(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "cookie-secret"
    secret = installation_secret(file)
    assert len(secret) >= SECRET_BYTES
    assert installation_secret(file) == secret
    assert file.read_text().strip() == secret


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    file = tmp_path / "cookie-secret"
    before = os.umask(0)
    try:
        installation_secret(file)
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_processes_that_make_it_at_once_agree(tmp_path: Path) -> None:
    file = tmp_path / "cookie-secret"
    code = (
        "import sys, pathlib; from deskapp.session._cookie_secret import installation_secret; "
        "sys.stdin.read(1); print(installation_secret(pathlib.Path(sys.argv[1])))"
    )
    command = [sys.executable, "-c", code, str(file)]
    pipe = subprocess.PIPE
    processes = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(4)]
    for process in processes:  # all of them stand ready; now they run
        assert process.stdin is not None
        process.stdin.write("g")
        process.stdin.flush()
    secrets = {process.communicate(timeout=15)[0].strip() for process in processes}
    assert secrets == {file.read_text().strip()}


@pytest.mark.parametrize("content", [b"", b"short\n", b"\xff\xfe" * 40])
def test_a_file_that_holds_no_secret_is_replaced(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "cookie-secret"
    file.write_bytes(content)
    secret = installation_secret(file)
    assert installation_secret(file) == secret
    assert caplog.text.count("holds no secret") == 1


def test_without_a_place_to_keep_it_a_program_has_one_of_its_own(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "blocked").write_text("a file, no directory")
    secret = CookieSecret(file=tmp_path / "blocked" / "cookie-secret")
    assert len(secret()) >= SECRET_BYTES
    assert secret() == secret()
    assert caplog.text.count("cannot be kept") == 1


def test_a_configured_secret_is_taken_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "cookie-secret"
    assert CookieSecret("mine", file)() == "mine"
    assert not file.exists()


def test_without_a_file_it_is_that_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("APPDATA", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    secret = CookieSecret()()
    assert [path.read_text().strip() for path in tmp_path.rglob("cookie-secret")] == [secret]
