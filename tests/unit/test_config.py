"""deskapp/_config.py."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import Any

import pytest

from deskapp._config import MIB, Settings
from deskapp.errors import ConfigError


def project(folder: Path, table: str) -> Path:
    """A folder with a pyproject.toml that holds `table`."""
    (folder / "pyproject.toml").write_text(f"[project]\nname = 'x'\n\n{table}\n", encoding="utf-8")
    return folder


def test_defaults_are_those_of_the_design(tmp_path: Path) -> None:
    settings = Settings.load(project=tmp_path, environ={})
    assert (settings.host, settings.port, settings.runtime) == ("127.0.0.1", 0, "app or browser")
    assert (settings.connect_timeout_s, settings.reconnect_grace_s, settings.close_grace_s) == (60, 60, 3)
    assert (settings.heartbeat_s, settings.idle_heartbeat_s) == (5, 60)
    assert (settings.max_message_bytes, settings.replay_bytes) == (64 * MIB, 128 * MIB)
    assert {settings.origin(rule.name) for rule in dataclasses.fields(settings)} == {"defaults"}


def test_each_layer_wins_over_the_one_below_and_is_remembered(tmp_path: Path) -> None:
    project(tmp_path, "[tool.deskapp]\nport = 1\nheartbeat_s = 1\ndebug = true")
    settings = Settings.load(
        project=tmp_path, environ={"DESKAPP_PORT": "2", "DESKAPP_HEARTBEAT_S": "2", "OTHER": "9"}, port=3
    )
    assert (settings.debug, settings.heartbeat_s, settings.port) == (True, 2.0, 3)
    assert settings.origin("debug") == str(tmp_path / "pyproject.toml")
    assert settings.origin("heartbeat_s") == "environment variable DESKAPP_HEARTBEAT_S"
    assert settings.origin("port") == "keyword arguments"


def test_the_nearest_pyproject_going_up_is_read(tmp_path: Path) -> None:
    inner = tmp_path / "inner" / "src"
    inner.mkdir(parents=True)
    project(tmp_path, "[tool.deskapp]\nport = 1")
    project(tmp_path / "inner", "[tool.deskapp]\nport = 2")
    assert Settings.load(project=inner, environ={}).port == 2


def test_a_nearer_pyproject_without_our_table_ends_the_search(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    project(tmp_path, "[tool.deskapp]\nport = 1")
    project(inner, "")
    assert Settings.load(project=inner, environ={}).port == 0


def test_tables_below_ours_belong_to_others(tmp_path: Path) -> None:
    project(tmp_path, "[tool.deskapp.freeze]\nproduct = 'Clock'")
    assert Settings.load(project=tmp_path, environ={}) == Settings()


def test_the_search_begins_beside_the_running_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project(tmp_path, "[tool.deskapp]\nport = 7")
    main = type(sys)("__main__")
    main.__file__ = str(tmp_path / "clock.py")
    monkeypatch.setitem(sys.modules, "__main__", main)
    assert Settings.load(environ={}).port == 7


def test_without_a_script_the_search_begins_in_the_current_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(tmp_path, "[tool.deskapp]\nport = 8")
    monkeypatch.setitem(sys.modules, "__main__", type(sys)("__main__"))
    monkeypatch.chdir(tmp_path)
    assert Settings.load(environ={}).port == 8


def test_a_frozen_program_reads_no_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project(tmp_path, "[tool.deskapp]\nport = 9")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert Settings.load(environ={}).port == 0


def test_an_unknown_key_in_the_project_names_what_is_near(tmp_path: Path) -> None:
    project(tmp_path, "[tool.deskapp]\nheartbeats = 1")
    with pytest.raises(ConfigError, match=r"no such setting; did you mean 'heartbeat_s'") as caught:
        Settings.load(project=tmp_path, environ={})
    assert caught.value.origin == str(tmp_path / "pyproject.toml")


def test_an_unknown_keyword_names_what_is_near(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="did you mean 'port'"):
        Settings.load(project=tmp_path, environ={}, ports=1)


def test_a_misspelled_variable_is_refused_and_a_foreign_one_is_not(tmp_path: Path) -> None:
    assert Settings.load(project=tmp_path, environ={"DESKAPP_COLLECT": "1"}) == Settings()
    with pytest.raises(ConfigError, match="did you mean 'log_level'"):
        Settings.load(project=tmp_path, environ={"DESKAPP_LOGLEVEL": "info"})


def test_none_and_empty_variables_mean_not_given(tmp_path: Path) -> None:
    assert Settings.load(project=tmp_path, environ={"DESKAPP_PORT": ""}, host=None) == Settings()


@pytest.mark.parametrize("text", ["1", "yes", "True", " on "])
def test_words_for_true(tmp_path: Path, text: str) -> None:
    assert Settings.load(project=tmp_path, environ={"DESKAPP_DEBUG": text}).debug is True


@pytest.mark.parametrize("text", ["0", "no", "FALSE", "off"])
def test_words_for_false(tmp_path: Path, text: str) -> None:
    assert Settings.load(project=tmp_path, environ={"DESKAPP_DEBUG": text}, debug=None).debug is False


def test_lists_are_separated_by_commas_in_the_environment(tmp_path: Path) -> None:
    settings = Settings.load(project=tmp_path, environ={"DESKAPP_HOST_ALLOW_LIST": "a.example, b.example,"})
    assert settings.host_allow_list == ("a.example", "b.example")


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("port", "http", "whole number"),
        ("port", 1.5, "whole number"),
        ("port", True, "whole number"),
        ("port", -1, "the least is 0"),
        ("port", 65536, "the most is 65535"),
        ("heartbeat_s", "soon", "write a number"),
        ("heartbeat_s", float("nan"), "write a number"),
        ("heartbeat_s", 0, "the least is 0.1"),
        ("debug", "maybe", "true or false"),
        ("debug", 1, "true or false"),
        ("host", 1, "write a text"),
        ("host_allow_list", [1], "list of texts"),
        ("log_level", "warn", "did you mean 'warning'"),
    ],
)
def test_impossible_values_are_refused_with_what_would_be_right(
    tmp_path: Path, name: str, value: Any, why: str
) -> None:
    with pytest.raises(ConfigError, match=why) as caught:
        Settings.load(project=tmp_path, environ={}, **{name: value})
    assert (caught.value.key, caught.value.origin) == (name, "keyword arguments")


def test_a_project_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.deskapp", encoding="utf-8")
    with pytest.raises(ConfigError, match="cannot be read"):
        Settings.load(project=tmp_path, environ={})


def test_a_table_that_is_no_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool]\ndeskapp = 1", encoding="utf-8")
    with pytest.raises(ConfigError, match="write a table"):
        Settings.load(project=tmp_path, environ={})


def test_settings_cannot_be_changed() -> None:
    settings = Settings()
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.port = 1  # type: ignore[misc]
    with pytest.raises(TypeError):
        settings.origins["port"] = "me"  # type: ignore[index]


def test_the_table_has_every_setting(tmp_path: Path) -> None:
    settings = Settings.load(project=tmp_path, environ={}, port=1234)
    table = str(settings)
    assert len(table.splitlines()) == len(dataclasses.fields(settings)) - 1
    assert "1234" in table
    assert "keyword arguments" in table
