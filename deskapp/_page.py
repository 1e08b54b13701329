"""The page that a window loads: a constant loader without secrets, whose script fetches everything else.

The same bytes go to a launched window, a reload and a stranger's tab; only the nonce differs. The policy is strict:
scripts run with the nonce of this very response or not at all.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from string import Template

from deskapp._spec import AppSpec, Csp
from deskapp.paths import resource

CLIENT_PATH = "/_client"


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
    script = [f"'nonce-{nonce}'"]
    if policy.eval:
        script.append("'unsafe-eval'")
    if policy.wasm:
        script.append("'wasm-unsafe-eval'")
    rules = {
        "default-src": ["'none'"],
        "script-src": script,
        "style-src": ["'self'", f"'nonce-{nonce}'"],
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:", "https:"],
        "media-src": ["'self'", "data:", "blob:", "https:"],
        "font-src": ["'self'", "data:"],
        "connect-src": ["'self'", *policy.connect],
        "worker-src": ["'self'", "blob:"],
        "frame-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in rules.items())


def _template(name: str) -> Template:
    return Template(resource("deskapp", "templates", name).read_text(encoding="utf-8"))
