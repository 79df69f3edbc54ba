"""Where something stands in a file of the OBO family.

Parsers of the field do not tell where a term stands, so a file is read again, as text, once a fault
is known. Lines and columns are 1-based, columns count bytes; (0, 0) is the file as a whole.
"""

import re
from collections.abc import Collection
from pathlib import Path

from .opening import opened

Place = tuple[int, int]
NOWHERE: Place = (0, 0)
#: An identifier, and whether it opens a term: `id:` of OBO, `about=` of OWL, "id" or "sub" of JSON.
_TOKEN = re.compile(
    rb"""(?P<opens>^id:\s*|[\w-]+:about=["']|"(?:id|sub)"\s*:\s*")?(?P<token>[A-Za-z][^\s"'<>{},]*)"""
)


def first_place(path: Path, text: str) -> Place:
    """Return where a text stands first; nowhere for an empty text."""
    needle = text.encode()
    if not needle:
        return NOWHERE
    with opened(path) as stream:
        for number, line in enumerate(stream, 1):
            column = line.find(needle)
            if column >= 0:
                return number, column + 1
    return NOWHERE


def not_utf8(path: Path) -> Place:
    """Return where a file first is not UTF-8; nowhere if all of it is."""
    with opened(path) as stream:
        for number, line in enumerate(stream, 1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                return number, error.start + 1
    return NOWHERE


def end_of(path: Path) -> Place:
    """Return where a file ends: the place behind its last byte."""
    lines, last = 0, b""
    with opened(path) as stream:
        for line in stream:
            lines, last = lines + 1, line
    return (lines + 1, 1) if last.endswith(b"\n") else (max(lines, 1), len(last) + 1)


def locate(
    path: Path, wanted: Collection[tuple[str, str]], spellings: dict[str, str]
) -> dict[tuple[str, str], list[Place]]:
    """Return where each wanted pair of a term and what it names stands, every time it stands there.

    A term itself is found as the pair of it and "".

    :param spellings: how terms are written in files, and what `wanted` calls them
    """
    found: dict[tuple[str, str], list[Place]] = {pair: [] for pair in wanted}
    term = ""
    with opened(path) as stream:
        for number, line in enumerate(stream, 1):
            for match in _TOKEN.finditer(line):
                name = spellings.get(match["token"].decode("utf-8", "replace"), "")
                if match["opens"]:
                    term, name = name, ""
                if (not name and not match["opens"]) or (term, name) not in found:
                    continue
                found[term, name].append((number, match.start("token") + 1))
    return found
