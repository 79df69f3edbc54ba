"""Prove that each curated number stands where its row says, by re-reading the paper's text.

A row's tokens are found in its line at number boundaries (`0.9%` is not found inside `10.9%`), the
first at its stated occurrence, the next ones after it; `@95 2.8-8.0` goes on in line 95. Then each
number of the row (value, events, bounds, p) must be among the numbers of its tokens.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evikg.graph.records import Mention, Result

_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)*|\.\d+")
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)?")
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_OTHER_LINE = re.compile(r"@(\d+) (.*)")


@dataclass(frozen=True, slots=True)
class Misprint:
    """A row whose printed tokens or numbers are not where it says."""

    slug: str
    line: int
    problem: str

    def __str__(self) -> str:
        """Return one line naming the row, the line of the text and the problem."""
        return f"{self.slug}: line {self.line}: {self.problem}"


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def verify(text: str, items: list[Result | Mention]) -> list[Misprint]:
    """Check every row of a source against its text; what is wrong, in row order."""
    lines = text.split("\n")
    found: list[Misprint] = []
    last: dict[int, int] = {}
    for item in items:
        problems, start = _check(lines, item)
        if start is not None and isinstance(item, Result):
            if start < last.get(item.line, -1):
                problems.append("stands before the row above it; keep the order of the line")
            last[item.line] = start
        found += [Misprint(item.slug, item.line, problem) for problem in problems]
    return found


def _check(lines: list[str], item: Result | Mention) -> tuple[list[str], int | None]:
    problems: list[str] = []
    number, position, start = item.line, 0, None
    tokens: list[str] = []
    for place, token in enumerate(item.printed.split(" | ")):
        if other := _OTHER_LINE.fullmatch(token):
            number, token, position = int(other[1]), other[2], 0
        if not 1 <= number <= len(lines):
            return [f"the text has {len(lines)} lines, none is {number}"], start
        occurrence = item.occurrence if place == 0 else 1
        at = find(lines[number - 1], token, occurrence, position)
        if at is None:
            which = f"occurrence {occurrence} of " if place == 0 else ""
            problems.append(f"{which}the token {token!r} is not in line {number}")
            break
        if place == 0:
            start = at
        position = at + len(token)
        tokens.append(token)
    if not problems and isinstance(item, Result):
        problems += _missing_numbers(item, " ".join(tokens))
    return problems, start


def find(line: str, token: str, occurrence: int = 1, start: int = 0) -> int | None:
    """Return where the nth occurrence of a token begins, at number and word boundaries."""
    position = start - 1
    for _ in range(occurrence):
        position = line.find(token, position + 1)
        while position >= 0 and not _bounded(line, position, position + len(token)):
            position = line.find(token, position + 1)
        if position < 0:
            return None
    return position


def _bounded(line: str, start: int, end: int) -> bool:
    before, after = line[:start][-2:], line[end : end + 2]
    if line[start].isdigit() and re.search(r"\d[.,]?$", before):
        return False
    if line[end - 1].isdigit() and re.match(r"[.,]?\d", after):
        return False
    if line[start].isalpha() and before[-1:].isalpha():
        return False
    return not (line[end - 1].isalpha() and after[:1].isalpha())


def _missing_numbers(result: Result, printed: str) -> Iterator[str]:
    present = set(_NUMBER.findall(printed)) | _number_words(printed)
    present |= {number.replace(",", "") for number in present}
    wanted = {
        "value": result.value.text if result.value else None,
        "events": None if result.events is None else str(result.events),
        "interval_low": result.interval_low.text if result.interval_low else None,
        "interval_high": result.interval_high.text if result.interval_high else None,
        "p_value": result.p_value.text if result.p_value else None,
    }
    for name, number in wanted.items():
        if number is None:
            continue
        bare = number.lstrip("<>≤≥~ +-−")
        is_words = not any(character.isdigit() for character in bare)
        if bare not in present and not (is_words and bare in printed):
            yield f"{name} {number!r} is not among the printed tokens {printed!r}"


def _number_words(text: str) -> set[str]:
    words = {word: index for index, word in enumerate(_ONES)} | {
        word: 20 + 10 * index for index, word in enumerate(_TENS)
    }
    words |= {"no": 0, "none": 0, "both": 2, "single": 1}
    numbers = set()
    for match in _WORD.findall(text.lower()):
        parts = match.split("-")
        if all(part in words for part in parts):
            numbers.add(str(sum(words[part] for part in parts)))
    return numbers
