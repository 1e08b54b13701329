"""What the computer is doing, in plain numbers."""

import contextlib
import platform
import time

import psutil


class Sampler:
    """Reads the computer's counters. Each call tells what happened since the one before.

    A call takes up to a tenth of a second, nearly all of it for the processes, so call it on a thread.
    """

    def __init__(self) -> None:
        self._before_s = time.monotonic()
        self._counters = _counters()
        self._known: dict[psutil.Process, tuple[str, str]] = {}
        psutil.cpu_percent(percpu=True)  # the first answer means nothing

    def system(self) -> dict[str, object]:
        """Load in percent, memory in bytes, traffic in bytes per second."""
        now_s, counters = time.monotonic(), _counters()
        elapsed_s = max(now_s - self._before_s, 1e-3)
        rates = [max(new - old, 0) / elapsed_s for new, old in zip(counters, self._counters, strict=True)]
        self._before_s, self._counters = now_s, counters
        cores = psutil.cpu_percent(percpu=True)
        memory, swap = psutil.virtual_memory(), psutil.swap_memory()
        return {
            "at": time.time(),
            "cpu": sum(cores) / len(cores),
            "cores": cores,
            "memory": memory.percent,
            "memory_used": memory.total - memory.available,
            "memory_total": memory.total,
            "swap": swap.percent,
            "swap_used": swap.used,
            "swap_total": swap.total,
            "received": rates[0],
            "sent": rates[1],
            "read": rates[2],
            "written": rates[3],
            "load": psutil.getloadavg(),
        }

    def processes(self) -> list[list[object]]:
        """A row for each process: id, name, user, share of all cores in percent, bytes of memory, threads."""
        rows: list[list[object]] = []
        known: dict[psutil.Process, tuple[str, str]] = {}
        cores = psutil.cpu_count() or 1
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error), process.oneshot():
                # These two never change, and are slow to ask for.
                known[process] = self._known.get(process) or (process.name(), _user(process))
                share = process.cpu_percent() / cores
                rows.append([process.pid, *known[process], share, process.memory_info().rss, process.num_threads()])
        self._known = known
        return rows


def computer() -> dict[str, object]:
    """What does not change while we look."""
    return {
        "name": platform.node(),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "cores": psutil.cpu_count() or 1,
        "booted": psutil.boot_time(),
    }


def _counters() -> tuple[int, int, int, int]:
    network, disk = psutil.net_io_counters(), psutil.disk_io_counters()
    return (
        network.bytes_recv if network else 0,
        network.bytes_sent if network else 0,
        disk.read_bytes if disk else 0,
        disk.write_bytes if disk else 0,
    )


def _user(process: psutil.Process) -> str:
    try:
        return str(process.username()).rpartition("\\")[2]  # Windows puts the computer's name before it
    except (psutil.Error, KeyError):
        return ""
