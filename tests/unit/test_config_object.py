"""deskapp/_config_object.py."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

import deskapp
from deskapp import PyComponent, Session
from deskapp import app as program
from deskapp._config import Settings, setting_names
from deskapp._config_object import Config, default_config, use_config
from deskapp._spec import AppSpec
from deskapp.errors import ConfigError, UnknownSetting
from deskapp.event import Loop, use_loop
from deskapp.testing import AppHarness


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(project=tmp_path, environ={}, argv=())


@pytest.fixture
def defaults(tmp_path: Path) -> Iterator[Config]:
    """The program's own, for the time of a test."""
    mine = Config(project=tmp_path, environ={}, argv=())
    before, launcher = use_config(mine), program.use_launcher(None)
    yield mine
    program.use_launcher(launcher)
    use_config(before)


def made_of(folder: Path) -> Config:
    """Every source says another port, and each says something that none above it says."""
    (folder / "pyproject.toml").write_text(
        "[tool.deskapp]\nport = 1\napp_id = 'project'\ntoolkit = 'qt'\nruntime = 'browser'", encoding="utf-8"
    )
    config = Config(
        project=folder,
        environ={"DESKAPP_PORT": "3", "DESKAPP_TOOLKIT": "", "DESKAPP_RUNTIME": "webview", "DESKAPP_HEARTBEAT_S": "3"},
        argv=("--deskapp-port=4", "--deskapp-heartbeat-s", "4", "--deskapp-debug"),
    )
    config.load_from_string("port = 2\ntoolkit = 'gtk'\nruntime = 'app'\nlog_level = 'error'", "mine.toml")
    return config


def test_each_source_wins_over_those_below_and_is_named(tmp_path: Path) -> None:
    config = made_of(tmp_path)
    config.debug = False
    assert {
        name: (config[name], config.origin(name)) for name in setting_names() if config.origin(name) != "defaults"
    } == {
        "app_id": ("project", str(tmp_path / "pyproject.toml")),
        "toolkit": ("gtk", "mine.toml"),
        "log_level": ("error", "mine.toml"),
        "runtime": ("webview", "environment variable DESKAPP_RUNTIME"),
        "port": (4, "command line --deskapp-port"),
        "heartbeat_s": (4.0, "command line --deskapp-heartbeat-s"),
        "debug": (False, "an assignment to config.debug"),
    }


def test_print_shows_every_value_and_where_it_came_from(tmp_path: Path) -> None:
    config = made_of(tmp_path)
    config.cookie_secret = "do not tell"
    rows = {line.split()[0]: line for line in str(config).splitlines()}
    assert list(rows) == setting_names()
    assert rows["port"].split(None, 2)[1:] == ["4", "command line --deskapp-port"]
    assert "mine.toml" in rows["toolkit"]
    assert rows["host"].split() == ["host", "'127.0.0.1'", "defaults"]
    assert "an assignment to config.cookie_secret" in rows["cookie_secret"]


def test_a_secret_is_told_to_the_program_alone(config: Config) -> None:
    config.cookie_secret = "do not tell"
    assert config.cookie_secret == "do not tell"
    assert "do not tell" not in str(config) + repr(config) + repr(config.settings) + str(config.settings)


def test_the_last_assignment_wins(config: Config) -> None:
    config.port = 1
    config["PORT"] = "2"
    assert config.port == config["Port"] == 2


def test_attributes_know_case_and_items_do_not(config: Config) -> None:
    assert config["Log_Level"] == config.log_level == "info"
    assert "HOST" in config
    with pytest.raises(AttributeError, match=r"no setting 'Port'; did you mean 'port'\?$"):
        _ = config.Port


@pytest.mark.parametrize("name", ["prot", "Port", "_port", "settings_"])
def test_an_unknown_attribute_is_missing(config: Config, name: str) -> None:
    assert not hasattr(config, name)
    with pytest.raises(AttributeError):
        setattr(config, name, 3)


@pytest.mark.parametrize("name", ["prot", "", 3, None])
def test_an_unknown_item_is_an_error_of_every_kind(config: Config, name: str) -> None:
    for kind in (UnknownSetting, LookupError, ValueError):
        with pytest.raises(kind, match="no setting"):
            _ = config[name]
        with pytest.raises(kind, match="no setting"):
            config[name] = 3
    assert name not in config


def test_it_lists_its_settings(config: Config) -> None:
    assert list(config) == setting_names()
    assert len(config) == len(setting_names())
    assert {"port", "load_from_file"} <= set(dir(config))


def test_no_setting_is_hidden_by_a_method() -> None:
    assert set(vars(Config)).isdisjoint(setting_names())


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("port", "http", "whole number"),
        ("port", 65536, "most is 65535"),
        ("debug", 3, "true or false"),
        ("host", None, "text"),
    ],
)
def test_an_impossible_value_changes_nothing(config: Config, name: str, value: object, why: str) -> None:
    before = config.settings
    with pytest.raises(ConfigError, match=why) as caught:
        setattr(config, name, value)
    assert (caught.value.key, caught.value.value, caught.value.origin) == (
        name,
        value,
        f"an assignment to config.{name}",
    )
    assert config.settings == before
    assert config.origin(name) == "defaults"


def test_an_impossible_secret_is_not_repeated(config: Config) -> None:
    with pytest.raises(ConfigError) as caught:
        config.cookie_secret = b"do not tell"
    assert "do not tell" not in str(caught.value)


@pytest.mark.parametrize(
    ("environ", "argv", "origin"),
    [
        ({"DESKAPP_PORT": "http"}, (), "environment variable DESKAPP_PORT"),
        ({}, ("--deskapp-port=http",), "command line --deskapp-port"),
        ({}, ("--deskapp-prot=3",), "command line --deskapp-prot"),
    ],
)
def test_a_faulty_source_is_named_when_a_value_is_asked_for(
    tmp_path: Path, environ: dict[str, str], argv: tuple[str, ...], origin: str
) -> None:
    config = Config(project=tmp_path, environ=environ, argv=argv)
    with pytest.raises(ConfigError) as caught:
        _ = config.host
    assert caught.value.origin == origin


def test_sources_are_read_when_first_needed_and_only_once(tmp_path: Path) -> None:
    environ = {"DESKAPP_PORT": "1"}
    config = Config(project=tmp_path, environ=environ, argv=())
    environ["DESKAPP_PORT"] = "2"
    assert config.port == 2
    environ["DESKAPP_PORT"] = "3"
    config.debug = True
    assert config.port == 2


def test_the_words_of_the_command_line_stay(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    words = ["program", "--deskapp-port=7", "file"]
    monkeypatch.setattr("sys.argv", words)
    assert Config(project=tmp_path, environ={}).port == 7
    assert words == ["program", "--deskapp-port=7", "file"]


def test_files_are_taken_whole_or_not_at_all(config: Config, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text("[deskapp]\nport = 1\ndebug = true", encoding="utf-8")
    bad.write_text("[deskapp]\nport = 2\ndebug = 'maybe'", encoding="utf-8")
    config.load_from_file(good)
    with pytest.raises(ConfigError, match="true or false") as caught:
        config.load_from_file(bad)
    assert caught.value.origin == str(bad)
    with pytest.raises(ConfigError, match="did you mean 'port'"):
        config.load_from_string("debug = false\nprot = 3")
    assert (config.port, config.debug) == (1, True)
    config.load_from_file(str(good))
    config.load_from_string("port = 5")
    assert (config.port, config.debug) == (5, True)


# -- handing out -------------------------------------------------------------------------------------------------------


def test_the_launcher_takes_what_was_assigned(defaults: Config) -> None:
    deskapp.config.cookie_secret = "mine"
    deskapp.config.port = 4711
    settings = program.launcher().settings
    assert isinstance(settings, Settings)
    assert (settings.cookie_secret, settings.port) == ("mine", 4711)


def test_the_secret_of_ones_own_program_signs_its_cookies(defaults: Config) -> None:
    with use_loop(Loop()):
        deskapp.config.cookie_secret = "mine"
        session = program.launcher().manager.create_session(AppSpec(PyComponent, "Main"))
        session.set_cookie("name", "value")
        signed = session._cookies._changed["name"]
        for secret, found in (("mine", "value"), ("another", None)):
            other = Session("x", cookie_secret=lambda secret=secret: secret)  # type: ignore[misc]
            other.take_request(SimpleNamespace(cookies={"name": SimpleNamespace(value=signed)}))
            assert other.get_cookie("name") == found
            other.close()
        session.close()


def test_afterwards_an_assignment_says_that_it_comes_too_late(defaults: Config) -> None:
    program.launcher()
    with pytest.raises(ConfigError, match=r"before the first launch\(\), serve\(\) or run\(\)") as caught:
        deskapp.config.port = 3
    assert caught.value.key == "port"
    with pytest.raises(ConfigError, match="before the first launch"):
        defaults.load_from_string("publish_url = 'https://a.example'\nport = 3")
    assert (defaults.port, defaults.publish_url) == (0, "")
    defaults.port = 0  # which it is


def test_some_settings_take_effect_at_any_time(defaults: Config) -> None:
    program.launcher()
    logger = logging.getLogger("deskapp")
    before = logger.level
    try:
        deskapp.config.publish_url = "https://a.example/"
        deskapp.config.log_level = "debug"
        assert logger.level == logging.DEBUG
        defaults.load_from_string("log_level = 'error'")
        assert logger.level == logging.DEBUG  # what is assigned wins
        assert defaults.publish_url == "https://a.example/"
    finally:
        logger.setLevel(before)


def test_a_program_that_is_gone_frees_the_settings(defaults: Config) -> None:
    program.launcher()
    program.use_launcher(None)
    deskapp.config.port = 3
    assert program.launcher().settings.port == 3


def test_a_launcher_with_settings_of_its_own_leaves_config_alone(defaults: Config) -> None:
    with AppHarness() as app:
        defaults.port = 3
        assert app.launcher.settings.port == 0


def test_config_is_made_once_and_can_be_replaced(defaults: Config) -> None:
    assert deskapp.config is default_config() is defaults
    assert use_config(None) is defaults
    assert deskapp.config is default_config() is not defaults
