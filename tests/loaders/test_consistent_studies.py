"""A study that is consistent by construction raises no finding; one changed number does."""

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings

from evikg.graph.numbers import Printed
from evikg.loaders.checks import recompute
from evikg.ontology import Statistic, Verdict

from .consistent import STUDIES, VARIABLES, Event, Patient, reported


@settings(max_examples=60, deadline=None)
@given(STUDIES)
def test_a_consistent_study_raises_no_finding(people: list[Patient]) -> None:
    results, groups = reported(people)
    recomputed = recompute(results, groups, VARIABLES)
    assert recomputed.checks == ()
    assert recomputed.passed


@settings(max_examples=40, deadline=None)
@given(STUDIES)
def test_one_response_more_than_there_is_breaks_every_sum_it_is_in(people: list[Patient]) -> None:
    results, groups = reported(people)
    place = next(i for i, x in enumerate(results) if (x.group, x.variable) == ("arm-a", "cr-cri"))
    right = results[place]
    assert right.statistic is Statistic.PERCENT
    assert right.events is not None
    results[place] = replace(right, events=right.events + 1, value=Printed.parse("50"))
    names = Counter(
        check.rule
        for check in recompute(results, groups, VARIABLES).checks
        if check.verdict is Verdict.INCONSISTENT and right.slug in check.checks
    )
    # By construction: CR + CRi is one less, and so is the other arm's complement to all
    assert names["categories"] == 1
    assert names["pool"] == 1


def test_the_generated_study_has_every_kind_of_number() -> None:
    people = [
        Patient("ab"[i % 2], i % 3 == 0, i % 5 == 0, ("cr", "cri", "")[i % 3], 30 + i, 5 + i, 3 + i,
                (Event(1 + i % 5, i % 2 == 0, i % 3 == 0),))
        for i in range(20)
    ]  # fmt: skip
    results, _ = reported(people)
    kinds = {x.statistic for x in results}
    assert {Statistic.COUNT, Statistic.PERCENT, Statistic.MEDIAN, Statistic.ODDS_RATIO} <= kinds
    assert Statistic.SURVIVAL_PROBABILITY in kinds
