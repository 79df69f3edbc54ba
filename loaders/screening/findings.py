"""What a screening finds of a mention."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from evikg.graph.records import Mention


class Screening(StrEnum):
    """What came of the screening of a mention, from best to worst."""

    PASSED = "passed"
    UNCHECKED = "unchecked"  # nothing is loaded to check it against
    DOUBTFUL = "doubtful"  # a curator should look
    WRONG = "wrong"  # the identifier cannot be what is meant


class Rule(StrEnum):
    """The rules; a mention carries the names of those that it does not meet."""

    NO_IDENTIFIER = "no-identifier"
    MALFORMED = "malformed-identifier"
    UNKNOWN = "unknown-identifier"
    WRONG_TYPE = "wrong-type"
    LABEL = "label-mismatch"
    MODIFIER = "modifier-only"
    NARROWER = "narrower-than-text"
    COMPOSITE = "composite-mention"
    GENERIC = "generic-term"
    FRAGMENT = "fragment"
    OBSOLETE = "obsolete-record"
    REMAPPED = "re-mapped-record"
    TWO_IDENTIFIERS = "two-identifiers"
    OTHER_MENTION = "one-identifier-two-things"
    NAMES = "conflicting-names"


@dataclass(frozen=True, slots=True)
class Finding:
    """That a mention does not meet a rule; without a rule, that it cannot be checked."""

    rule: Rule | None
    screening: Screening
    reason: str
    proposed: tuple[str, ...] = ()


_ORDER = list(Screening)


def concluded(mention: Mention, iri: str, findings: Iterable[Finding]) -> Mention:
    """Return a mention with what was found of it; it identifies a term only if nothing was."""
    held = list(findings)
    screening = max((f.screening for f in held), key=_ORDER.index, default=Screening.PASSED)
    proposed = {target for f in held for target in f.proposed} - {iri}
    return replace(
        mention,
        screening=screening.value,
        identifies=iri if screening is Screening.PASSED else None,
        flags=tuple(sorted({f.rule.value for f in held if f.rule is not None})),
        reasons=tuple(sorted({f.reason for f in held})),
        proposed=tuple(sorted(proposed)),
    )
