"""Lines in the order of their code points, with bounded memory: canonical N-Quads are sorted so."""

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

from pyoxigraph import Quad

#: Lines that are sorted in memory; about 30 MB of N-Quads.
CHUNK = 100_000


def nquad_line(quad: Quad) -> str:
    """Return a quad as a line of canonical N-Quads, with its line feed.

    The form is that of RDF 1.2 N-Quads, section "A Canonical form of N-Quads": one space between
    terms, and only the escapes that it prescribes.
    """
    return f"{quad} .\n"


def sorted_lines(lines: Iterable[str], chunk: int = CHUNK) -> Iterator[str]:
    """Yield distinct lines in the order of their code points.

    More than `chunk` lines are sorted in parts, which stand in temporary files until the last line
    has been taken.

    :param lines: each ends with a line feed, and holds no other
    """
    rest = iter(lines)
    first = sorted(islice(rest, chunk))
    if len(first) < chunk:
        yield from _distinct(first)
        return
    with tempfile.TemporaryDirectory(prefix="evikg-") as folder, ExitStack() as opened:
        parts: list[Iterable[str]] = [first]
        while part := sorted(islice(rest, chunk)):
            path = Path(folder) / str(len(parts))
            path.write_bytes("".join(part).encode())
            # A line ends at a line feed only; other line breaks may stand in a literal.
            file = opened.enter_context(path.open(encoding="utf-8", newline="\n"))
            parts.append(file)
        yield from _distinct(heapq.merge(*parts))


def _distinct(lines: Iterable[str]) -> Iterator[str]:
    before = None
    for line in lines:
        if line != before:
            yield line
        before = line
