from __future__ import annotations

import pytest

from deskapp.runtime.firefox import _prefs as data

GROUPS = {
    name: group
    for name, group in vars(data).items()
    if name.isupper() and name not in ("COMMON", "ENVIRONMENT") and hasattr(group, "items")
}


@pytest.mark.parametrize("name", GROUPS)
def test_values_are_what_firefox_takes(name: str) -> None:
    for preference, value in GROUPS[name].items():
        assert type(value) in (bool, int, str), preference
        if type(value) is int:
            assert -(2**31) <= value < 2**31, preference


def test_no_preference_is_said_twice() -> None:
    names = [preference for group in GROUPS.values() for preference in group]
    assert sorted(names) == sorted(set(names))
    assert len(names) > 100


def test_nothing_weakens_how_certificates_are_checked() -> None:
    names = " ".join(preference for group in GROUPS.values() for preference in group)
    assert "OCSP" not in names
    assert "cert_pinning" not in names
    assert "sandbox" not in names


def test_the_settings_server_is_named_together_with_the_variable_that_has_it_believed() -> None:
    assert data.NO_UPDATES["services.settings.server"] == "data:,#remote-settings-dummy/v1"
    assert data.ENVIRONMENT["MOZ_REMOTE_SETTINGS_DEVTOOLS"] == "1"


def test_keys_of_editing_and_closing_are_kept() -> None:
    assert not {"key_copy", "key_paste", "key_selectAll", "key_undo", "key_find", "key_close", "printKb"} & {
        *data.CLEARED_KEYS
    }
