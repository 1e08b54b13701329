"""Facts about `deskapp._logging`."""

from __future__ import annotations

import logging
import subprocess
import sys
from typing import Any

import pytest

from deskapp._logging import log_shown, set_log_level
from deskapp.errors import ConfigError

PROGRAM = """
import logging, sys
from deskapp._logging import log_shown
if "own" in sys.argv:
    logging.basicConfig(format="own %(message)s")
with log_shown("info"):
    logging.getLogger("deskapp.page").info("hello")
    logging.getLogger("deskapp.page").debug("too low")
logging.getLogger("deskapp.page").info("afterwards")
"""


def said(*arguments: str) -> str:
    done = subprocess.run([sys.executable, "-c", PROGRAM, *arguments], capture_output=True, text=True, check=True)
    return done.stderr


def test_a_program_without_logging_sees_the_log_while_it_runs() -> None:
    assert said() == "INFO deskapp.page: hello\n"


def test_a_program_that_set_logging_up_keeps_what_it_set() -> None:
    assert said("own") == ""


def test_nothing_is_left_behind() -> None:
    logger = logging.getLogger("deskapp")
    before = list(logger.handlers), logger.level
    with log_shown("debug"):
        logger.debug("seen or not")
    assert (list(logger.handlers), logger.level) == before


MATCHING = """
import logging, sys
from deskapp import set_log_level
from deskapp._logging import log_shown
if "own" in sys.argv:
    logging.basicConfig(format="own %(name)s: %(message)s", level="DEBUG")
def speak():
    for name in ("deskapp", "deskapp.page", "deskapp.server", "other"):
        logging.getLogger(name).debug("hello")
    logging.getLogger("deskapp.session").debug("a page came")
def shown(*arguments):
    set_log_level(*arguments)
    with log_shown("info"):
        speak()
shown("DEBUG", "page")
print("--", file=sys.stderr)
shown(logging.DEBUG)
print("--", file=sys.stderr)
shown("warning", "page")
shown("debug", "^speak$")
"""


def matched(*arguments: str) -> list[list[str]]:
    done = subprocess.run([sys.executable, "-c", MATCHING, *arguments], capture_output=True, text=True, check=True)
    return [part.split("\n")[:-1] for part in done.stderr.split("--\n")]


def test_what_is_shown_can_be_chosen_by_level_and_match() -> None:
    page, whole = "DEBUG deskapp.page: hello", "DEBUG deskapp.session: a page came"
    everything = ["DEBUG deskapp: hello", page, "DEBUG deskapp.server: hello", whole]
    assert matched() == [[page, whole], everything, everything]


def test_a_match_leaves_the_log_of_others_alone() -> None:
    first, second, third = matched("own")
    assert first == ["own deskapp.page: hello", "own other: hello", "own deskapp.session: a page came"]
    assert second == [
        "own deskapp: hello",
        "own deskapp.page: hello",
        "own deskapp.server: hello",
        "own other: hello",
        "own deskapp.session: a page came",
    ]
    assert third == ["own other: hello", *second]


@pytest.mark.parametrize(
    ("level", "match", "why"),
    [
        ("warn", None, "possible are 'debug'"),
        (None, None, "possible are"),
        (True, None, "possible are"),
        (-1, None, "possible are"),
        ("info", "(", "no regular expression"),
        ("info", 3, "no regular expression"),
    ],
)
def test_an_impossible_choice_changes_nothing(level: Any, match: Any, why: str) -> None:
    logger = logging.getLogger("deskapp")
    before = logger.level, list(logger.filters)
    with pytest.raises(ConfigError, match=why):
        set_log_level(level, match)
    assert (logger.level, list(logger.filters)) == before


def test_a_level_chosen_while_it_runs_stays() -> None:
    logger = logging.getLogger("deskapp")
    before = logger.level
    try:
        logger.setLevel(logging.NOTSET)
        with log_shown("info"):
            set_log_level("debug")
        assert logger.level == logging.DEBUG
    finally:
        logger.setLevel(before)
