"""Processes of a window host, as the system tells of them."""

from __future__ import annotations

import os
import signal

import psutil


def descendants(pid: int | None) -> list[psutil.Process]:
    """The living processes below `pid`."""
    try:
        return [process for process in psutil.Process(pid).children(recursive=True) if is_alive(process)]
    except psutil.NoSuchProcess:
        return []


def is_alive(process: psutil.Process) -> bool:
    """Whether a process runs; one that merely waits to be collected does not."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def web_processes(pid: int | None) -> list[psutil.Process]:
    """The processes below `pid` that draw pages; those of Qt are forks of a process called zygote."""
    found = []
    for process in descendants(pid):
        try:
            command = " ".join(process.cmdline())
            parent = " ".join(process.parent().cmdline())
        except psutil.NoSuchProcess:
            continue
        is_fork = "--type=zygote" in command and "--type=zygote" in parent
        if "WebKitWebProcess" in command or "--type=renderer" in command or is_fork:
            found.append(process)
    return found


def kill(process: psutil.Process) -> None:
    """kill -9 of exactly that process."""
    os.kill(process.pid, signal.SIGKILL)
