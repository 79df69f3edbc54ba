"""A file that a test writes for one reader, and what the reader says of it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evikg.loaders.faults import EvidenceError
from evikg.ontology.terms import Release, Term

Reader = Callable[[str, Path, Callable[[str], None]], tuple[Release, Iterator[Term]]]


def quiet(words: str) -> None:
    """Take the words of progress, and say nothing."""


def terms_of(read: Reader, path: Path, text: str | bytes) -> list[Term]:
    """Write a file of MONDO, and return the terms that are read."""
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return list(read("mondo", path, quiet)[1])


def fault(read: Reader, path: Path, text: str | bytes) -> str:
    """Write a file of MONDO, and return the one fault that it has, without its path."""
    with pytest.raises(EvidenceError) as caught:
        terms_of(read, path, text)
    (found,) = caught.value.faults
    return str(found).removeprefix(str(path))
