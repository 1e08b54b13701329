"""`python -m benchmarks [names…]`: measure, then print the table."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from benchmarks import (
    arrays,
    crowds,
    events,
    exports,
    frozen,
    imports,
    launching,
    page_load,
    round_trips,
    runtimes,
    scripts,
    sets,
)
from benchmarks._child import Failed, Places
from benchmarks._table import Met, Row, table
from devtools.display import screen
from devtools.report import SetupProblem

ROWS: dict[str, Callable[[Places], Row]] = {
    "import": imports.measure,
    "launch": launching.measure,
    "round-trip": round_trips.measure,
    "events": events.measure,
    "array": arrays.measure,
    "sets": sets.measure,
    "crowd-memory": crowds.measure_memory,
    "crowd-broadcast": crowds.measure_broadcast,
    "page-bytes": page_load.measure_bytes,
    "page-requests": page_load.measure_requests,
    "export": exports.measure,
    "freeze-size": frozen.measure_size,
    "freeze-files": frozen.measure_files,
    "freeze-deb": frozen.measure_deb,
    "freeze-start": frozen.measure_start,
    "freeze-onefile": frozen.measure_onefile,
    "freeze-full": frozen.measure_full,
    "script-text": scripts.measure_text,
    "script-table": scripts.measure_table,
    "script-memory": scripts.measure_memory,
    **{f"start-{name}": runtimes.measure_start(name) for name in runtimes.NOTICED_MS},
    **{f"close-{name}": runtimes.measure_close(name) for name in runtimes.NOTICED_MS},
}
WINDOWLESS = frozenset(
    {
        "import",
        "sets",
        "crowd-memory",
        "crowd-broadcast",
        "page-bytes",
        "page-requests",
        "export",
        "script-text",
        "script-table",
        "script-memory",
    }
)


def main() -> int:
    """Measure the rows that were asked for; 1 if one of them could not be measured."""
    given = _parse()
    wanted = [name for name in ROWS if not given.names or any(part in name for part in given.names)]
    if not wanted:
        print(f"no row has such a name; there are: {', '.join(ROWS)}", file=sys.stderr)
        return 2
    rows = []
    with contextlib.ExitStack() as stack:
        try:
            places = stack.enter_context(_places(given, needs_screen=not WINDOWLESS.issuperset(wanted)))
        except SetupProblem as problem:
            print(f"{problem} Without one there are: {', '.join(sorted(WINDOWLESS))}.", file=sys.stderr)
            return 1
        for name in wanted:
            started = time.monotonic()
            print(f"{name} … ", end="", file=sys.stderr, flush=True)
            rows.append(_measured(name, places))
            print(f"{time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    print(table(rows))
    if given.json is not None:
        facts = [{**asdict(row), "met": row.met.name} for row in rows]
        given.json.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    return 1 if any(row.ours == "FAILED" for row in rows) else 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"rows, or parts of their names: {', '.join(ROWS)}; none means all")
    parser.add_argument("--toolkit", choices=["gtk", "qt"], default="gtk", help="what makes the windows")
    parser.add_argument("--scale", type=float, default=1.0, metavar="X", help="repeat X times as often")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there too")
    return parser.parse_args()


@contextlib.contextmanager
def _places(given: argparse.Namespace, *, needs_screen: bool) -> Iterator[Places]:
    """A screen, and folders that make the caches ours: cold before the first child, warm after it."""
    with contextlib.ExitStack() as stack:
        home = stack.enter_context(
            tempfile.TemporaryDirectory(prefix="deskapp-benchmarks-", ignore_cleanup_errors=True)
        )
        env = {f"XDG_{kind}_HOME": str(Path(home, kind.lower())) for kind in ("CACHE", "CONFIG", "DATA", "STATE")}
        env["PYTHONPYCACHEPREFIX"] = str(Path(home, "compiled"))
        if hasattr(os, "geteuid") and os.geteuid() == 0:  # Chromium's sandbox refuses to run as root
            env |= {"QTWEBENGINE_DISABLE_SANDBOX": "1", "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox --disable-gpu"}
        if needs_screen:
            env |= stack.enter_context(screen()).env
        if (
            not os.environ.get("DBUS_SESSION_BUS_ADDRESS")
            and not Path(os.environ.get("XDG_RUNTIME_DIR", ""), "bus").exists()
        ):
            env["DBUS_SESSION_BUS_ADDRESS"] = "disabled:"  # bare windows and browsers would start one that nobody ends
        yield Places(env, given.toolkit, given.scale)


def _measured(name: str, places: Places) -> Row:
    try:
        return ROWS[name](places)
    except Failed as failure:
        return Row(name, "FAILED", "", "", "", Met.UNKNOWN, notes=(str(failure),))


if __name__ == "__main__":
    sys.exit(main())
