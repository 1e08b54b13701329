"""Who an application is towards each desktop."""

from __future__ import annotations

from deskapp.runtime._identity import MAX_MODEL_ID, app_user_model_id, wm_class


def test_on_linux_the_application_keeps_its_name() -> None:
    assert wm_class("org.example.Clock") == "org.example.Clock"


def test_on_windows_it_has_no_spaces_and_a_bound() -> None:
    assert app_user_model_id("Some Company.Clock") == "SomeCompany.Clock"
    assert len(app_user_model_id("x" * 500)) == MAX_MODEL_ID
