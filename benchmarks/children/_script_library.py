"""The same names of either library, and its server. Functions are written once for both."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any


class Library:
    """One of the two.

    Args:
        kind: ``"deskapp"`` or ``"pywebio"``.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        logging.getLogger(kind).setLevel(logging.WARNING)
        self.output: Any = import_module(f"{kind}.output")
        self.session: Any = import_module(f"{kind}.session")

    def serve(self, function: Callable[[], None], ready: Callable[[str], object]) -> None:
        """Serve a function to browsers, for ever.

        Args:
            function: The function.
            ready: Called, on a thread, with the address of its page.
        """
        if self.kind == "deskapp":
            from deskapp import App, start

            app = App(function)
            app.serve("")
            threading.Thread(target=ready, args=(app.url,), name="benchmark-ready", daemon=True).start()
            start()
        else:
            import socket

            from pywebio import start_server

            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]

            def wait() -> None:
                while True:
                    with socket.socket() as probe:
                        if probe.connect_ex(("127.0.0.1", port)) == 0:
                            break
                    time.sleep(0.05)
                ready(f"http://127.0.0.1:{port}/")

            threading.Thread(target=wait, name="benchmark-ready", daemon=True).start()
            start_server(function, port=port, host="127.0.0.1", cdn=False, auto_open_webbrowser=False)
