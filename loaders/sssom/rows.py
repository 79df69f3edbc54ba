"""What is kept of a mapping set and of each of its rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingSet:
    """A mapping set as its header describes it; what the header does not say is empty.

    `slug` names the set in the graph, `providers` are IRIs or names as printed.
    """

    slug: str
    iri: str = ""
    title: str = ""
    version: str = ""
    licence: str = ""
    description: str = ""
    providers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingRow:
    """One row of a mapping set; its CURIEs are expanded to canonical IRIs.

    `negative` rows say that the mapping does not hold; where not `found`, one side has no term.
    `authors` and `reviewers` are IRIs, `line` is the 1-based line of the file where the row begins,
    `places` the 1-based column of each field. `subject` is empty in a set that is read by its texts.
    """

    subject: str
    predicate: str
    object: str
    justification: str
    slug: str
    subject_label: str = ""
    object_label: str = ""
    object_source: str = ""
    negative: bool = False
    found: bool = True
    confidence: Decimal | None = None
    authors: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    mapping_date: str = ""
    tool: str = ""
    comment: str = ""
    line: int = 0
    places: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)
