"""deskapp/_config_sources.py: what files and the command line say. The project and the environment: test_config.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskapp._config import setting_kinds
from deskapp._config_sources import from_command_line, from_file, from_toml
from deskapp.errors import ConfigError


def on_command_line(*words: str) -> dict[str, object]:
    return {name: value for name, value, _ in from_command_line(words, setting_kinds())}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--deskapp-port=3"], {"port": "3"}),
        (["--deskapp-port", "3"], {"port": "3"}),
        (["--deskapp-log-level=debug"], {"log_level": "debug"}),
        (["--deskapp-log_level", "debug"], {"log_level": "debug"}),
        (["--deskapp-Port=3"], {"port": "3"}),
        (["--deskapp-port=1", "--deskapp-port=2"], {"port": "2"}),
        (["--deskapp-port", "-1"], {"port": "-1"}),
        (["--deskapp-toolkit="], {"toolkit": ""}),
        (["--deskapp-publish-url=https://a.example/?x=1"], {"publish_url": "https://a.example/?x=1"}),
        (["--deskapp-host=127.0.0.1"], {"host": "127.0.0.1"}),
        (["file.txt", "--port=3", "-v", "--deskapp"], {}),
        (["--", "--deskapp-port=3", "--deskapp-nonsense"], {}),
        ([], {}),
    ],
)
def test_options_of_ours_are_read_and_the_rest_is_left(words: list[str], expected: dict[str, object]) -> None:
    assert on_command_line(*words) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--deskapp-debug"], True),
        (["--deskapp-debug", "file.txt"], True),
        (["--deskapp-debug", "--deskapp-port=1"], True),
        (["--deskapp-debug=no"], "no"),
        (["--deskapp-debug", "no"], "no"),
        (["--deskapp-debug", "1"], "1"),
    ],
)
def test_a_yes_or_no_setting_needs_no_value(words: list[str], expected: object) -> None:
    assert on_command_line(*words)["debug"] == expected


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--deskapp-prot=3"], r"no such setting; did you mean 'port'\?$"),
        (["--deskapp-hostname=x"], "no such setting; it is called 'host' here"),
        (["--deskapp-nonsense"], "no such setting; known are host, port"),
        (["--deskapp-"], "no such setting"),
        (["--deskapp-port"], "write --deskapp-port=VALUE"),
        (["--deskapp-port", "--verbose"], "write --deskapp-port=VALUE"),
        (["--deskapp-host", "127.0.0.1"], "write --deskapp-host=ADDRESS"),
        (["--deskapp-host", "4", "5"], "means something else to deskapp"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_to_write(words: list[str], why: str) -> None:
    with pytest.raises(ConfigError, match=why) as caught:
        on_command_line(*words)
    assert caught.value.origin == "command line " + words[0].partition("=")[0]


@pytest.mark.parametrize(
    "text",
    [
        "port = 3",
        "[deskapp]\nport = 3",
        "[tool.deskapp]\nport = 3\n[tool.other]\nx = 1",
        "[deskapp]\nport = 3\n[deskapp.freeze]\nproduct = 'x'\n[other]\nx = 1",
    ],
)
def test_a_file_has_settings_at_its_top_or_in_our_table(text: str, tmp_path: Path) -> None:
    assert list(from_toml(text, "a text")) == [("port", 3, "a text")]
    path = tmp_path / "app.toml"
    path.write_text(text, encoding="utf-8")
    assert list(from_file(path)) == [("port", 3, str(path))]


@pytest.mark.parametrize(
    ("text", "why"),
    [("port = ", "as TOML"), ("deskapp = 3", r"write a table: \[deskapp\]"), ("tool = {deskapp = 3}", "a table")],
)
def test_a_file_that_says_nothing_sensible_is_refused(text: str, why: str) -> None:
    with pytest.raises(ConfigError, match=why) as caught:
        list(from_toml(text, "app.toml"))
    assert "app.toml" in str(caught.value)


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "app.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match="cannot be read") as caught:
        list(from_file(path))
    assert str(path) in str(caught.value)
