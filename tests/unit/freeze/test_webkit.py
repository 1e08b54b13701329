"""WebKit's path is changed in place, and only there."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from deskapp.errors import BuildFailed
from deskapp.freeze._webkit import FD, LENT, helper_files, relocate, relocated, run_time_hook

FOLDERS = ("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib/riscv64-linux-gnu")


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("version", ["4.0", "4.1"])
def test_the_path_changes_and_the_length_does_not(folder: str, version: str) -> None:
    path = f"{folder}/webkit2gtk-{version}".encode()
    beginning = "/dev/fd" if folder == "/usr/lib64" else "/proc/self/fd"
    numbers = random.Random(f"{folder}{version}")
    for _ in range(50):
        parts = [numbers.randbytes(numbers.randrange(40)).replace(b"/", b"_") for _ in range(4)]
        content = parts[0] + b"\0" + path + b"\0" + parts[1] + path + b"/injected-bundle/\0" + parts[2]
        changed, count = relocated(content)
        assert count == 2
        assert len(changed) == len(content)
        assert path not in changed
        assert os.path.normpath(changed[len(parts[0]) + 1 :].split(b"\0")[0]) == (
            f"{beginning}/{FD}/webkit2gtk-{version}".encode()
        )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"libwebkit2gtk-4.1.so.0",
        b"/usr/lib/x/webkit2gtk-4.1.so",
        b"/opt/webkit2gtk-4.1\0",
        b"/usr/lib/webkit2gtk-4.1x",
    ],
)
def test_what_is_no_path_of_helpers_stays(content: bytes) -> None:
    assert relocated(content) == (content, 0)


def test_a_path_that_is_too_short_stays() -> None:
    assert relocated(b"/usr/lib/webkit2gtk-4.1\0") == (b"/usr/lib/webkit2gtk-4.1\0", 0)


def test_a_library_without_the_path_fails_the_build(tmp_path: Path) -> None:
    library = tmp_path / "libwebkit2gtk-4.1.so.0"
    library.write_bytes(b"built in another way")
    with pytest.raises(BuildFailed, match='mode = "system"'):
        relocate({library.name: library})


def test_the_hook_opens_the_programs_folder_for_children_too(tmp_path: Path) -> None:
    (tmp_path / "webkit2gtk-4.1/injected-bundle").mkdir(parents=True)
    (tmp_path / "proof").write_text("here")
    _, file, kind = run_time_hook(tmp_path)
    assert kind == "PYSOURCE"
    code = (
        f"import os, subprocess, sys; sys._MEIPASS = {str(tmp_path)!r}\n"
        f"exec(open({file!r}).read())\n"
        "print(os.environ['WEBKIT_INJECTED_BUNDLE_PATH'], flush=True)\n"
        f"subprocess.run(['cat', '/proc/self/fd/{FD}/////proof'], close_fds=False, check=True)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    if not Path("/proc/self/fd").is_dir():
        assert done.returncode != 0  # no Linux, and no WebKitGTK either
        return
    assert done.stdout == f"{tmp_path}/webkit2gtk-4.1/injected-bundle\nhere", done.stderr


def test_helpers_and_injected_bundle_are_taken_from_where_the_library_is(tmp_path: Path) -> None:
    place = tmp_path / "webkit2gtk-4.1"
    (place / "injected-bundle").mkdir(parents=True)
    for name in ("WebKitNetworkProcess", "WebKitWebProcess", "MiniBrowser", "injected-bundle/libinjected.so"):
        (place / name).write_text("")
    assert helper_files((tmp_path / "nowhere", tmp_path)) == [
        (str(place / "WebKitNetworkProcess"), "webkit2gtk-4.1"),
        (str(place / "WebKitWebProcess"), "webkit2gtk-4.1"),
        (str(place / "injected-bundle/libinjected.so"), "webkit2gtk-4.1/injected-bundle"),
    ]


def test_programs_of_the_system_get_the_environment_as_it_was(tmp_path: Path) -> None:
    """Twice, as the process of the windows is the program again and inherits what its parent has changed."""
    _, file, _ = run_time_hook(tmp_path)
    code = (
        "import json, os, sys; sys.path.insert(0, sys.argv[1]); sys._MEIPASS = sys.argv[2]\n"
        "from deskapp._bundle_environment import without_bundle\n"
        "for _ in range(2):\n"
        f"    exec(open({file!r}).read())\n"
        f"    os.environ.update(dict.fromkeys({LENT!r}, '/bundle'))\n"
        "print(json.dumps(without_bundle(os.environ)))\n"
    )
    environ = {
        "PATH": "/bin",
        "XDG_DATA_DIRS": "/usr/share",
        "GTK_PATH": "/mine",
        "LANG": "C.UTF-8",
        "LC_CTYPE": "C.UTF-8",
    }
    root = Path(__file__).parents[3]
    command = [sys.executable, "-I", "-c", code, str(root), str(tmp_path)]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == environ
