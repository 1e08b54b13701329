"""Cookies of one page: values that are signed, and one-time addresses at which the page collects them.

A cookie cannot be set over a websocket. So a page is told an address that only it knows and that is good for one time;
it fetches it, and the answer carries ``Set-Cookie``. What is set like that may be hidden from scripts (``httponly``).

A value looks like this, before it is signed with the time and with the cookie's name (so that the value of one cookie
is worth nothing under another name)::

    [version, value]
"""

from __future__ import annotations

import calendar
import datetime
import email.utils
import hashlib
import math
import re
import time
from collections.abc import Callable, Mapping
from http.cookies import CookieError, Morsel
from typing import TYPE_CHECKING, Any

from deskapp._secret import new_secret
from deskapp.errors import SessionException

if TYPE_CHECKING:
    from itsdangerous import URLSafeTimedSerializer

DAY_S = 86400.0
VERSION = 2
"""The version of values that are set without one. Readers may ask for a higher one than a program once wrote."""

MAX_COOKIE_BYTES = 4096
"""Browsers drop what is longer (RFC 6265bis, 5.6), name, value and attributes together."""

MAX_OFFERS = 1000

# A token of RFC 9110, 5.6.2, which is what RFC 6265 allows as a name.
_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_IN_ATTRIBUTE = re.compile(r"[\x00-\x1f\x7f;]")
# What browsers would leave out without a word (RFC 6265bis, 5.6.2 and 5.6.4 to 5.6.7).
_POSSIBLE = {
    "samesite": re.compile("Strict|Lax|None", re.I),
    "max-age": re.compile("-?[0-9]+"),
    "path": re.compile("/.*"),
}

Moment = datetime.datetime | time.struct_time | tuple[int, ...] | float


class Cookies:
    """Reads what the page's browser brought, and offers it new ones.

    Args:
        secret: Gives the text that signs values; asked when a cookie is read or set.
    """

    def __init__(self, secret: Callable[[], str]) -> None:
        self._secret = secret
        self._brought: dict[str, str] = {}
        self._changed: dict[str, str | None] = {}
        self._offers: dict[str, str] = {}

    def take_request(self, cookies: Mapping[str, Any]) -> None:
        """Know the cookies of a request: a mapping of names to texts, or to what `http.cookies` makes of them."""
        self._brought = {str(name): str(getattr(found, "value", found)) for name, found in cookies.items()}

    def get(self, name: str, default: Any, *, max_age_days: float, min_version: int | None) -> Any:
        """Return the value of a cookie, or `default` if there is none that is genuine, young and new enough."""
        name = checked_name(name)
        oldest = _seconds_of_days(max_age_days, "max_age_days")
        if min_version is not None and not isinstance(min_version, int):
            raise ValueError(f"min_version must be a whole number, not {min_version!r}")
        signed = self._changed[name] if name in self._changed else self._brought.get(name)
        if signed is None:
            return default
        from itsdangerous import BadData

        try:
            version, value = self._signer(name).loads(signed, max_age=int(min(oldest, time.time())))
        except (BadData, TypeError, ValueError):
            return default
        return value if min_version is None or version >= min_version else default

    def set(
        self,
        name: str,
        value: str | None,
        *,
        expires_days: float | None = None,
        version: int | None = None,
        domain: str | None = None,
        expires: Moment | None = None,
        path: str = "/",
        **attributes: Any,
    ) -> str:
        """Make a cookie, and offer it to the page. See `Session.set_cookie`.

        Returns:
            The token of the one-time address at which it waits.
        """
        name = checked_name(name)
        signed = None if value is None else self._signed(name, value, VERSION if version is None else version)
        morsel: Morsel[str] = Morsel()
        morsel.set(name, signed or "", signed or "")
        if signed is None:
            morsel["expires"], morsel["max-age"] = email.utils.formatdate(0, usegmt=True), "0"
        else:
            until = expires
            if expires is None and expires_days is not None:
                until = time.time() + _seconds_of_days(expires_days, "expires_days")
            if until is not None:
                morsel["expires"] = _date(until)
        attributes = {"domain": domain, "path": path, "samesite": "Lax", **attributes}
        if signed is None:
            attributes.pop("max_age", None)
        for key, given in attributes.items():
            _set_attribute(morsel, key.replace("_", "-"), given)
        header = morsel.OutputString()
        if len(header) > MAX_COOKIE_BYTES:
            raise ValueError(
                f"cookie {name!r} has {len(header)} bytes; browsers keep {MAX_COOKIE_BYTES} of them at most"
            )
        if len(self._offers) >= MAX_OFFERS:
            raise SessionException(f"{MAX_OFFERS} cookies wait for the page to collect them; set {name!r} later")
        self._changed[name] = signed
        token = new_secret()
        self._offers[token] = header
        return token

    @property
    def offers(self) -> list[str]:
        """The tokens of what the page has not collected yet, oldest first."""
        return list(self._offers)

    def take(self, token: str) -> str | None:
        """Return what waits under a token, once: the value of a ``Set-Cookie`` header."""
        return self._offers.pop(token, None)

    def clear(self) -> None:
        """The session has ended: what was not collected is gone."""
        self._offers.clear()

    def _signed(self, name: str, value: str, version: int) -> str:
        if not isinstance(value, str):
            raise ValueError(f"the value of cookie {name!r} must be a text or None, not {value!r}")
        if _CONTROL.search(value):
            raise ValueError(f"the value of cookie {name!r} has characters that cookies do not take: {value!r}")
        if not isinstance(version, int) or isinstance(version, bool) or version < 1:
            raise ValueError(f"the version of cookie {name!r} must be a whole number above zero, not {version!r}")
        signed = self._signer(name).dumps([version, value])
        return signed.decode() if isinstance(signed, bytes) else signed

    def _signer(self, name: str) -> URLSafeTimedSerializer:
        from itsdangerous import URLSafeTimedSerializer

        return URLSafeTimedSerializer(
            self._secret(),
            salt=f"deskapp.cookie.{name}",
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )


def checked_name(name: str) -> str:
    """`name` itself, if a cookie may have it.

    Raises:
        ValueError: It may not.
    """
    if not isinstance(name, str) or _NAME.fullmatch(name) is None:
        raise ValueError(f"the name of a cookie consists of letters, digits and some of !#$%&'*+-.^_`|~, not {name!r}")
    if Morsel().isReservedKey(name):
        raise ValueError(f"the name of a cookie cannot be {name!r}, which is that of an attribute of cookies")
    return name


def _seconds_of_days(days: float, what: str) -> float:
    if not isinstance(days, int | float) or isinstance(days, bool) or math.isnan(days):
        raise ValueError(f"{what} must be a number of days, not {days!r}")
    return days * DAY_S


def _date(moment: Moment) -> str:
    """A moment as headers of HTTP have it. A `datetime` without a time zone means UTC, as there."""
    try:
        if isinstance(moment, datetime.datetime):
            zoned = moment if moment.tzinfo is not None else moment.replace(tzinfo=datetime.timezone.utc)
            return email.utils.format_datetime(zoned.astimezone(datetime.timezone.utc), usegmt=True)
        if isinstance(moment, tuple):
            return email.utils.formatdate(calendar.timegm(moment), usegmt=True)
        if isinstance(moment, int | float) and not isinstance(moment, bool):
            return email.utils.formatdate(moment, usegmt=True)
    except (TypeError, ValueError, OverflowError, OSError) as error:
        raise ValueError(f"a cookie cannot expire at {moment!r}: {error}") from None
    raise ValueError(f"expires must be a datetime, a time tuple or seconds since 1970, not {moment!r}")


def _set_attribute(morsel: Morsel[str], key: str, value: Any) -> None:
    """Set one attribute of a cookie; `morsel` says which there are."""
    if key not in morsel:
        raise CookieError(f"a cookie has no attribute {key!r}; it has {', '.join(sorted(morsel))}")
    if value is None or value is False or (key in ("httponly", "secure") and not value):
        return
    text = "" if value is True else str(value)
    is_possible = _POSSIBLE.get(key)
    if _IN_ATTRIBUTE.search(text) or (is_possible is not None and is_possible.fullmatch(text) is None):
        raise ValueError(f"{key!r} of a cookie cannot be {value!r}")
    morsel[key] = True if value is True else text
