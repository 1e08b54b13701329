"""Who has tried too often: a bounded memory of what each address did within a time."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable

MAX_PEERS = 10_000


class Attempts:
    """Counts something by address, within a sliding time.

    Args:
        most: How often an address may do it.
        per_s: Within how many seconds.
        clock: Seconds on a clock that never goes back.
    """

    def __init__(self, most: int, per_s: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._per_s, self._clock = most, per_s, clock
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def count(self, peer: str) -> None:
        """It was done once more."""
        key = network(peer)
        times = self._seen.pop(key, None) or deque(maxlen=self._most)
        times.append(self._clock())
        self._seen[key] = times
        while len(self._seen) > MAX_PEERS:
            self._seen.popitem(last=False)

    def wait_s(self, peer: str) -> int:
        """For how many seconds the address has to wait; 0 if it may go on."""
        times = self._seen.get(network(peer))
        if times is None or len(times) < self._most:
            return 0
        return max(0, math.ceil(times[0] + self._per_s - self._clock()))


def network(peer: str) -> str:
    """What belongs to one customer: an IPv4 address, or the half of an IPv6 address that providers give out."""
    try:
        address = ipaddress.ip_address(peer.partition("%")[0])
    except ValueError:
        return peer
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network(f"{address}/64", strict=False))
