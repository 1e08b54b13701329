from __future__ import annotations

import sys

import pytest

from deskapp.event import logger
from deskapp.event._log import log_failure


def test_a_failure_is_logged_with_its_traceback_and_kept_for_the_debugger(caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise KeyError("x")
    except KeyError as raised:
        error = raised
        log_failure("Action Foo1.bar", error)
    (record,) = caplog.records
    assert record.getMessage() == "Action Foo1.bar failed: KeyError: 'x'"
    assert record.exc_info is not None
    assert record.exc_info[1] is error
    assert sys.last_value is error


def test_the_logger_has_the_name_of_the_package() -> None:
    assert logger.name == "deskapp.event"
