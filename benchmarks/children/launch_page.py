"""Launch an app and tell when its page had connected, in ms from the start of this process; then close it.

Arguments: the runtime; for how many seconds the window stays. Also told: the folder of the browser's profile.
"""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

from deskapp import PyComponent, launch, run


class Page(PyComponent):
    """An app whose page shows nothing."""


def main() -> None:
    """Launch, and tell."""
    app = launch(Page, sys.argv[1], size=(400, 300))
    assert isinstance(app, Page)
    from benchmarks._child import tell
    from benchmarks.children._first_message import on_first_message

    told: dict[str, Any] = {}

    def close() -> None:
        window = app.session.window
        if window is not None and window.runtime is not None and hasattr(window.runtime, "profile_of"):
            told["profile"] = str(window.runtime.profile_of(window.runtime_id))
        app.session.close()

    def connected(at_s: float) -> None:
        told["ms"] = (at_s - float(os.environ["BENCHMARK_SPAWNED_S"])) * 1000
        asyncio.get_running_loop().call_later(float(sys.argv[2]), close)

    on_first_message(connected)
    run()
    tell(told)


if __name__ == "__main__":
    main()
