from __future__ import annotations

from pathlib import Path

import pytest

from deskapp._page import CLIENT_PATH, PageMaker, csp, export_page
from deskapp._spec import AppSpec, Csp
from deskapp.errors import AssetMissing


class Thing:
    pass


def test_the_page_loads_script_and_style_of_the_present_client_with_its_nonce() -> None:
    text = PageMaker("abc123").page(AppSpec(Thing, "t"), "NONCE")
    assert f'src="{CLIENT_PATH}/abc123/client.js"' in text
    assert f'href="{CLIENT_PATH}/abc123/client.css"' in text
    assert 'nonce="NONCE"' in text


def test_the_title_is_escaped() -> None:
    text = PageMaker("abc").page(AppSpec(Thing, "t", title='</title><script>"$x"'), "N")
    assert "<title>&lt;/title&gt;&lt;script&gt;&quot;$x&quot;</title>" in text


def test_two_pages_of_an_app_differ_by_their_nonce_alone() -> None:
    maker, spec = PageMaker("abc"), AppSpec(Thing, "t")
    assert maker.page(spec, "one").replace("one", "two") == maker.page(spec, "two")


def test_the_strict_policy_lets_scripts_run_by_their_nonce_only() -> None:
    rules = dict(rule.split(" ", 1) for rule in csp(Csp(), "N").split("; "))
    assert rules["script-src"] == "'nonce-N'"
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == rules["frame-ancestors"] == "'none'"
    assert rules["connect-src"] == "'self'"


@pytest.mark.parametrize(
    ("policy", "rule"),
    [
        (Csp(eval=True), "script-src 'nonce-N' 'unsafe-eval';"),
        (Csp(wasm=True), "script-src 'nonce-N' 'wasm-unsafe-eval';"),
        (Csp(connect=("https://x.org", "wss://y.org")), "connect-src 'self' https://x.org wss://y.org;"),
    ],
)
def test_each_widening_changes_its_own_rule(policy: Csp, rule: str) -> None:
    text = csp(policy, "N")
    assert rule in text
    assert len(text.split("; ")) == len(csp(Csp(), "N").split("; "))


def test_an_exported_page_carries_its_icon(tmp_path: Path) -> None:
    icon = tmp_path / "icon.png"
    icon.write_bytes(b"abc")
    assert '<link rel="icon" href="data:image/png;base64,YWJj">' in export_page(AppSpec(Thing, "t", icon=icon), [])
    assert '<link rel="icon" href="data:,">' in export_page(AppSpec(Thing, "t"), [])


def test_an_icon_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    icon = tmp_path / "icon.png"
    icon.write_bytes(b"abc")

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(AssetMissing, match=r"icon\.png.*Permission denied"):
        export_page(AppSpec(Thing, "t", icon=icon), [])
