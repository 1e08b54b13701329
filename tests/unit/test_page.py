from __future__ import annotations

import base64
import hashlib
import html
import re
from pathlib import Path

import pytest

from deskapp._page import CLIENT_PATH, PageElement, PageMaker, csp, export_page, page_element
from deskapp._spec import AppSpec, Csp
from deskapp.assets import Asset
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


# Exported pages


def rules_of(page: str) -> dict[str, str]:
    """The policy that stands in a page."""
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert found is not None
    return dict(rule.split(" ", 1) for rule in html.unescape(found.group(1)).split("; "))


def test_an_embedded_script_is_allowed_by_the_hash_of_what_is_in_its_element() -> None:
    element = page_element(Asset("a.js", "one;\r\ntwo; '</script>'"), "", 0)
    inside = re.fullmatch(r"<script id=\"a.js\">(.*)</script>", element.html, re.DOTALL)
    assert inside is not None
    digest = base64.b64encode(hashlib.sha256(inside.group(1).encode()).digest()).decode()
    assert element == PageElement(element.html, True, (f"'sha256-{digest}'",))


def test_a_linked_script_is_allowed_as_a_file_of_the_page() -> None:
    element = page_element(Asset("a.css", "x"), "p/a.css", 2)
    assert (element.is_script, element.sources) == (False, ("'self'", "file:"))
    assert 'href="p/a.css"' in element.html


@pytest.mark.parametrize("link", [1, 3])
def test_a_remote_script_is_allowed_by_its_address(link: int) -> None:
    remote = Asset("https://cdn.example/a;b,c/lib.js?v=1")
    assert page_element(remote, "", link).sources == ("https://cdn.example/a%3Bb%2Cc/lib.js",)


def test_elements_may_have_further_attributes() -> None:
    assert page_element(Asset("a.js", "x"), "", 0, 'data-connect="no"').html == (
        '<script data-connect="no" id="a.js">x</script>'
    )


def test_an_exported_page_has_its_policy_before_anything_that_it_is_about() -> None:
    elements = [page_element(Asset(name, name), "", 0) for name in ("b.js", "a.css", "a.js")]
    page = export_page(AppSpec(Thing, "t", title="<T>", csp=Csp(connect=("https://x.org",))), elements)
    assert "<title>&lt;T&gt;</title>" in page
    assert page.index("Content-Security-Policy") < page.index('id="a.css"') < page.index("</head>")
    assert page.index("deskapp-root") < page.index('id="b.js"') < page.index('id="a.js"')
    rules = rules_of(page)
    assert rules["connect-src"] == "'self' file: https://x.org"
    assert rules["script-src"].split() == [source for each in elements if each.is_script for source in each.sources]
    assert "x-ua-compatible" not in page


def test_the_header_of_an_hta_comes_after_all_that_belongs_into_a_head() -> None:
    page = export_page(AppSpec(Thing, "t", title='"T"'), [page_element(Asset("a.css", "x"), "", 0)], is_hta=True)
    head = page[: page.index("</head>")]
    # A browser ends the head at the first element that it does not know, and a policy outside of it counts for nothing.
    assert head.index('id="a.css"') < head.index('<hta:application applicationname="&quot;T&quot;"')
    assert head.rstrip().endswith(">")
    assert "engine of HTML Applications is too old" in page[page.index("<body>") :]


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
