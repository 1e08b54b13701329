"""`deskapp site`: receives what `App.publish` sends, and shows it."""

from __future__ import annotations

import argparse
import ipaddress
import re
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from deskapp._logging import log_shown
from deskapp._publish_rules import SiteLimits
from deskapp._signals import loop_signals

if TYPE_CHECKING:
    from deskapp.server import SiteServer

_SIZE = re.compile(r"(\d{1,15})\s*([KMG]?)i?B?", re.IGNORECASE)
_UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30}


def add_options(parser: argparse.ArgumentParser) -> None:
    """What the command can be told."""
    limits = SiteLimits()
    parser.add_argument("folder", metavar="DIR", type=Path, help="keeps what is published; made if it is not there")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8080, help="port to listen on, 0 for a free one (default: 8080)")
    parser.add_argument("--ssl-certfile", default="", metavar="FILE", help="certificate chain (PEM); makes it https")
    parser.add_argument("--ssl-keyfile", default="", metavar="FILE", help="its private key, if in a file of its own")
    parser.add_argument("--max-bytes", type=size, default=limits.max_bytes, metavar="N", help=_most("upload"))
    parser.add_argument(
        "--max-unpacked-bytes", type=size, default=limits.max_unpacked_bytes, metavar="N", help=_most("app")
    )
    parser.add_argument(
        "--max-files", type=size, default=limits.max_files, metavar="N", help="files of one app (default: %(default)s)"
    )
    parser.add_argument(
        "--max-apps", type=size, default=limits.max_apps, metavar="N", help="apps of the site (default: %(default)s)"
    )
    parser.add_argument("--closed", action="store_true", help="take no names but those that are there")
    parser.add_argument("--list", action="store_true", help="list the apps on the front page")
    parser.add_argument(
        "--trusted", action="store_true", help="let apps keep things in the browser, and see each other's"
    )
    parser.add_argument("--behind-proxy", action="store_true", help="believe X-Forwarded-For and X-Real-IP")


def _most(what: str) -> str:
    return f"size of one {what}, for example 64M (default: %(default)s)"


def size(text: str) -> int:
    """A number of bytes or things, written as 5000, 64K, 64M or 1G."""
    found = _SIZE.fullmatch(text.strip())
    if found is None or int(found[1]) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no size; write 5000, 64K, 64M or 1G")
    return int(found[1]) * _UNITS[found[2].upper()]


def site(given: argparse.Namespace) -> NoReturn:
    """Run a site until Ctrl+C or SIGTERM.

    Raises:
        ConfigError: Folder, address or certificate cannot be used.
        KeyboardInterrupt: After Ctrl+C, once it has ended in order.
        SystemExit: With code 143 after SIGTERM, once it has ended in order.
    """
    import asyncio  # only here: the other commands have no need of it, nor of the server

    from deskapp.server import SiteServer

    server = SiteServer(
        given.folder,
        host=given.host,
        port=given.port,
        limits=SiteLimits(given.max_bytes, given.max_unpacked_bytes, given.max_files, given.max_apps),
        lists_apps=given.list,
        trusts_apps=given.trusted,
        is_closed=given.closed,
        certfile=given.ssl_certfile,
        keyfile=given.ssl_keyfile,
        is_behind_proxy=given.behind_proxy,
    )
    with log_shown("info"):
        caught = asyncio.run(_run(server, warns=not given.ssl_certfile and not _is_loopback(given.host)))
    if caught == signal.SIGINT:
        raise KeyboardInterrupt
    raise SystemExit(128 + caught)


async def _run(server: SiteServer, *, warns: bool) -> int:
    """Serve until a signal comes; return it."""
    import asyncio

    ends: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    with loop_signals(asyncio.get_running_loop(), lambda number: None if ends.done() else ends.set_result(number)):
        server.start()
        if warns:
            print(
                "deskapp: without --ssl-certfile everybody on the way can read tokens; fine behind a proxy with https.",
                file=sys.stderr,
            )
        count = len(server.names)
        print(f"The site is at {server.url} and has {count} app{'' if count == 1 else 's'}.", flush=True)
        try:
            return await ends
        finally:
            await server.stop()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
