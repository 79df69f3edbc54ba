"""Faults of curated files: where each is, what stands there, and what was expected."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault of a file; `line` and `column` are 1-based, 0 where the file as a whole is meant.

    `field` is the name of the column or key, `value` what stands there.
    """

    path: Path
    line: int
    column: int
    field: str
    value: str
    expected: str

    def __str__(self) -> str:
        """Return one line: `file:line:column: field: value: what was expected`."""
        place = f"{self.path}"
        if self.line:
            place += f":{self.line}:{self.column}"
        shown = self.value if len(self.value) <= 80 else self.value[:77] + "..."
        parts = [part for part in (self.field, repr(shown) if self.value else "") if part]
        return f"{place}: {' '.join(parts)}{': ' if parts else ''}{self.expected}"


class EvidenceError(ValueError):
    """Curated files have faults; all of them are held, in file order."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Hold the faults, sorted by file, line and column."""
        self.faults = sorted(set(faults))

    def __str__(self) -> str:
        """Return a line for each fault."""
        return "\n".join(str(fault) for fault in self.faults)


def read_text(path: Path, faults: list[Fault]) -> str | None:
    """Read a UTF-8 file; None, and a fault, if it is missing, empty or in another encoding."""
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        faults.append(Fault(path, 0, 0, "", "", f"cannot be read: {reason}"))
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - (before.rfind(b"\n") + 1) + 1
        faults.append(
            Fault(path, line, column, "", repr(data[error.start : error.start + 1]),
                  "is not UTF-8; save the file with the encoding UTF-8")
        )  # fmt: skip
        return None
    if not text.strip():
        faults.append(Fault(path, 0, 0, "", "", "is empty"))
        return None
    return text
