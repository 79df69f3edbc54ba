"""Whether results may stand in one table or one pool: every difference, every shared patient."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from evikg.ontology import Severity, Verdict

from .candidates import Candidate
from .facets import Facet, facets, value_of
from .overlap import Certainty, Overlap, overlaps, told

#: The value of a facet for a result that states none.
NOT_STATED = "not stated"


@dataclass(frozen=True, slots=True)
class Difference:
    """A facet in which results differ: its values, with the results that have each."""

    facet: str
    bars: bool
    statement: str
    values: tuple[tuple[str, tuple[str, ...]], ...]

    def told(self) -> str:
        """Write the difference in one line."""
        listed = "; ".join(f"{value} ({', '.join(slugs)})" for value, slugs in self.values)
        return f"{self.statement}: {listed}"

    def brief(self) -> str:
        """Write the difference with the number of results that have each value."""
        listed = ", ".join(f"{value} ({len(slugs)})" for value, slugs in self.values)
        return f"{self.statement}: {listed}"


@dataclass(frozen=True, slots=True)
class Assessment:
    """What stands against putting results together.

    `faults` are results that take part in a failed check or a disagreement, in words.
    """

    results: tuple[str, ...]
    differences: tuple[Difference, ...]
    overlaps: tuple[Overlap, ...]
    faults: tuple[tuple[str, bool, str], ...]  # result, whether it bars, words

    @property
    def incommensurable(self) -> bool:
        """Tell whether the numbers are of different sorts, which no reason can put together."""
        return any(item.facet in {"statistic", "unit"} for item in self.differences)

    @property
    def bars(self) -> tuple[str, ...]:
        """Return the reasons for which the results must not be pooled; empty if they may."""
        return (
            *(item.told() for item in self.differences if item.bars),
            *_told_once(self.overlaps),
            *(f"{slug}: {words}" for slug, bars, words in self.faults if bars),
        )

    @property
    def caveats(self) -> tuple[str, ...]:
        """Return the differences that do not bar a pool, and travel with it."""
        return (
            *(item.told() for item in self.differences if not item.bars),
            *(f"{slug}: {words}" for slug, bars, words in self.faults if not bars),
        )


def _told_once(overlaps: Sequence[Overlap]) -> list[str]:
    """Write overlaps in one line for all pairs of results of the same two groups."""
    pairs: dict[tuple[Certainty, str], list[Overlap]] = defaultdict(list)
    for item in overlaps:
        pairs[item.certainty, item.how].append(item)
    return [told(items) for items in pairs.values()]


def assess(found: Sequence[Candidate]) -> Assessment:
    """Compare results facet by facet, and look for patients that several of them count."""
    differences = (_difference(facet, found) for facet in facets())
    return Assessment(
        results=tuple(candidate.slug for candidate in found),
        differences=tuple(filter(None, differences)),
        overlaps=tuple(overlaps(found)),
        faults=tuple(fault for candidate in found for fault in _faults(candidate)),
    )


def _difference(facet: Facet, found: Sequence[Candidate]) -> Difference | None:
    having: dict[str | None, list[str]] = defaultdict(list)
    for candidate in found:
        having[value_of(facet.name, candidate)].append(candidate.slug)
    if len(having) < 2:
        return None
    stated = [value for value in having if value is not None]
    bars = facet.bars and (len(stated) > 1 or not facet.open_if_unstated)
    if facet.name == "variable" and bars:
        bars = not _one_thing(found)
    values = tuple(
        (NOT_STATED if value is None else value, tuple(sorted(slugs)))
        for value, slugs in sorted(
            having.items(), key=lambda item: (item[0] is None, item[0] or "")
        )
    )
    return Difference(facet.name, bars, facet.statement, values)


def _one_thing(found: Sequence[Candidate]) -> bool:
    """Tell whether the variables are names of one thing: a term means exactly what each of them means.

    A broader variable is another thing: an event of the liver is not always a veno-occlusive disease.
    """
    return bool(frozenset.intersection(*(candidate.same_as for candidate in found)))


def _faults(candidate: Candidate) -> list[tuple[str, bool, str]]:
    found = []
    for check in candidate.checks:
        bars = check.verdict is Verdict.INCONSISTENT and check.severity is Severity.CRITICAL
        words = f"fails the check {check.rule} ({check.verdict}): {check.inputs}"
        found.append((candidate.slug, bars, words))
    for item in candidate.discrepancies:
        found.append((candidate.slug, False, f"{item.type}: {item.note}"))
    return found
