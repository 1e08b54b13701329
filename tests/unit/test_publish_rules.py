"""deskapp/_publish_rules.py."""

from __future__ import annotations

import pytest

from deskapp._publish_rules import MAX_PATH_CHARS, fault_of_name, fault_of_paths, fault_of_token


@pytest.mark.parametrize("name", ["clock", "Clock2", "my-clock", "a", "a_b", "x" * 64, "com", "con2", "community"])
def test_names_that_can_be(name: str) -> None:
    assert fault_of_name(name) == ""


NO_NAMES = [
    "",
    "2clock",
    "_clock",
    "-x",
    "my clock",
    "a/b",
    "..",
    ".",
    "a.b",
    "größe",
    "x" * 65,
    "a\n",
    "a%2f",
    None,
    3,
]
DEVICES = ["CON", "nul", "com1", "LPT9", "aux"]


@pytest.mark.parametrize("name", [*NO_NAMES, *DEVICES])
def test_names_that_cannot_be(name: object) -> None:
    assert fault_of_name(name) != ""


@pytest.mark.parametrize("token", ["8letters", "x" * 200, "a-b_c.d~!$%&/()=", "N3Yq0bJ1oW8vK2xQ"])
def test_tokens_that_can_be(token: str) -> None:
    assert fault_of_token(token) == ""


@pytest.mark.parametrize(
    "token", ["", "7letter", "x" * 201, "with space", "größe-und-mehr", "12345678\n", "1234\x005678", None, 17]
)
def test_tokens_that_cannot_be_are_not_told(token: object) -> None:
    fault = fault_of_token(token)
    assert "secrets.token_urlsafe()" in fault
    assert not token or str(token) not in fault


def test_files_that_can_be() -> None:
    paths = [
        "index.html",
        "deskapp/assets/shared/a.js",
        "data/größe 1.txt",
        "a",
        "b/a",
        "(1)+x@2,;'~!$&=[]#%.js",
        ".well",
    ]
    assert fault_of_paths(paths) == ""
    assert fault_of_paths(["index.html", "/".join("abcdefghijklmnop"), "x" * MAX_PATH_CHARS]) == ""


NO_PATHS = ["/a", "a/", "a//b", "", ".", "..", "../a", "a/../b", "./a", "a/.", "a\\b", "x" * (MAX_PATH_CHARS + 1)]
NO_PATHS += [
    "C:a",
    "a:b",
    "a<b",
    'a"',
    "a|b",
    "a?",
    "a*",
    "a.",
    "a ",
    " a",
    "a./b",
    "b /a",
    "/".join("abcdefghijklmnopq"),
]
NO_PATHS += ["a\x00b", "a\nb", "a\x7fb", "a\u202eb", "a\u2028b", "\ud800", "u\u0308"]
NO_PATHS += ["con", "x/NUL.txt", "lpt1.a.b", "com¹", "aux .txt"]


@pytest.mark.parametrize("path", NO_PATHS)
def test_files_that_cannot_be_are_named(path: str) -> None:
    fault = fault_of_paths(["index.html", path])
    assert fault.startswith("the file ")
    assert repr(path[:MAX_PATH_CHARS]) in fault


@pytest.mark.parametrize(
    ("paths", "fault"),
    [
        (["index.html", "a.js", "A.js"], "the files 'a.js' and 'A.js' differ in case only"),
        (["index.html", "STRASSE", "straße"], "differ in case only"),
        (["index.html", "a", "A/b"], "'a' cannot be a file and the directory of 'A/b'"),
        (["index.html", "a/b/c", "a"], "'a' cannot be a file and the directory of 'a/b/c'"),
        (["index.html", "index.html/a"], "'index.html' cannot be a file and the directory"),
        (["a.html"], "there is no 'index.html'"),
        (["Index.html"], "there is no 'index.html'"),
        ([], "there is no 'index.html'"),
    ],
)
def test_files_that_cannot_be_together(paths: list[str], fault: str) -> None:
    assert fault in fault_of_paths(paths)
