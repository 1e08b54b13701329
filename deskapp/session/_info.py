"""`info`: who looks at the page of the session, as the request of its connection told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from deskapp.errors import PackageMissing
from deskapp.session.current import current_run

_NAMES = ("user_agent", "user_language", "server_host", "origin", "user_ip", "request", "backend", "protocol")


class Info:
    """What is known of the page's browser and of its request; of the session whose code uses it.

    Attributes:
        user_agent: Browser, system and device, as the library user-agents reads them; needs the extra ``script``.
        user_language: The language that the browser asks for first, for example ``"en-US"``; may be empty.
        server_host: Host and port that the page was loaded from.
        origin: Protocol, host and port of the page.
        user_ip: The address of the browser's machine.
        request: The request with which the page's connection began: Tornado's; None while there was none.
        backend: ``"tornado"``.
        protocol: ``"websocket"``.
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # what copy, pickle and inspect ask every object for
            raise AttributeError(f"info has no attribute {name!r}")
        return self[name] if name in _NAMES else None

    def __getitem__(self, name: str) -> Any:
        run = current_run("info")
        if run.facts is None:
            request = run.session.handshake
            facts = _facts(request)
            if request is None:
                return _user_agent("") if name == "user_agent" else facts[name]  # there may be one later
            run.facts = facts
        if name == "user_agent" and name not in run.facts:
            run.facts[name] = _user_agent(_header(run.facts["request"], "User-Agent"))
        return run.facts[name]

    def __contains__(self, name: object) -> bool:
        current_run("info")
        return name in _NAMES

    def __iter__(self) -> Iterator[str]:
        current_run("info")
        return iter(_NAMES)

    def __len__(self) -> int:
        return len(_NAMES)

    def __setattr__(self, name: str, value: object) -> None:
        raise NotImplementedError(f"info.{name} is a fact, and cannot be set; keep values in `local`")

    __setitem__ = __setattr__

    def __delattr__(self, name: str) -> None:
        raise NotImplementedError(f"info.{name} is a fact, and cannot be deleted")

    __delitem__ = __delattr__

    def __repr__(self) -> str:
        current_run("info")
        return f"<info: {', '.join(f'{name}={self[name]!r}' for name in _NAMES if name != 'user_agent')}>"


def _facts(request: Any) -> dict[str, Any]:
    return {
        "user_language": _header(request, "Accept-Language").split(",")[0].split(";")[0].strip(),
        "server_host": _header(request, "Host"),
        "origin": _header(request, "Origin"),
        "user_ip": str(getattr(request, "remote_ip", None) or ""),
        "request": request,
        "backend": "tornado",
        "protocol": "websocket",
    }


def _header(request: Any, name: str) -> str:
    headers = getattr(request, "headers", None)
    return str(headers.get(name, "")) if isinstance(headers, Mapping) else ""


def _user_agent(text: str) -> object:
    try:
        import user_agents
    except ImportError:
        raise PackageMissing("session.info.user_agent", "user-agents", extra="script") from None
    return user_agents.parse(text)


info = Info()
