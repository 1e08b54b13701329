"""Who an application is towards each desktop."""

from __future__ import annotations

import pytest

from deskapp.runtime._identity import (
    MAX_MODEL_ID,
    app_user_model_id,
    bundle_id,
    desktop_file,
    identify_process,
    wm_class,
)


def test_on_linux_the_application_keeps_its_name() -> None:
    assert wm_class("org.example.Clock") == "org.example.Clock"
    assert desktop_file("org.example.Clock") == "org.example.Clock.desktop"


def test_on_windows_it_has_no_spaces_and_a_bound() -> None:
    assert app_user_model_id("Some Company.Clock") == "SomeCompany.Clock"
    assert len(app_user_model_id("x" * 500)) == MAX_MODEL_ID


@pytest.mark.parametrize(
    ("app_id", "expected"),
    [("org.example.Clock", "org.example.Clock"), ("my_clock", "my-clock"), ("a..b c.", "a.b-c")],
)
def test_on_macos_it_is_letters_digits_hyphens_and_dots(app_id: str, expected: str) -> None:
    assert bundle_id(app_id) == expected


def test_naming_the_process_does_nothing_where_runtimes_name_windows() -> None:
    identify_process("org.example.Clock")
