"""The page that a window loads: a constant loader without secrets, whose script fetches everything else.

The same bytes go to a launched window, a reload and a stranger's tab; only the nonce differs. The policy is strict:
scripts run with the nonce of this very response or not at all. An exported page has no server that could make a nonce:
its policy names what belongs to it, by hash or by address.
"""

from __future__ import annotations

import base64
import hashlib
import html
import urllib.parse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

from deskapp._spec import AppSpec, Csp
from deskapp.assets import Asset
from deskapp.errors import AssetMissing
from deskapp.paths import resource

CLIENT_PATH = "/_client"
ICON_PATH = "/_icon"

NO_ICON = "data:,"
"""Keeps browsers from asking for /favicon.ico."""

_ICON_TYPES = {".ico": "image/x-icon", ".png": "image/png", ".svg": "image/svg+xml"}

OWN_FILES = ("'self'", "file:")
"""What an exported page may load. From disk it has no origin, and what 'self' means then is for each engine to say."""

FRAME_POLICY = "; ".join((
    "sandbox allow-scripts",
    "default-src 'none'",
    "script-src 'unsafe-inline' 'unsafe-eval'",
    "style-src 'unsafe-inline'",
    "img-src data: blob: https:",
    "media-src data: blob: https:",
    "font-src data:",
    "worker-src blob:",
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
))  # fmt: skip
"""The policy of documents in frames: their scripts run, without an origin and without a way to anybody else."""

_HTA_META = '<meta http-equiv="x-ua-compatible" content="ie=edge">\n'
_HTA_HEADER = '<hta:application applicationname="{title}" border="thick" scroll="no" singleinstance="no">\n'

HTA_GUARD = """\
// The engine of HTML Applications knows no newer JavaScript: what it cannot read is no news to anybody.
if (!("noModule" in document.createElement("script"))) { window.onerror = function () { return true; }; }"""
"""The first script of an .hta; it is written so that any engine can run it."""

_HTA_TEXT = "If this text stays, the engine of HTML Applications is too old for this app. Open its .html in a browser."


class PageMaker:
    """Fills the template.

    Args:
        client_hash: Names the present version of the client, in its URL.
    """

    def __init__(self, client_hash: str) -> None:
        self._client_hash = client_hash
        self._template = _template("page.html")

    def page(self, spec: AppSpec, nonce: str) -> str:
        """The HTML of an app's page.

        Args:
            spec: The app.
            nonce: Fresh for each response; the policy of `csp` names it too.
        """
        return self._template.substitute(
            title=html.escape(spec.title),
            nonce=html.escape(nonce),
            style=f"{CLIENT_PATH}/{self._client_hash}/client.css",
            script=f"{CLIENT_PATH}/{self._client_hash}/client.js",
            icon=NO_ICON if page_icon(spec) is None else f"{ICON_PATH}{spec.path}",
        )

    def list_of(self, specs: Iterable[AppSpec], nonce: str) -> str:
        """The HTML of the list that stands at ``/`` while there is no main app.

        Args:
            specs: The apps that anybody may open, and no others.
            nonce: Fresh for each response.
        """
        items = (
            f'<li><a href="{html.escape(spec.path)}"><b>{html.escape(spec.title)}</b>'
            f"<span>{html.escape(spec.path)}</span></a></li>"
            for spec in specs
        )
        return _template("list.html").substitute(
            items="\n".join(items),
            nonce=html.escape(nonce),
            style=f"{CLIENT_PATH}/{self._client_hash}/client.css",
        )


def csp(policy: Csp, nonce: str) -> str:
    """The Content-Security-Policy of a page (https://www.w3.org/TR/CSP3/).

    ``'self'`` is not among the script sources: a user's file served from our origin must not become a script by an
    injected tag. Inline style attributes are allowed because markdown, SVG and plots need them.

    Args:
        policy: What the app asked for beyond the default.
        nonce: The nonce of this response.
    """
    own = ["'self'"]
    rules = _policy(policy, [f"'nonce-{nonce}'"], [*own, f"'nonce-{nonce}'"], own)
    return f"{rules}; frame-ancestors 'none'"  # which a page cannot say of itself


@dataclass(frozen=True)
class PageElement:
    """A script or a style sheet of an exported page.

    Args:
        html: The element.
        is_script: Whether it is a script.
        sources: What the page's policy has to allow for it.
    """

    html: str
    is_script: bool
    sources: tuple[str, ...]


def page_element(asset: Asset, path: str, link: int, attributes: str = "") -> PageElement:
    """How an exported page includes an asset.

    Args:
        asset: The asset.
        path: Where it lies, relative to the page, if it is a file of its own.
        link: As of `Asset.to_html`.
        attributes: More attributes of the element.

    Raises:
        AssetMissing: It is remote, is to be embedded, and cannot be fetched.
    """
    text = asset.to_html(path, link)
    if attributes:
        text = text.replace(" ", f" {attributes} ", 1)
    if link == 0 or (link == 1 and not asset.remote):
        digest = hashlib.sha256(asset.to_embedded().encode()).digest()
        sources: tuple[str, ...] = (f"'sha256-{base64.b64encode(digest).decode()}'",)
    elif link == 2 or not asset.remote:
        sources = OWN_FILES
    else:
        url = urllib.parse.urlsplit(str(asset.source))
        # A policy has no place for a query, and these two characters have a meaning in it.
        sources = (f"{url.scheme}://{url.netloc}{url.path}".replace(";", "%3B").replace(",", "%2C"),)
    return PageElement(text, asset.is_script, sources)


def page_icon(spec: AppSpec) -> Path | None:
    """The picture that browsers show for an app; None if it has none, or one that is only for windows."""
    icon = spec.icon
    return icon if icon is not None and icon.suffix.lower() in _ICON_TYPES and icon.is_file() else None


def _embedded_icon(spec: AppSpec) -> str:
    icon = page_icon(spec)
    if icon is None:
        return NO_ICON
    try:
        content = icon.read_bytes()
    except OSError as error:
        raise AssetMissing(str(icon), f"it is the app's icon, and cannot be read: {error.strerror or error}") from error
    return f"data:{_ICON_TYPES[icon.suffix.lower()]};base64,{base64.b64encode(content).decode()}"


def export_page(spec: AppSpec, elements: Sequence[PageElement], *, is_hta: bool = False) -> str:
    """The HTML of an exported page.

    Args:
        spec: The app.
        elements: Scripts and style sheets, in order.
        is_hta: Whether it is to be a Windows HTML Application. Its head says so then, and its body has a text for
            people in case the engine cannot run the page.

    Raises:
        AssetMissing: The app's icon cannot be read.
    """
    scripts = [each for each in elements if each.is_script]
    styles = [each for each in elements if not each.is_script]
    policy = _policy(spec.csp, _sources(scripts), _sources(styles), OWN_FILES)
    title = html.escape(spec.title)
    return Template(resource("deskapp", "templates", "export.html").read_text(encoding="utf-8")).substitute(
        title=title,
        meta=_HTA_META if is_hta else "",
        header=_HTA_HEADER.replace("{title}", title) if is_hta else "",
        splash=_HTA_TEXT if is_hta else "",
        csp=html.escape(policy),
        icon=_embedded_icon(spec),
        styles="\n".join(each.html for each in styles),
        scripts="\n".join(each.html for each in scripts),
    )


def _sources(elements: Sequence[PageElement]) -> list[str]:
    return list(dict.fromkeys(source for each in elements for source in each.sources))


def _policy(policy: Csp, scripts: Sequence[str], styles: Sequence[str], own: Sequence[str]) -> str:
    rules: dict[str, Sequence[str]] = {
        "default-src": ["'none'"],
        "script-src": [
            *scripts,
            *(["'unsafe-eval'"] if policy.eval else []),
            *(["'wasm-unsafe-eval'"] if policy.wasm else []),
        ],
        "style-src": styles,
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": [*own, "data:", "blob:", "https:"],
        "media-src": [*own, "data:", "blob:", "https:"],
        "font-src": [*own, "data:"],
        "connect-src": [*own, *policy.connect],
        "worker-src": [*own, "blob:"],
        "frame-src": own,
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in rules.items())


def _template(name: str) -> Template:
    return Template(resource("deskapp", "templates", name).read_text(encoding="utf-8"))
