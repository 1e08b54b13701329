"""Profile folders: who has which, and what becomes of those that nobody uses."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from deskapp.errors import RuntimeFailed
from deskapp.runtime.browsers import _profiles as module
from deskapp.runtime.browsers._profiles import UNUSED_S, Profiles, is_used

ROOT = Path(__file__).parents[4]
HOLD = """
import sys
from pathlib import Path
from deskapp.runtime.browsers._profiles import Profiles
held = Profiles(Path(sys.argv[1])).take()
print(held.path, flush=True)
sys.stdin.read()
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


def test_each_window_gets_the_first_profile_that_is_free(tmp_path: Path) -> None:
    profiles, others = Profiles(tmp_path / "chrome"), Profiles(tmp_path / "chrome")
    one, two, three = profiles.take(), others.take(), profiles.take()
    assert [profile.path.name for profile in (one, two, three)] == ["1", "2", "3"]
    assert all(profile.path.is_dir() for profile in (one, two, three))
    two.release()
    two.release()
    assert profiles.take().path.name == "2"
    assert oct(one.path.stat().st_mode)[-3:] == "700"


def test_a_second_program_gets_the_next_and_a_crash_leaves_no_lock(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as program:
        assert program.stdout is not None
        assert program.stdout.readline().strip() == str(tmp_path / "1")
        second = Profiles(tmp_path).take()
        assert second.path.name == "2"
        program.kill()
        program.wait(5)
        first = Profiles(tmp_path).take()
        assert first.path.name == "1"
    for profile in (first, second):
        profile.release()


def test_a_profile_can_be_released_by_another_thread(tmp_path: Path) -> None:
    profile = Profiles(tmp_path).take()
    thread = threading.Thread(target=profile.release)
    thread.start()
    thread.join(5)
    assert Profiles(tmp_path).take().path.name == "1"


def test_a_reset_profile_is_as_before_its_first_use(tmp_path: Path) -> None:
    profile = Profiles(tmp_path).take()
    (profile.path / "folder").mkdir()
    (profile.path / "folder" / "file").touch()
    profile.reset()
    assert list(profile.path.iterdir()) == []
    assert Profiles(tmp_path).take().path.name == "2"  # it is still held


def test_without_a_folder_profiles_last_until_they_are_released(tmp_path: Path) -> None:
    profiles = Profiles(None, temporary_in=tmp_path / "own")
    one, two = profiles.take(), profiles.take()
    assert one.is_temporary
    assert one.path.parent == two.path.parent == tmp_path / "own"
    (one.path / "file").touch()
    one.release()
    assert not one.path.exists()
    assert two.path.is_dir()
    profiles.sweep()
    two.release()


def test_what_was_not_used_for_a_week_is_removed_but_never_the_first(tmp_path: Path) -> None:
    profiles = Profiles(tmp_path)
    held = [profiles.take() for _ in range(4)]
    for profile in held[:3]:
        (profile.path / "file").touch()
        profile.release()
    long_ago_s = time.time() - UNUSED_S - 60
    for number in ("1", "2", "4"):  # the last of which is held
        os.utime(tmp_path / number, (long_ago_s, long_ago_s))
    (tmp_path / "strange").mkdir()
    profiles.sweep()
    assert names(tmp_path) == ["1", "3", "4", "strange"]
    one, two = profiles.take(), profiles.take()
    assert [profile.path.name for profile in (one, two)] == ["1", "2"]
    Profiles(tmp_path / "nowhere").sweep()
    assert not (tmp_path / "nowhere").exists()


def test_taking_and_releasing_is_use(tmp_path: Path) -> None:
    profiles = Profiles(tmp_path)
    profile = profiles.take()
    for act in (profile.release, profiles.take):
        os.utime(profile.path, (0, 0))
        act()
        assert time.time() - profile.path.stat().st_mtime < 60


@pytest.mark.parametrize(("link", "target"), [("SingletonLock", "a-host-{}"), ("lock", "127.0.1.1:+{}")])
def test_a_profile_whose_browser_outlives_its_program_is_not_taken(tmp_path: Path, link: str, target: str) -> None:
    (tmp_path / "1").mkdir()
    command = [sys.executable, "-c", "import sys; print(1, flush=True); sys.stdin.read()", str(tmp_path / "1")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as browser:
        assert browser.stdout is not None
        browser.stdout.readline()
        (tmp_path / "1" / link).symlink_to(target.format(browser.pid))
        assert is_used(tmp_path / "1")
        second = Profiles(tmp_path).take()
        assert second.path.name == "2"
        assert browser.stdin is not None
        browser.stdin.close()
        browser.wait(5)
        assert not is_used(tmp_path / "1")
        assert Profiles(tmp_path).take().path.name == "1"
    second.release()


def test_another_process_of_the_same_number_is_no_browser(tmp_path: Path) -> None:
    (tmp_path / "SingletonLock").symlink_to(f"host-{os.getpid()}")
    assert not is_used(tmp_path)
    (tmp_path / "lock").symlink_to("nonsense")
    assert not is_used(tmp_path)


def test_there_is_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_PROFILES", 2)
    profiles = Profiles(tmp_path / "chrome")
    held = [profiles.take(), profiles.take()]
    with pytest.raises(RuntimeFailed, match="2 windows already"):
        profiles.take()
    for profile in held:
        profile.release()
