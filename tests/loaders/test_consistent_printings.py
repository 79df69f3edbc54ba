"""A study that prints everything twice alike disagrees with nothing; one changed digit does."""

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from evikg.graph import records as r
from evikg.graph.derive import derive
from evikg.graph.numbers import Printed
from evikg.loaders.disagreements import discrepancies
from evikg.ontology import Directness, DiscrepancyType, Statistic, StudyDesign

from .consistent import STUDIES, VARIABLES, Patient, reported

#: Places of a second printing: the same document's text and abstract, and a citing document.
PLACES = [
    {"locator": "Abstract"},
    {"locator": "Results, Efficacy"},
    {"locator": "Discussion", "source": "review", "directness": Directness.CITED},
]
STUDY = [r.Study(slug="trial", label="Trial", design=StudyDesign.RANDOMIZED)]


def twice(people: list[Patient], data: st.DataObject) -> tuple[list[r.Result], list[r.Group]]:
    """Write a table of all numbers, and print a drawn part of them again elsewhere."""
    everything, groups = reported(people)
    # Quartiles by two methods are two printings of one quantity that do differ.
    results = [x for x in everything if x.variable != "ecog-performance-status"]
    chosen = data.draw(st.sets(st.integers(0, len(results) - 1), min_size=1, max_size=40))
    again = [
        replace(results[i], slug=f"again-{i}", **data.draw(st.sampled_from(PLACES)))
        for i in sorted(chosen)
    ]
    return [*results, *again], groups


def compared(results: list[r.Result], groups: list[r.Group]) -> list[r.Discrepancy]:
    derived = derive(results, groups, VARIABLES)
    return list(discrepancies(results, derived, groups, VARIABLES, (), STUDY))


@settings(max_examples=60, deadline=None)
@given(STUDIES, st.data())
def test_what_is_printed_twice_alike_does_not_disagree(
    people: list[Patient], data: st.DataObject
) -> None:
    assert compared(*twice(people, data)) == []


@settings(max_examples=60, deadline=None)
@given(STUDIES, st.data())
def test_one_changed_number_disagrees_and_only_it(
    people: list[Patient], data: st.DataObject
) -> None:
    results, groups = twice(people, data)
    place = next(i for i, x in enumerate(results) if x.slug.startswith("again-"))
    right = results[place]
    assume(right.value is not None and right.statistic is not Statistic.ODDS_RATIO)
    assert right.value is not None
    # No number of a study of sixty patients is as large: it can stand under no other label
    counted = 98765 if right.statistic is Statistic.COUNT else None
    results[place] = replace(right, value=Printed.parse("98765"), events=counted)
    (found,) = compared(results, groups)
    assert found.type is DiscrepancyType.VALUE
    assert right.slug in found.results
