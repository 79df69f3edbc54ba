"""Lists of deleted cases: the numbers of cases that were taken back, in whatever form."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from .counts import Counts
from .finding import Member
from .layouts import DELETED
from .tables import TableWriter

_BETWEEN = re.compile(r"[$,;|\s]+")


def write_deleted(members: Iterable[Member], target: Path, counts: Counts) -> None:
    """Write the cases that lists of one quarter name, each once.

    A list has one number a line, or several columns: that called CASEID, else the first.
    """
    with TableWriter(DELETED, target, counts) as writer:
        cases = (case for member in members for case in _cases(member, counts))
        writer.write_rows({"caseid": case} for case in _once(cases, counts))


def _cases(member: Member, counts: Counts) -> Iterator[int]:
    place = 0
    with member.open() as stream:
        for number, line in enumerate(stream, start=1):
            text = line.decode("utf-8-sig", "replace").strip().strip('"')
            if not text:
                continue
            fields = _BETWEEN.split(text)
            names = [field.strip('"').lower() for field in fields]
            if "caseid" in names:
                place = names.index("caseid")
            elif place < len(fields) and names[place].isascii() and names[place].isdigit():
                counts.read += 1
                yield int(names[place])
            else:
                counts.reject(number, "no number of a case")


def _once(cases: Iterable[int], counts: Counts) -> Iterator[int]:
    seen: set[int] = set()
    for case in cases:
        if case in seen:
            counts.rejected["named before"] += 1
        else:
            seen.add(case)
            yield case
