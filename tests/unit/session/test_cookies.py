from __future__ import annotations

import datetime
import re
import string
import time
from http.cookies import CookieError, SimpleCookie
from typing import Any

import pytest

from deskapp.errors import SessionException
from deskapp.session import _cookies
from deskapp.session._cookies import DAY_S, MAX_COOKIE_BYTES, Cookies

BASE64 = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"


class Browser:
    """Keeps cookies as browsers do, and brings them to the next visit."""

    def __init__(self, secret: str = "s3cret") -> None:
        self.kept: SimpleCookie = SimpleCookie()
        self.cookies = Cookies(lambda: secret)

    def set(self, name: Any, value: Any, **options: Any) -> str:
        """Set a cookie, collect it, and return its header."""
        header = self.cookies.take(self.cookies.set(name, value, **options))
        assert header is not None
        self.kept.load(header)
        return header

    def visit(self, secret: str = "s3cret") -> Cookies:
        """Come again."""
        again = Cookies(lambda: secret)
        again.take_request(self.kept)
        return again


def get(cookies: Cookies, name: str, default: Any = None, *, days: float = 31, min_version: int | None = None) -> Any:
    return cookies.get(name, default, max_age_days=days, min_version=min_version)


@pytest.mark.parametrize("value", ["plain", "", 'with space; and, "all" =that', "ä ☃ 🦎", "x" * 1000])
def test_a_later_visit_brings_what_was_set(value: str) -> None:
    browser = Browser()
    browser.set("name", value)
    assert get(browser.visit(), "name") == value


def test_what_was_set_is_known_at_once_and_over_what_was_brought() -> None:
    browser = Browser()
    browser.set("name", "old")
    cookies = browser.visit()
    cookies.set("name", "new")
    assert get(cookies, "name") == "new"


def test_what_nobody_set_is_the_default() -> None:
    assert get(Cookies(lambda: "s"), "name", 5) == 5


def test_a_value_is_signed_with_the_secret_and_with_its_name() -> None:
    browser = Browser()
    header = browser.set("name", "value")
    assert "value" not in header.split(";")[0]  # it is packed, though not secret
    assert get(browser.visit("another secret"), "name", "no") == "no"
    signed = browser.kept["name"].value
    cookies = Cookies(lambda: "s3cret")
    cookies.take_request({"other": signed, "name": signed})
    assert get(cookies, "other", "no") == "no"
    assert get(cookies, "name") == "value"


def test_whatever_is_no_value_of_ours_is_the_default() -> None:
    browser = Browser()
    browser.set("name", "value")
    signed = browser.kept["name"].value
    # Half the alphabet on: the last character of a part has bits that mean nothing, but never the highest one.
    other = {old: BASE64[(n + 32) % 64] for n, old in enumerate(BASE64)}
    changed = [signed[:n] + other.get(signed[n], "A") + signed[n + 1 :] for n in range(len(signed))]
    cut = [signed[:n] for n in range(len(signed))]
    wild = ["", ".", "..", "a.b.c", "\x00", "é" * 9, "x" * 10_000, ".eJw=.Zm9v.YmFy", signed + signed, "null", "[1, 2]"]
    for text in [*changed, *cut, *wild]:
        cookies = Cookies(lambda: "s3cret")
        cookies.take_request({"name": text})
        assert get(cookies, "name", "default") == "default", text


def test_a_value_of_another_form_with_a_right_signature_is_the_default() -> None:
    cookies = Cookies(lambda: "s")
    for payload in (None, 3, "text", [], [2], [2, "a", "b"], {"a": 1}):
        cookies.take_request({"name": cookies._signer("name").dumps(payload)})
        assert get(cookies, "name", "default") == "default", payload


def test_what_is_too_old_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Browser()
    browser.set("name", "value")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 31 * DAY_S - 5)
    assert get(browser.visit(), "name") == "value"
    assert get(browser.visit(), "name", days=30) is None
    monkeypatch.setattr(time, "time", lambda: now + 31 * DAY_S + 5)
    assert get(browser.visit(), "name") is None
    assert get(browser.visit(), "name", days=40) == "value"


def test_a_version_travels_with_the_value() -> None:
    browser = Browser()
    browser.set("plain", "a")
    browser.set("third", "b", version=3)
    cookies = browser.visit()
    assert [get(cookies, "plain", min_version=version) for version in (None, 1, 2, 3)] == ["a", "a", "a", None]
    assert [get(cookies, "third", min_version=version) for version in (2, 3, 4)] == ["b", "b", None]


def test_none_clears_a_cookie() -> None:
    browser = Browser()
    browser.set("name", "value")
    cookies = browser.visit()
    header = cookies.take(cookies.set("name", None, expires_days=30, max_age=99))
    assert header is not None
    assert re.match(r'name=(""|); ', header)
    assert "expires=Thu, 01 Jan 1970 00:00:00 GMT" in header
    assert "Max-Age=0" in header
    assert get(cookies, "name", "gone") == "gone"


def test_a_cookie_lasts_as_long_as_it_is_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_700_000_000.0)
    browser = Browser()
    assert "expires=Thu, 14 Dec 2023 22:13:20 GMT" in browser.set("a", "x", expires_days=30)
    assert "expires" not in browser.set("a", "x", expires_days=None)
    moment = datetime.datetime(2030, 1, 2, 3, 4, 5)
    zoned = datetime.datetime(2030, 1, 2, 4, 4, 5, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))
    for expires in (moment, zoned, moment.timetuple(), 1893553445, 1893553445.0):
        assert "expires=Wed, 02 Jan 2030 03:04:05 GMT" in browser.set("a", "x", expires_days=30, expires=expires)


def test_attributes_go_into_the_header() -> None:
    header = Browser().set(
        "a", "x", domain="example.org", path="/app", httponly=True, secure=True, samesite="Strict", max_age=60
    )
    parts = header.split("; ")[1:]
    assert sorted(parts) == ["Domain=example.org", "HttpOnly", "Max-Age=60", "Path=/app", "SameSite=Strict", "Secure"]


def test_what_is_left_out_or_false_is_not_in_the_header() -> None:
    assert sorted(Browser().set("a", "x", httponly=False, secure=0, comment=None).split("; ")[1:]) == [
        "Path=/",
        "SameSite=Lax",
    ]


def test_an_unknown_attribute_is_named() -> None:
    cookies = Cookies(lambda: "s")
    with pytest.raises(CookieError, match=r"no attribute 'colour'; it has .*httponly"):
        cookies.set("a", "x", colour="red")
    assert cookies.offers == []
    assert get(cookies, "a") is None


@pytest.mark.parametrize(
    "name", ["", "a b", "a;b", "a=b", "a,b", "a\nb", "ä", "a\x00", 'a"', 3, None, "a/b", "version", "Path"]
)
def test_a_name_that_no_cookie_has_is_refused(name: Any) -> None:
    cookies = Cookies(lambda: "s")
    with pytest.raises(ValueError, match="name of a cookie"):
        cookies.set(name, "x")
    with pytest.raises(ValueError, match="name of a cookie"):
        get(cookies, name)


@pytest.mark.parametrize("value", ["a\nb", "a\x00", "\x7f", 3, b"bytes", ["x"]])
def test_a_value_that_no_cookie_has_is_refused(value: Any) -> None:
    cookies = Cookies(lambda: "s")
    with pytest.raises(ValueError, match="the value of cookie 'a'"):
        cookies.set("a", value)
    assert get(cookies, "a") is None


@pytest.mark.parametrize(
    "options",
    [
        {"path": "/; Domain=evil"},
        {"domain": "a\r\nSet-Cookie: b=c"},
        {"samesite": "Lax; Secure"},
        {"expires": "tomorrow"},
        {"expires": True},
        {"expires": 1e20},
        {"expires": (2030, 1, 1)},
        {"expires_days": "30"},
        {"expires_days": 1e12},
        {"expires_days": float("inf")},
        {"expires_days": float("nan")},
        {"samesite": "lenient"},
        {"max_age": "long"},
        {"path": "below"},
        {"version": 0},
        {"version": "2"},
    ],
)
def test_what_an_attribute_cannot_be_is_refused(options: dict[str, Any]) -> None:
    cookies = Cookies(lambda: "s")
    with pytest.raises(ValueError, match=r"cannot be|must be|cannot expire"):
        cookies.set("a", "x", **options)
    assert cookies.offers == []


@pytest.mark.parametrize("moment", [datetime.datetime.max, datetime.datetime.min])
def test_a_cookie_can_expire_in_any_year(moment: datetime.datetime) -> None:
    assert f" {moment.year:04} " in set_in_browser(expires=moment)


def set_in_browser(**options: Any) -> str:
    cookies = Cookies(lambda: "s")
    return cookies.take(cookies.set("a", "x", **options)) or ""


@pytest.mark.parametrize("bounds", [{"max_age_days": "1"}, {"max_age_days": float("nan")}, {"min_version": "2"}])
def test_bounds_of_what_is_read_are_numbers(bounds: dict[str, Any]) -> None:
    cookies = Cookies(lambda: "s")
    with pytest.raises(ValueError, match="must be"):
        cookies.get("a", None, **{"max_age_days": 31, "min_version": None, **bounds})


def test_a_cookie_may_be_of_any_age() -> None:
    cookies = Cookies(lambda: "s")
    cookies.set("a", "x")
    assert cookies.get("a", None, max_age_days=float("inf"), min_version=None) == "x"


def test_what_browsers_would_drop_is_refused() -> None:
    import secrets

    cookies = Cookies(lambda: "s")
    with pytest.raises(ValueError, match=f"browsers keep {MAX_COOKIE_BYTES} of them at most"):
        cookies.set("a", secrets.token_urlsafe(MAX_COOKIE_BYTES))


def test_what_is_offered_can_be_taken_once() -> None:
    cookies = Cookies(lambda: "s")
    first, second = cookies.set("a", "1"), cookies.set("b", "2")
    assert cookies.offers == [first, second]
    assert (cookies.take(first) or "").startswith("a=")
    assert cookies.take(first) is None
    assert cookies.take("guessed") is None
    assert cookies.offers == [second]
    cookies.clear()
    assert cookies.take(second) is None


def test_offers_that_nobody_takes_have_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_cookies, "MAX_OFFERS", 2)
    cookies = Cookies(lambda: "s")
    cookies.set("a", "1")
    cookies.set("a", "2")
    with pytest.raises(SessionException, match="2 cookies wait"):
        cookies.set("a", "3")
    assert get(cookies, "a") == "2"
