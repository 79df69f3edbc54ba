"""A graph that is small enough is held in memory: there it answers several times as fast.

A worker answers from disk at once, and from memory as soon as it has a copy there.
"""

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from evikg.graph.embedded import EmbeddedStore
from evikg.graph.store import Store

from .limits import MIB

#: What a copy may need in memory while it is made: so many times its size on disk, and bytes for
#: the thread itself, its stack and its heap.
_ROOM, _ROOM_OF_THREAD = 16, 256 * MIB
#: Below the requests that are answered meanwhile.
_NICENESS = 10


class Holding:
    """A store, on disk until its copy in memory is there; asked for anew for each request."""

    def __init__(self, store: Store, largest: int, limit_memory: Callable[[int], None]) -> None:
        """Begin to copy a store in a thread, if it takes at most `largest` bytes on disk.

        :param limit_memory: sets the limit of this process; called with how much the copy may need
            on top of it, and with 0 when it is made
        """
        self.store = store
        size = _size_on_disk(store)
        self._limit_memory = limit_memory
        if not isinstance(store, EmbeddedStore) or not 0 < size <= largest:
            limit_memory(0)
        else:
            limit_memory(_ROOM * size + _ROOM_OF_THREAD)
            threading.Thread(target=self._hold, args=(store,), daemon=True).start()

    def _hold(self, store: EmbeddedStore) -> None:
        with suppress(OSError, AttributeError):  # of this thread alone, where the system knows how
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
        # Without room in the folder of temporary files, or if the graph is removed, disk it is.
        with suppress(OSError, RuntimeError, SyntaxError):
            self.store = store.held()
        self._limit_memory(0)


def _size_on_disk(store: Store) -> int:
    generation: Path | None = getattr(store, "generation", None)
    if generation is None:
        return 0
    with suppress(OSError):
        return sum(path.stat().st_size for path in generation.iterdir() if path.is_file())
    return 0
