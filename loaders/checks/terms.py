"""Rules on terms and the classes that they stand in: what is narrower is no more."""

from collections import defaultdict
from collections.abc import Iterator

from evikg.graph.records import Result
from evikg.ontology import CountUnit, Verdict

from .codes import least_grades
from .labels import plain
from .material import Material, Scope, told
from .orders import exceeds, order
from .rules import Finding, rules

_COUNTED = {CountUnit.PATIENTS, CountUnit.EVENTS, CountUnit.CASES, CountUnit.REPORTS}


def broader(material: Material) -> Iterator[Finding]:
    """Compare what is counted with a term with what is counted with a broader one of a source.

    Broader is a variable that is declared so, and the row of the class that a term stands under.
    """
    for family in _families(material, "variable", "definition"):
        heads = _classes(family)
        places: dict[str, list[int]] = defaultdict(list)
        for place, (_, x) in enumerate(family):
            places[x.variable].append(place)
        for _, narrow in family:
            above = material.ancestors(narrow.variable) - {narrow.variable}
            wider = [
                family[i][1] for i in sorted(i for name in above for i in places.get(name, ()))
            ]
            head = heads.get(plain(narrow.printed_soc or ""))
            if head is not None and head is not narrow and head not in wider:
                wider.append(head)
            for wide in wider:
                yield from order("broader", narrow, wide)


def least_grade(material: Material) -> Iterator[Finding]:
    """Compare terms that have no mild grade, of any grade, with the severe events of their class.

    Every event of such a term (febrile neutropenia is of grade 3 or more) is among those of its
    class of at least this grade, and of the term itself.
    """
    least = least_grades()
    for family in _families(material, "variable", "definition", "grade", "grade_basis"):
        severe = [
            (scope, x) for scope, x in family if x.grade and x.grade.text != "any" and x.grade.low
        ]
        for _, narrow in family:
            lowest = least.get(plain(narrow.printed_term or ""), 1)
            # Only those of grade 3 and more: of grade 4 or 5 alone, other scales are in use too.
            if lowest != 3 or narrow.grade is None or narrow.grade.text != "any":
                continue
            for _, wide in severe:
                span = wide.grade
                if span is None or span.high != 5 or span.low not in {2, 3}:
                    continue
                if wide.variable == narrow.variable or _is_class(wide, narrow):
                    yield from _severe(narrow, wide, lowest)


def _severe(narrow: Result, wide: Result, lowest: int) -> Iterator[Finding]:
    rule = rules()["least-grade"]
    more = exceeds(narrow, wide)
    if more is False:
        yield rule.passed([narrow, wide])
    elif more:
        yield rule.check(
            Verdict.CANNOT_CHECK,
            [narrow, wide],
            f"{narrow.printed_term} {told(narrow)}, of {wide.printed_term} by grade {told(wide)}",
            note=f"grades of this term begin at {lowest}: it fits only if another scale was used",
        )


def _families(material: Material, *names: str) -> Iterator[list[tuple[Scope, Result]]]:
    """Yield the counts that differ in nothing but the named parts of their scope."""
    for family in material.by(*names):
        counted = [
            (scope, x)
            for scope, x in family
            if scope.statistic == "frequency" and x.count_unit in _COUNTED
        ]
        if len(counted) > 1:
            yield counted


def _classes(family: list[tuple[Scope, Result]]) -> dict[str, Result]:
    """Return the rows that are a class themselves, by the name of the class."""
    found: dict[str, list[Result]] = defaultdict(list)
    for _, x in family:
        if x.printed_soc and plain(x.printed_term or "") == plain(x.printed_soc):
            found[plain(x.printed_soc)].append(x)
    return {name: rows[0] for name, rows in found.items() if len(rows) == 1}


def _is_class(wide: Result, narrow: Result) -> bool:
    """Tell whether a row is the class that a term stands under."""
    name = plain(wide.printed_soc or "")
    return bool(name) and name == plain(wide.printed_term or "") == plain(narrow.printed_soc or "")
