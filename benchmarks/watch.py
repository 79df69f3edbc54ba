"""What a command takes: wall and CPU seconds, and memory, its children's too."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

#: Between two looks at the processes.
PAUSE_S = 0.05
_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Taken:
    """What a command took."""

    wall_s: float
    cpu_s: float
    peak_mb: float


def watch(command: Sequence[str]) -> Taken:
    """Run a command to its end.

    Processes that outlive their parents (a Java machine) are not in the accounts that the system
    gives at the end, so that the tree of processes is looked at while it runs, where there is
    `/proc`. Memory is the largest sum of resident pages; pages shared between processes count twice.

    :raises SystemExit: the command failed
    """
    seen = _Seen()
    start = time.perf_counter()
    process = subprocess.Popen(command)  # noqa: S603 - ours
    looking = threading.Thread(target=seen.follow, args=(process.pid,))
    looking.start()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    seen.over.set()
    looking.join()
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    # On macOS in bytes.
    largest = usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    cpu = max(usage.ru_utime + usage.ru_stime, sum(seen.cpu_s.values()))
    return Taken(wall, cpu, max(largest, seen.peak_mb))


class _Seen:
    """What was seen of a tree of processes while it ran."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.cpu_s: dict[int, float] = {}
        self.peak_mb = 0.0

    def follow(self, root: int) -> None:
        ticks, page_mb = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE") / 1024**2
        while not self.over.wait(PAUSE_S):
            pages = 0
            for process in _tree(root):
                try:
                    numbers = (_PROC / str(process) / "stat").read_text().rpartition(")")[2].split()
                except OSError:
                    continue  # it has ended
                # proc(5): user and system time are fields 14 and 15, resident pages field 24.
                self.cpu_s[process] = (int(numbers[11]) + int(numbers[12])) / ticks
                pages += int(numbers[21])
            self.peak_mb = max(self.peak_mb, pages * page_mb)


def _tree(process: int) -> Iterator[int]:
    yield process
    try:
        for thread in (_PROC / str(process) / "task").iterdir():
            for child in (thread / "children").read_text().split():
                yield from _tree(int(child))
    except OSError:
        return
