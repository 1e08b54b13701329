from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deskapp.bridge.cache import CodeCache


def test_gives_back_what_was_put(tmp_path: Path) -> None:
    cache = CodeCache(tmp_path / "deep" / "er")
    assert cache.get("key") is None
    cache.put("key", {"a": [1, "ü"]})
    assert cache.get("key") == {"a": [1, "ü"]}
    assert CodeCache(tmp_path / "deep" / "er").get("key") == {"a": [1, "ü"]}


@pytest.mark.parametrize("damage", [b"", b"nonsense", b"00\n{}"])
def test_a_damaged_entry_is_not_there(tmp_path: Path, damage: bytes) -> None:
    cache = CodeCache(tmp_path)
    cache.put("key", [1, 2, 3])
    (file,) = tmp_path.iterdir()
    file.write_bytes(damage)
    assert cache.get("key") is None
    cache.put("key", [4])
    assert cache.get("key") == [4]


def test_an_entry_cut_short_is_not_there(tmp_path: Path) -> None:
    cache = CodeCache(tmp_path)
    cache.put("key", "x" * 100)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-20])
    assert cache.get("key") is None


def test_the_entries_unused_for_longest_go_first(tmp_path: Path) -> None:
    cache = CodeCache(tmp_path, max_entries=3)
    for index in range(3):
        cache.put(str(index), index)
        os.utime(tmp_path / f"{index}.json", (1000 + index, 1000 + index))
    assert cache.get("0") == 0  # used now, so it is the youngest
    cache.put("3", 3)
    assert [cache.get(str(index)) for index in range(4)] == [0, None, 2, 3]


def test_the_folder_stays_below_its_size(tmp_path: Path) -> None:
    cache = CodeCache(tmp_path, max_bytes=3000)
    for index in range(10):
        cache.put(str(index), "x" * 1000)
        os.utime(tmp_path / f"{index}.json", (1000 + index, 1000 + index))
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) <= 3000
    assert cache.get("9") == "x" * 1000


def test_what_a_killed_process_left_half_written_is_removed(tmp_path: Path) -> None:
    left = tmp_path / "abc.tmp"
    left.write_bytes(b"half")
    os.utime(left, (1000, 1000))
    CodeCache(tmp_path).put("key", 1)
    assert not left.exists()


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("here is no folder", encoding="utf-8")
    cache = CodeCache(file)
    cache.put("key", 1)
    assert cache.get("key") is None


def test_processes_that_write_at_once_never_show_half_an_entry(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from deskapp.bridge.cache import CodeCache\n"
        "cache = CodeCache(Path(sys.argv[1]), max_entries=5)\n"
        "for i in range(150):\n"
        "    cache.put(f'k{i % 8}', [sys.argv[2]] * 2000)\n"
        "    found = cache.get(f'k{i % 8}')\n"
        "    assert found is None or len(set(found)) == 1 and len(found) == 2000, found\n"
    )
    runs = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path), name]) for name in "ab"]
    assert [run.wait(timeout=20) for run in runs] == [0, 0]
    assert not list(tmp_path.glob("*.tmp"))
