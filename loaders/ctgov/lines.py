"""Lines of values of a record, in the layout of JSON with two spaces, a value a line."""

from collections.abc import Mapping
from typing import Any


class Lines:
    """Where values stand in the text that `json.dumps(record, indent=2)` makes, 1-based.

    >>> record = {"a": 1, "b": {"c": [], "d": 2}}
    >>> Lines(record).of(record["b"], "d")
    5
    """

    def __init__(self, record: Mapping[str, Any]) -> None:
        """Walk the record once."""
        self._starts: dict[int, int] = {}  # line of the bracket that opens each dict, by its id
        self._record = record  # ids hold as long as it lives
        self._walk(record, 1)

    def of(self, holder: Mapping[str, Any], key: str) -> int:
        """Return the line of a key of a dict of the record."""
        line = self._starts[id(holder)]
        for name, value in holder.items():
            line += 1
            if name == key:
                break
            kind = value.__class__
            if kind is not str and value and (kind is dict or kind is list):
                line = self._walk(value, line)
        return line

    def _walk(self, value: Any, line: int) -> int:
        """Note the lines of a dict or list that opens at a line; return the line it closes at."""
        if value.__class__ is dict:
            self._starts[id(value)] = line
            value = value.values()
        for inner in value:
            line += 1
            kind = inner.__class__
            if kind is not str and inner and (kind is dict or kind is list):
                line = self._walk(inner, line)
        return line + 1
