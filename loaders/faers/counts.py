"""What became of the rows of a file: read, kept, mended and rejected by reason."""

from collections import Counter
from dataclasses import dataclass, field

#: Rejected lines of which the place is told.
EXAMPLES = 5


@dataclass(slots=True)
class Counts:
    """Counts of the rows of one table of one quarter; `read` is `kept` and rejected together.

    A row that was broken over several lines is one row. A row that is mended in two ways counts
    under both reasons, but once as mended.
    """

    read: int = 0
    kept: int = 0
    mended: int = 0
    mended_by_reason: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    dates: Counter[str] = field(default_factory=Counter)  # dates that are none, by column
    examples: list[str] = field(default_factory=list)  # `line: reason` of rejected rows

    def reject(self, line: int, reason: str) -> None:
        """Count a row that is not kept."""
        self.read += 1
        self.rejected[reason] += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(f"{line}: {reason}")

    def as_json(self) -> dict[str, object]:
        """Return the counts for the manifest."""
        return {
            "read": self.read,
            "kept": self.kept,
            "mended": self.mended,
            "mended_by_reason": dict(sorted(self.mended_by_reason.items())),
            "rejected": dict(sorted(self.rejected.items())),
            "invalid_dates": dict(sorted(self.dates.items())),
            "examples": self.examples,
        }
