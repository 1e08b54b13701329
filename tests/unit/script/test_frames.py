"""HTML in frames: what the page is told, and what the server answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from deskapp.output import put_html
from deskapp.script.frames import MAX_HEIGHT_PX, frame_document, frame_output
from deskapp.testing import AppHarness
from tests.integration.sockets import Reply, get
from tests.unit.script.data_page import libraries, library_folder, shown

__all__ = ["libraries", "library_folder"]

pytestmark = pytest.mark.usefixtures("libraries")


@pytest.fixture
async def harness() -> AsyncIterator[AppHarness]:
    async with AppHarness() as harness:
        yield harness


def address(harness: AppHarness, path: str) -> str:
    return "/".join(harness.launcher.server.url("/").split("/")[:3]) + path


async def fetched(harness: AppHarness, path: str, **headers: str) -> Reply:
    return await get(address(harness, path), headers={name.replace("_", "-"): text for name, text in headers.items()})


async def test_the_document_is_answered_with_a_policy_of_its_own_and_no_origin(harness: AppHarness) -> None:
    handle, page = await shown(harness, lambda: frame_output("<p>x</p><script>f()</script>", "f()", title="One"))
    props = page.put("frame")
    assert (props["title"], props["height"]) == ("One", None)
    assert props["url"].startswith(f"/_a/{handle.session.frame_key}/frame/")
    assert handle.session.asset_key not in props["url"]
    reply = await fetched(harness, props["url"], Sec_Fetch_Site="same-origin", Sec_Fetch_Dest="iframe")
    assert reply.code == 200
    assert reply.body.decode() == frame_document("<p>x</p><script>f()</script>", props["token"])
    assert props["token"] in reply.body.decode()
    assert reply.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert reply.headers["Cache-Control"] == "no-store"
    rules = dict(rule.strip().split(" ", 1) for rule in reply.headers["Content-Security-Policy"].split(";"))
    assert rules == {
        "sandbox": "allow-scripts",
        "default-src": "'none'",
        "script-src": "'unsafe-inline' 'unsafe-eval'",
        "style-src": "'unsafe-inline'",
        "img-src": "data: blob: https:",
        "media-src": "data: blob: https:",
        "font-src": "data:",
        "worker-src": "blob:",
        "connect-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'self'",
    }


async def test_other_sites_and_other_keys_get_no_document(harness: AppHarness) -> None:
    handle, page = await shown(harness, lambda: frame_output("<p>x", "f()"))
    url = page.put("frame")["url"]
    assert (await fetched(harness, url, Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate")).code == 403
    assert (await get(address(harness, url), headers={"Host": "evil.example"})).code == 421
    assert (await fetched(harness, url.replace(handle.session.frame_key, handle.session.asset_key))).code == 404
    assert (await fetched(harness, url + "x")).code == 404


async def test_a_document_is_dropped_when_its_frame_has_gone(harness: AppHarness) -> None:
    _, page = await shown(harness, lambda: frame_output("<p>x", "f()"))
    props = page.put("frame")
    page.do(props["gone"])
    await harness.quiet()
    assert (await fetched(harness, props["url"])).code == 404


async def test_documents_are_dropped_at_a_reload_and_at_the_end_of_the_session(harness: AppHarness) -> None:
    handle, page = await shown(harness, lambda: frame_output("<p>x", "f()"))
    first = page.put("frame")["url"]
    page.reload()
    await harness.until(lambda: page.put("frame")["url"] != first)
    second = page.put("frame")["url"]
    assert [(await fetched(harness, url)).code for url in (first, second)] == [404, 200]
    handle.session.close()
    await harness.until(lambda: handle.session.ending is not None)
    assert handle.session.get_frame(second.rpartition("/")[2]) is None


async def test_html_that_is_not_sanitised_is_shown_in_a_frame(harness: AppHarness) -> None:
    _, page = await shown(harness, lambda: put_html("<b>x</b>", sanitize=False))
    assert page.put("frame")["height"] is None


def test_the_script_of_a_frame_comes_before_what_could_swallow_it() -> None:
    document = frame_document("<!-- <textarea> $token", "T")
    assert document.index("ResizeObserver") < document.index("<!-- <textarea> $token")
    assert 'token = "T"' in document


@pytest.mark.parametrize(
    ("html", "height", "error", "why"),
    [
        (b"<p>", None, TypeError, "takes HTML as a text, not bytes"),
        ("<p>", "3px", TypeError, "whole number of px as height, not '3px'"),
        ("<p>", True, TypeError, "whole number of px as height, not True"),
        ("<p>", 0, ValueError, f"1 to {MAX_HEIGHT_PX} px high, not 0"),
    ],
)
def test_what_cannot_be_framed_is_refused(html: Any, height: Any, error: type[Exception], why: str) -> None:
    with pytest.raises(error, match=why):
        frame_output(html, "f()", height=height)
