"""Abbreviations: which texts look like one, and what a running text says they stand for.

Definitions are found by the algorithm of Schwartz and Hearst, "A simple algorithm for identifying
abbreviation definitions in biomedical text", Pacific Symposium on Biocomputing 2003, 451-462: a
bracketed short form, before it at most min(|A| + 5, 2 |A|) words, and the short form's characters
found from right to left, the first one at the start of a word.
"""

import re
from collections.abc import Iterator

_OPEN = re.compile(r"[(\[]")
_WORDS = re.compile(r"\S+")
_LONGEST_ABBREVIATION = 10
_SHORTEST_ABBREVIATION = 2
#: Longer words in capitals are rather words of a heading.
_LONGEST_BARE = 6


def looks_abbreviated(text: str) -> bool:
    """Tell whether a text is written like an abbreviation: one short word, mostly capitals.

    A word of at most six characters with at least two capitals, which are not fewer than its
    other letters (a plural `s` aside): `ALL`, `TdP`, `5-FU`, `NSAIDs`, but not `Ca` or `pH`.
    """
    bare = text[:-1] if text.endswith("s") and text[:-1].isupper() else text
    if not _SHORTEST_ABBREVIATION <= len(bare) <= _LONGEST_BARE or " " in bare:
        return False
    capitals = sum(c.isupper() for c in bare)
    return capitals >= 2 and capitals >= sum(c.islower() for c in bare)


def definitions(text: str) -> dict[str, str]:
    """Return the abbreviations that a text defines, each with what it stands for.

    >>> definitions("Veno-occlusive disease (VOD) was seen.")
    {'VOD': 'Veno-occlusive disease'}

    Both `long form (SF)` and `SF (long form)` are read; the first definition of a short form
    holds.
    """
    found: dict[str, str] = {}
    for opening in _OPEN.finditer(text):
        inside = _inside(text, opening.start())
        before = _clause(text[: opening.start()])
        if inside is None or not before:
            continue
        short = re.split(r"[;,]", inside)[0].strip().strip("\"'")
        if is_short_form(short):
            long = best_long_form(short, _window(before, short))
        else:
            short, long = _last_word(before), ""
            if is_short_form(short):
                long = best_long_form(short, re.split(r"[;,]", inside)[0].strip())
        if long:
            found.setdefault(short, long)
        if is_short_form(short) and re.search(r"[/-]", short):
            for part, meaning in _parts(short, before):
                found.setdefault(part, meaning)
    return found


def _parts(short: str, before: str) -> Iterator[tuple[str, str]]:
    """Read `CPA/EE` after `cyproterone acetate combined with ethinyl estradiol`, last part first.

    This goes beyond Schwartz and Hearst, who read a short form as a whole.
    """
    for part in reversed(re.split(r"[/-]", short)):
        if not is_short_form(part) or not part.isupper():
            return
        long = best_long_form(part, _window(before, part))
        if not long:
            return
        yield part, long
        before = before[: before.rfind(long)].rstrip()


def expand(text: str, defined: dict[str, str]) -> str:
    """Return a text with the abbreviations in it replaced by what they stand for.

    >>> expand("hepatic VOD", {"VOD": "veno-occlusive disease"})
    'hepatic veno-occlusive disease'
    """
    if not defined:
        return text

    def meaning(word: str) -> str | None:
        if word in defined:
            return defined[word]
        if word.endswith("s") and word[:-1] in defined:
            return defined[word[:-1]]
        return defined.get(f"{word}s")

    if (whole := meaning(text)) is not None:
        return whole
    return re.sub(r"[^\s,;()/]+", lambda m: meaning(m[0]) or m[0], text)


def is_short_form(text: str) -> bool:
    """Tell whether a text may be a short form: 2 to 10 characters, one or two words, a letter."""
    return (
        _SHORTEST_ABBREVIATION <= len(text) <= _LONGEST_ABBREVIATION
        and len(text.split()) <= 2
        and any(c.isalpha() for c in text)
        and text[0].isalnum()
        and (any(c.isupper() for c in text) or any(c.isdigit() for c in text))
    )


def best_long_form(short: str, candidate: str) -> str:
    """Return the shortest end of a text that the short form abbreviates; empty where none does.

    Characters are matched from right to left (Schwartz & Hearst 2003, figure 1); what is shorter
    than the short form, or holds it as a word, is no long form.
    """
    place = len(candidate)
    for index in range(len(short) - 1, -1, -1):
        character = short[index].lower()
        if not character.isalnum():
            continue
        place -= 1
        while place >= 0 and (
            candidate[place].lower() != character
            or (index == 0 and place > 0 and candidate[place - 1].isalnum())
        ):
            place -= 1
        if place < 0:
            return ""
    start = candidate.rfind(" ", 0, place + 1) + 1
    long = candidate[start:].lstrip("\"'([").rstrip()
    words = long.split()
    too_many = len(words) > min(len(short) + 5, len(short) * 2)
    if len(long) <= len(short) or short in words or too_many:
        return ""
    return long


def _inside(text: str, start: int) -> str | None:
    """Return what stands between the bracket at `start` and its partner."""
    close = {"(": ")", "[": "]"}[text[start]]
    depth = 0
    for place in range(start, min(len(text), start + 200)):
        depth += (text[place] == text[start]) - (text[place] == close)
        if depth == 0:
            return text[start + 1 : place].strip()
    return None


def _clause(before: str) -> str:
    """Return the sentence that a bracket stands in, as far as the bracket."""
    return re.split(r"[.;:!?]\s+(?=[A-Z])", before[-400:])[-1].rstrip()


def _window(before: str, short: str) -> str:
    """Return the last min(|A| + 5, 2 |A|) words before the bracket."""
    starts = [match.start() for match in _WORDS.finditer(before)]
    count = min(len(short) + 5, len(short) * 2)
    return before[starts[-count] :] if len(starts) > count else before


def _last_word(before: str) -> str:
    words = before.split()
    return words[-1].strip(",;") if words else ""
