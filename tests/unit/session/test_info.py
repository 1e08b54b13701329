"""`info`: what it reads from the request of a page, whatever looks at it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest

from deskapp import app
from deskapp.session import ScriptHandle, info
from deskapp.testing import AppHarness, TestClient

IPAD = (
    "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
    "Mobile/15E148 Safari/604.1"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 5_1 like Mac OS X) AppleWebKit/534.46 (KHTML, like Gecko) Version/5.1 "
    "Mobile/9B179 Safari/7534.48.3"
)
WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"
)
WEBKITGTK = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.0 Safari/605.1.15"


@pytest.fixture
async def harness() -> AsyncIterator[AppHarness]:
    async with AppHarness() as harness:
        yield harness


async def seen(harness: AppHarness, what: Any, **headers: str) -> Any:
    """What a function finds out of a page whose request had these headers, with - for _."""

    def main() -> object:
        return what()

    handle: ScriptHandle = app.launch(main)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    handle.session.take_request(SimpleNamespace(cookies={}, remote_ip="::1", headers=named))
    TestClient(handle.session).connect()
    await harness.until(handle.done)
    return handle.result()


@pytest.mark.parametrize(
    ("text", "kinds", "browser", "system", "device"),
    [
        (
            IPHONE,
            {"is_mobile", "is_touch_capable"},
            ("Mobile Safari", (5, 1), "5.1"),
            ("iOS", (5, 1), "5.1"),
            ("iPhone", "Apple", "iPhone"),
        ),
        (
            IPAD,
            {"is_tablet", "is_touch_capable"},
            ("Mobile Safari", (17, 5), "17.5"),
            ("iOS", (17, 5), "17.5"),
            ("iPad", "Apple", "iPad"),
        ),
        (WINDOWS, {"is_pc"}, ("Chrome", (120, 0, 0), "120.0.0"), ("Windows", (10,), "10"), ("Other", None, None)),
        (WEBKITGTK, {"is_pc"}, ("Safari", (16, 0), "16.0"), ("Linux", (), ""), ("Other", None, None)),
        ("", set(), ("Other", (), ""), ("Other", (), ""), ("Other", None, None)),
    ],
    ids=["iphone", "ipad", "windows", "webkitgtk", "nothing"],
)
async def test_the_user_agent_tells_browser_system_and_device(
    harness: AppHarness, text: str, kinds: set[str], browser: object, system: object, device: object
) -> None:
    def read() -> object:
        agent = info.user_agent
        return (
            {kind for kind in ("is_mobile", "is_tablet", "is_pc", "is_touch_capable") if getattr(agent, kind)},
            (agent.browser.family, agent.browser.version, agent.browser.version_string),
            (agent.os.family, agent.os.version, agent.os.version_string),
            (agent.device.family, agent.device.brand, agent.device.model),
        )

    assert await seen(harness, read, User_Agent=text) == (kinds, browser, system, device)


@pytest.mark.parametrize(
    ("header", "language"),
    [("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"), ("en-US", "en-US"), ("de;q=0.9, en", "de"), ("", "")],
)
async def test_the_language_is_the_one_that_is_asked_for_first(harness: AppHarness, header: str, language: str) -> None:
    assert await seen(harness, lambda: info.user_language, Accept_Language=header) == language


async def test_the_host_has_a_port_if_the_browser_names_one(harness: AppHarness) -> None:
    def read() -> object:
        return info.server_host, info.origin, info.user_ip

    found = await seen(harness, read, Host="example.org", Origin="https://example.org")
    assert found == ("example.org", "https://example.org", "::1")
    assert await seen(harness, read, Host="example.org:8080") == ("example.org:8080", "", "::1")


async def test_facts_can_be_looked_through_like_a_dict(harness: AppHarness) -> None:
    def read() -> object:
        assert "backend" in info
        assert "colour" not in info
        assert info["protocol"] == info.protocol == "websocket"
        return list(info)

    assert await seen(harness, read) == [
        "user_agent",
        "user_language",
        "server_host",
        "origin",
        "user_ip",
        "request",
        "backend",
        "protocol",
    ]
