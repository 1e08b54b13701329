"""Publishing: an exported app sent to a site, with the name and the token that the site keeps."""

from __future__ import annotations

import http.client
import io
import ipaddress
import json
import ssl
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping
from typing import IO, Any
from urllib.parse import quote, urljoin, urlsplit

from deskapp._publish_rules import BODY_TYPE, NAME_HEADER, fault_of_name, fault_of_paths, fault_of_token
from deskapp._version import __version__
from deskapp.errors import PublishError

SILENCE_S = 60.0
"""Seconds that a site may say nothing, or take nothing of what is sent."""

WHOLE_S = 900.0
"""Seconds that a publication may take."""

ANSWER_BYTES = 65536
SAID_CHARS = 300
CHUNK_BYTES = 65536

HOW_TO_RUN_A_SITE = (
    "say where with url=… or the setting publish_url. "
    "To run a site of your own: deskapp site DIR, whose address is then http://127.0.0.1:8080/"
)


class Publication:
    """A name, its token, and the site that keeps both. What is wrong with them is found before anything is sent.

    Args:
        name: The app's name on the site.
        token: The secret that later publications under this name need.
        url: Where to send it; ``{name}`` and ``{token}`` in it are filled in.
        silence_s: Seconds that the site may be silent.
        whole_s: Seconds that the sending may take.

    Raises:
        PublishError: One of them cannot be.
    """

    def __init__(
        self, name: str, token: str, url: str | None, *, silence_s: float = SILENCE_S, whole_s: float = WHOLE_S
    ) -> None:
        self._name, self._token = name, token
        self._site = ""
        for fault in (fault_of_name(name), fault_of_token(token)):
            if fault:
                raise self._error(fault)
        if not url:
            raise self._error(HOW_TO_RUN_A_SITE)
        if not isinstance(url, str):
            raise self._error(f"an address is a text, and {url!r} is none")
        self._url, self._site = _filled(url, name, token), _filled(url, name, "{token}")
        self._is_near = self._check_address(url)
        self._silence_s, self._whole_s = silence_s, whole_s

    def send(self, files: Mapping[str, bytes]) -> str:
        """Send the files and return the address at which the site shows them.

        Blocks until the site has answered.

        Args:
            files: Contents by relative path, as `App.dump` makes them; one is ``index.html``.

        Raises:
            PublishError: A file's name cannot be, the site cannot be reached or refuses; the text says what it said.
        """
        fault = fault_of_paths(files)
        if fault:
            raise self._error(fault)
        body = pack(files)
        deadline = time.monotonic() + self._whole_s
        request = urllib.request.Request(
            self._url,
            data=_pieces(body, deadline),
            method="POST",
            headers={
                "Authorization": f"Bearer {self._token}",
                NAME_HEADER: self._name,
                "Content-Type": BODY_TYPE,
                "Content-Length": str(len(body)),
                "Accept": "application/json, text/plain",
                "User-Agent": f"deskapp/{__version__}",
            },
        )
        try:
            with self._opener().open(request, timeout=self._silence_s) as answer:
                return self._address(_read(answer, deadline))
        except urllib.error.HTTPError as error:
            with error:
                raise self._refusal(error, deadline) from None
        except (OSError, http.client.HTTPException) as error:
            raise self._error(self._why(error, len(body))) from error

    def _check_address(self, url: str) -> bool:
        """Whether the site is on this machine; an address that cannot be, or that would give the token away, raises."""
        if not url.isascii() or not url.isprintable() or " " in url:
            raise self._error("an address has no spaces and no letters beyond ASCII; write them as %20 and the like")
        try:
            parts = urlsplit(self._url)
            _ = parts.port
        except ValueError as error:
            raise self._error(f"this is no address: {error}") from None
        if parts.scheme not in ("https", "http") or not parts.hostname:
            raise self._error("an address begins with https:// or http:// and a host")
        if "{" in self._url or "}" in self._url:
            raise self._error("only {name} and {token} can stand in braces")
        if parts.username is not None or parts.password is not None:
            raise self._error("an address with user and password is not supported; the token is the password")
        is_near = _is_loopback(parts.hostname)
        if parts.scheme == "http" and not is_near:
            raise self._error("over http:// everybody on the way could read the token; the site needs https://")
        return is_near

    def _opener(self) -> urllib.request.OpenerDirector:
        handlers: list[urllib.request.BaseHandler] = [
            urllib.request.HTTPSHandler(context=ssl.create_default_context()),
            _NoRedirect(),
        ]
        if self._is_near:  # a proxy has no business with what stays on this machine
            handlers.append(urllib.request.ProxyHandler({}))
        return urllib.request.build_opener(*handlers)

    def _address(self, answer: bytes) -> str:
        """Where the site says that the app is; a site that does not say it shows it where it was sent."""
        try:
            told = json.loads(answer)
        except ValueError:
            told = None
        where = told.get("url") if isinstance(told, dict) else None
        if not isinstance(where, str):
            return self._site
        address = urljoin(self._site, where)
        return address if address.startswith(("https://", "http://")) and address.isprintable() else self._site

    def _refusal(self, error: urllib.error.HTTPError, deadline: float) -> PublishError:
        if error.code in (301, 302, 303, 307, 308):
            where = self._clean(urljoin(self._site, error.headers.get("Location", "")))
            why = f"the site is elsewhere ({error.code}): use {where}"
        else:
            try:
                said = _read(error, deadline).decode("utf-8", "replace")
            except (OSError, http.client.HTTPException):
                said = ""
            is_text = error.headers.get_content_type() in ("text/plain", "application/json")
            said = self._clean(said) if is_text else ""
            why = f"the site refused ({error.code}): {said or error.reason or 'it did not say why'}"
        return self._error(why, status=error.code)

    def _clean(self, text: str) -> str:
        """What a site said, fit to be shown: one line, not long, without the token and without control characters."""
        line = " ".join(text.replace(self._token, "(token)").split())
        line = "".join(letter for letter in line if letter.isprintable())
        return line if len(line) <= SAID_CHARS else line[:SAID_CHARS] + "…"

    def _why(self, error: Exception, size_bytes: int) -> str:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        if isinstance(reason, _OutOfTime):
            return f"it took longer than {self._whole_s:g} s"
        if isinstance(reason, TimeoutError):
            return f"the site was silent for {self._silence_s:g} s"
        if isinstance(reason, ssl.SSLCertVerificationError):
            return (
                f"the site's certificate is not to be trusted: {reason.verify_message}. "
                "If you made it yourself, name it in the environment: SSL_CERT_FILE=cert.pem"
            )
        if isinstance(reason, ConnectionRefusedError):
            return "nothing listens there; if it should be a site of your own, is `deskapp site DIR` running?"
        if isinstance(reason, (ConnectionError, http.client.HTTPException)):
            what = f"{size_bytes / 1e6:.1f} MB are too much for the site, or it is none for this"
            return f"the connection broke ({_said(reason)}); perhaps {what}"
        return f"the site cannot be reached: {_said(reason)}"

    def _error(self, why: str, *, status: int | None = None) -> PublishError:
        return PublishError(self._name, self._site, why, status=status)


def pack(files: Mapping[str, bytes]) -> bytes:
    """Zip files, the same ones always to the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            info = zipfile.ZipInfo(path)
            info.create_system, info.external_attr = 3, 0o100644 << 16  # a plain file, as Unix says it
            archive.writestr(info, files[path], zipfile.ZIP_DEFLATED)
    return packed.getvalue()


class _OutOfTime(OSError):
    """The whole took too long."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A token is sent to nobody but the site that the user named."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _filled(url: str, name: str, token: str) -> str:
    token = token if token == "{token}" else quote(token, safe="")
    return url.replace("{name}", quote(name, safe="")).replace("{token}", token)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _pieces(body: bytes, deadline: float) -> Iterator[bytes]:
    # In pieces, because a socket's time-out counts for each piece, and the whole of a slow line needs longer.
    for start in range(0, len(body), CHUNK_BYTES):
        _check_time(deadline)
        yield body[start : start + CHUNK_BYTES]


def _read(answer: IO[bytes], deadline: float) -> bytes:
    found = b""
    while len(found) < ANSWER_BYTES:
        _check_time(deadline)
        piece = answer.read1(ANSWER_BYTES - len(found)) if hasattr(answer, "read1") else answer.read(ANSWER_BYTES)
        if not piece:
            break
        found += piece
    return found


def _check_time(deadline: float) -> None:
    if time.monotonic() > deadline:
        raise _OutOfTime


def _said(error: object) -> str:
    return str(error) or type(error).__name__
