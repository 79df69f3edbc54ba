"""Clauses of a query, found in its text without a parser (SPARQL 1.1, section 19.8).

A keyword counts only where it is neither in a comment nor in a string, nor a part of a name. What
`<` means depends on what stands before it: it begins an IRI, or it compares.
"""

import re

#: White space and comments, as the inner part of a regular expression.
SPACE = r"(?:\s|#[^\n\r]*+(?=[\n\r]))*+"
#: An IRI in angle brackets, or a prefixed name.
NAME = r"""(?:<[^<>"{}|^`\s]*>|[^\s<>"'{}()?$#:]*+:[^\s<>"'{}()?$#]*+)"""

_IRI = re.compile(r"<[^<>\"{}|^`\x00-\x20]*+>")
_HIDING = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*+'''"
    r'|"(?:[^"\\\n\r]|\\.)*+"'
    r"|'(?:[^'\\\n\r]|\\.)*+'"
    r"|\#[^\n\r]*+",
    re.DOTALL,
)
# What stands before a keyword that is a part of a variable, a prefixed name or a language tag, read
# backwards.
_NAME_BACKWARDS = re.compile(r"\w*+[?$]|[\w%-]*+:|[\w-]*+@")
_LONGEST_NAME = 2000

_DATASET = re.compile(rf"{SPACE}(?:NAMED{SPACE})?{NAME}", re.IGNORECASE)


def clauses(
    query: str, keyword: str, rest: re.Pattern[str], *, in_doubt: bool = False
) -> list[re.Match[str]]:
    """Return what follows a keyword wherever it begins a clause.

    :param rest: matches the clause after its keyword
    :param in_doubt: also where one stands only if a `<` that could begin an IRI compares
    """
    if keyword.lower() not in query.lower():
        return []
    places = _outside(query, in_doubt=in_doubt)
    return [
        found
        for word in re.finditer(keyword, query, re.IGNORECASE)
        if places[word.start()]
        and not _is_in_name(query, word.start())
        and (found := rest.match(query, word.end()))
    ]


def names_dataset(query: str) -> bool:
    """Tell whether a query names the graphs it is asked of, by FROM or FROM NAMED."""
    return bool(clauses(query, "FROM", _DATASET))


def _is_in_name(query: str, place: int) -> bool:
    before = query[max(0, place - _LONGEST_NAME) : place]
    return _NAME_BACKWARDS.match(before[::-1]) is not None


def _outside(text: str, *, in_doubt: bool) -> bytearray:
    """Mark the places that lie outside comments, strings and IRIs."""
    marks = bytearray(len(text))
    waiting = [0]
    while waiting:
        place = waiting.pop()
        while place < len(text) and not marks[place]:
            marks[place] = 1
            character = text[place]
            if character in "\"'#":
                hiding = _HIDING.match(text, place)
                # A string without an end makes a query malformed: nothing in it is asked.
                place = hiding.end() if hiding else len(text)
                continue
            if character == "<" and (iri := _IRI.match(text, place)):
                if not in_doubt:
                    place = iri.end()
                    continue
                waiting.append(iri.end())
            place += 1
    return marks
