"""Faults of a large file, collected while it is read and told together at its end."""

from pathlib import Path

from evikg.loaders.faults import EvidenceError, Fault

#: How many faults of one file are told one by one; of the others, only the number.
SHOWN = 50


class Faults:
    """The faults of one file, in file order; of very many, the first and their number."""

    def __init__(self, path: Path) -> None:
        """Hold no fault yet."""
        self._path = path
        self._first: list[Fault] = []
        self._count = 0

    def add(self, line: int, column: int, field: str, value: str, expected: str) -> None:
        """Note one fault; the arguments are those of `Fault` without the path."""
        self._count += 1
        if len(self._first) < SHOWN:
            self._first.append(Fault(self._path, line, column, field, value, expected))

    def check(self) -> None:
        """Raise what was noted, if anything was.

        :raises EvidenceError: with the first faults, and their number if there are more
        """
        if self._count > SHOWN:
            words = f"has {self._count:,} faults; the first {SHOWN} are told"
            self._first.append(Fault(self._path, 0, 0, "", "", words))
            self._count = len(self._first)
        if self._first:
            raise EvidenceError(self._first)
