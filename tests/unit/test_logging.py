"""Facts about `deskapp._logging`."""

from __future__ import annotations

import logging
import subprocess
import sys

from deskapp._logging import log_shown

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
