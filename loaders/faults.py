"""Faults of curated files: where each is, what stands there, and what was expected."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

#: What is wrong with a file that is a web page.
WEB_PAGE = "is a web page, not the file itself: download the file"
_PAGE = re.compile(
    rb"(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+)?html[\s>]", re.IGNORECASE | re.DOTALL
)


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


def not_utf8(path: Path, line: int, column: int, byte: int) -> Fault:
    """Return the fault of a byte that is not UTF-8."""
    words = f"is not UTF-8: byte 0x{byte:02x}; save the file with the encoding UTF-8"
    return Fault(path, line, column, "", "", words)


def is_web_page(data: bytes) -> bool:
    """Tell whether a file that starts with `data` is HTML."""
    return _PAGE.match(data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1024]) is not None


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
        faults.append(not_utf8(path, line, column, data[error.start]))
        return None
    if is_web_page(data):
        faults.append(Fault(path, 1, 1, "", "", WEB_PAGE))
        return None
    if not text.strip():
        faults.append(Fault(path, 0, 0, "", "", "is empty"))
        return None
    return text
