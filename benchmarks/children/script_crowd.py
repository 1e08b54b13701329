"""Many pages of one function that waits. Arguments: ``deskapp`` or ``pywebio``, how many pages."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import time

import psutil

from benchmarks._child import tell
from benchmarks.children._script_library import Library
from benchmarks.crowds import raise_file_limit

WARM = 20
"""So many come first, and are not counted: what they bring into memory is there once."""

PAUSE_S = 0.5

library = Library(sys.argv[1])
count = int(sys.argv[2])
put_text, hold = library.output.put_text, library.session.hold
begun = threading.Semaphore(0)


def main() -> None:
    """Show something, and wait for the end."""
    put_text("Hello")
    put_text("I am waiting.")
    begun.release()
    hold()


def weigh() -> int:
    """Memory of this process, in bytes."""
    time.sleep(PAUSE_S)
    gc.collect()
    size: int = psutil.Process().memory_info().rss
    return size


def open_pages(url: str) -> None:
    """Open pages in other processes, a few first, and tell what each of the others costs."""
    processes = [_open(url, WARM)]
    before = weigh()
    processes.append(_open(url, count))
    tell((weigh() - before) / count / 1024)
    for process in processes:
        process.kill()
    os._exit(0)


def _open(url: str, number: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "benchmarks.children.crowd_pages", library.kind, url, str(number)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    for _ in range(number):
        begun.acquire()
    return process


if __name__ == "__main__":
    raise_file_limit()
    library.serve(main, open_pages)
