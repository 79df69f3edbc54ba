"""The files that a graph was made from, by their content."""

import hashlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Input:
    """A file that a graph was made from.

    The first part of its name says what it is: `evidence/…`, `mappings/…`, `slices/…`,
    `loaded/<release>/…`, `vocabulary/…`, `rules/…`, `checks/…`, `screening/…`.
    """

    name: str
    sha256: str  # hexadecimal
    bytes: int

    @classmethod
    def of(cls, name: str, path: Path) -> "Input":
        """Describe a file by its content."""
        return cls(name, sha256_of(path), path.stat().st_size)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
