"""What one request may cost, and how many are answered at once."""

import os
from dataclasses import dataclass, field

MIB = 2**20


def _workers() -> int:
    return max(4, os.cpu_count() or 1)


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a server."""

    seconds: float = 30  # for an answer, the time that a client takes to read it not counted
    memory: int = 2048 * MIB  # bytes that a request may use beyond the open graph; 0: no limit
    held: int = 64 * MIB  # bytes on disk of a graph that is held in memory by each worker; 0: none
    rows: int = 1_000_000  # of an answer to SELECT, or triples of a graph; 0: no limit
    workers: int = field(default_factory=_workers)
    queue: int = 64  # requests that wait for a worker
    queue_seconds: float = 30
    body: int = 4 * MIB  # bytes of a request's body
    url: int = 32 * 1024  # bytes of an address
    stall_seconds: float = 30  # a client that reads nothing for so long is dropped
    transfer_seconds: float = 600  # within which an answer must be read to its end
    services: frozenset[str] = frozenset()  # hosts that SERVICE may ask
