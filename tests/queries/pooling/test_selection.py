"""Which results enter a pool, and why each of the others does not."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from evikg.graph.comparability import candidates
from evikg.graph.embedded import EmbeddedStore
from evikg.graph.numbers import Printed
from evikg.graph.records import Group, Record, Result
from evikg.ontology import CountUnit, Directness, GroupKind, IntervalKind, Statistic, ValueStatus
from evikg.queries.pooling import Request
from evikg.queries.pooling.selection import Selection, select

Trial = Callable[..., list[Record]]
MakeGraph = Callable[[list[Record]], EmbeddedStore]


@pytest.fixture
def chosen(graph: MakeGraph) -> Callable[..., Selection]:
    def run(*studies: list[Record], **request: Any) -> Selection:
        records = [record for study in studies for record in study]
        slugs = [record.slug for record in records if isinstance(record, Result)]
        found = candidates(graph(records), slugs)
        return select(found, Request(tuple(slugs), **request))

    return run


def names(selection: Selection) -> list[str]:
    return [candidate.slug for candidate in selection.chosen]


def reasons(selection: Selection) -> list[str]:
    return [item.reason for item in selection.left_out]


PERCENT: dict[str, Any] = {"statistic": Statistic.PERCENT, "unit": "%"}


def test_printed_counts_enter_as_they_are(trial: Trial, chosen: Callable[..., Selection]) -> None:
    found = chosen(trial("a", events=3, total=12))
    assert names(found) == ["a-l1-1"]
    assert (found.chosen[0].result.events, found.chosen[0].result.total) == (3, 12)
    assert found.completed == ()


def test_a_count_is_worked_out_only_where_one_fits(
    trial: Trial, chosen: Callable[..., Selection]
) -> None:
    # 73.8 % of 164: 121 alone (120 are 73.2 %, 122 are 74.4 %). 64 % of 34: 22 are 65 %, 21 are
    # 62 %: none fits. Of 1000 patients, ten counts or so print as 64 %.
    found = chosen(
        trial("a", 164, value="73.8", printed="73.8%", **PERCENT),
        trial("b", 34, value="64", printed="64%", **PERCENT),
        trial("c", 1000, value="64", printed="64%", **PERCENT),
    )
    assert names(found) == ["a-l1-1"]
    assert found.chosen[0].result.events == 121
    (note,) = found.completed
    assert note.startswith("a-l1-1: denominator 164 is the size of the group; 121 of 164 worked")
    assert reasons(found) == [
        "no count of 34 patients gives 64% alone",
        "no count of 1000 patients gives 64% alone",
    ]


@pytest.mark.parametrize(
    ("size", "fields", "reason"),
    [
        (None, {"events": 3}, "its denominator is not stated"),
        (0, {"events": 0}, "it is of no patients: there is no proportion"),
        (20, {"events": 3, "count_unit": CountUnit.EVENTS},
         "events may come several times to a patient: they have no proportion"),
        (20, {"statistic": Statistic.MEAN, "value": "3.2"}, "a mean cannot be pooled"),
        (20, {"statistic": Statistic.HAZARD_RATIO, "value": "0.8"},
         "no confidence interval is printed"),
        (20, {"statistic": Statistic.HAZARD_RATIO, "value": "0.8", "interval_low": "0.6",
              "interval_high": "0.9", "interval_kind": IntervalKind.RANGE},
         "no confidence interval is printed"),
        (20, {"statistic": Statistic.SURVIVAL_PROBABILITY, "value": "40", "unit": "%",
              "interval_low": "20", "interval_high": Printed("NR", status=ValueStatus.NOT_REACHED),
              "printed": "40 (20-NR)"},
         "a bound of its interval is open or no number: 40 (20-NR)"),
        (20, {"statistic": Statistic.HAZARD_RATIO, "value": "0.8", "interval_low": "<0.6",
              "interval_high": "0.9", "printed": "0.8 (<0.6-0.9)"},
         "a bound of its interval is open or no number: 0.8 (<0.6-0.9)"),
    ],
)  # fmt: skip
def test_what_cannot_enter(
    size: int | None, fields: dict[str, Any], reason: str, trial: Trial,
    chosen: Callable[..., Selection],
) -> None:  # fmt: skip
    found = chosen(trial("a", size, **fields), trial("b", events=5))
    assert names(found) == ["b-l1-1"]
    assert [(item.result, item.reason) for item in found.left_out] == [("a-l1-1", reason)]


def test_a_level_that_is_not_printed_is_told(
    trial: Trial, chosen: Callable[..., Selection]
) -> None:
    ratio = {"statistic": Statistic.HAZARD_RATIO, "value": "0.8", "interval_low": "0.6",
             "interval_high": "0.9"}  # fmt: skip
    found = chosen(trial("a", **ratio), trial("b", **ratio, interval_level=Decimal("97.5")))
    assert [str(c.result.interval_level) for c in found.chosen] == ["95", "97.5"]
    assert found.completed == ("a-l1-1: the level of its interval is not stated: 95 % is taken",)


def test_a_subgroup_does_not_enter_beside_its_group(
    trial: Trial, chosen: Callable[..., Selection]
) -> None:
    study, group, result = trial("a", events=10, total=20)
    inner = Group(
        slug="a-old", study="a-trial", label="old", kind=GroupKind.SUBGROUP, size=8,
        subgroup_of="a-all",
    )  # fmt: skip
    assert isinstance(result, Result)
    part = replace(result, slug="a-l2-1", line=2, group="a-old", events=4, total=8)
    found = chosen([study, group, inner, part, result])
    assert names(found) == ["a-l1-1"]
    assert reasons(found) == ["already counted in a-l1-1"]


def test_survival_of_a_subgroup_does_not_enter_beside_that_of_its_group(
    trial: Trial, chosen: Callable[..., Selection]
) -> None:
    survival: dict[str, Any] = {
        "statistic": Statistic.SURVIVAL_PROBABILITY, "value": "40", "unit": "%",
        "interval_low": "20", "interval_high": "60", "interval_level": Decimal(95),
        "timepoint": Decimal(12), "timepoint_unit": "months",
    }  # fmt: skip
    study, group, result = trial("a", **survival)
    inner = Group(
        slug="a-old", study="a-trial", label="old", kind=GroupKind.SUBGROUP, size=8,
        subgroup_of="a-all",
    )  # fmt: skip
    assert isinstance(result, Result)
    part = replace(result, slug="a-l2-1", line=2, group="a-old")
    found = chosen([study, group, inner, part, result])
    assert names(found) == ["a-l1-1"]
    assert reasons(found) == ["its patients are among those of a-l1-1"]


def test_a_number_printed_again_enters_once(trial: Trial, chosen: Callable[..., Selection]) -> None:
    study, group, result = trial("a", events=10, total=20)
    assert isinstance(result, Result)
    again = replace(result, slug="a-l2-1", line=2, locator="Abstract")
    records = [study, group, result, again]
    assert names(chosen(records)) == ["a-l1-1"]
    assert reasons(chosen(records)) == [
        "printed again: another printing of the same quantity enters"
    ]
    # Whoever leaves the number out does not want its other printing in its place.
    assert names(chosen(records, exclude=frozenset({"a-l1-1"}))) == []
    assert names(chosen(records, exclude=frozenset({"a-l2-1"}))) == ["a-l1-1"]


def test_two_citations_enter_once_where_the_number_itself_is_not_asked_for(
    trial: Trial, graph: MakeGraph
) -> None:
    study, group, result = trial("a", events=10, total=20)
    assert isinstance(result, Result)
    cited = [
        replace(result, slug=f"b-l{line}-1", source="b", line=line, directness=Directness.CITED)
        for line in (5, 9)
    ]
    slugs = [item.slug for item in cited]
    found = candidates(graph([study, group, result, *cited]), slugs)
    assert names(select(found, Request(tuple(slugs)))) == ["b-l5-1"]


def test_a_report_does_not_enter_beside_its_study(
    trial: Trial, chosen: Callable[..., Selection]
) -> None:
    whole = trial("a", events=10, total=20)
    study, *rest = trial("b", events=4, total=9)
    interim = [replace(study, report_of="a-trial"), *rest]  # type: ignore[type-var]
    found = chosen(whole, interim)
    assert names(found) == ["a-l1-1"]
    assert reasons(found) == ["Trial b is a report of the study of a-l1-1"]


def test_results_are_narrowed_by_what_they_state(
    trial: Trial, chosen: Callable[..., Selection]
) -> None:
    studies = trial("a", events=1), trial("b", events=2), trial("c", events=3, variable="death")
    assert names(chosen(*studies, only={"variable": {"remission"}})) == ["a-l1-1", "b-l1-1"]
    assert names(chosen(*studies, only={"time": {"not stated"}})) == ["a-l1-1", "b-l1-1", "c-l1-1"]
    with pytest.raises(ValueError, match=r"no result has it \(there is: death, remission\)"):
        chosen(*studies, only={"variable": {"response"}})
    with pytest.raises(ValueError, match=r"--exclude d-l1-1: it is not among the 3 results"):
        chosen(*studies, exclude=frozenset({"d-l1-1"}))


@pytest.mark.parametrize(
    "statistic", sorted(item for item in Statistic if item.is_disproportionality)
)
def test_measures_of_disproportionate_reporting_enter_alike(
    trial: Trial, chosen: Callable[..., Selection], statistic: Statistic
) -> None:
    bounds = {"value": "3.0", "interval_low": "1.5", "interval_high": "6.0"}
    ratio = {"statistic": statistic, "count_unit": CountUnit.REPORTS, "printed": "3.0", **bounds}
    bayes = {**ratio, "interval_kind": IntervalKind.CREDIBILITY}
    found = chosen(trial("a", **ratio), trial("b", **bayes), trial("c", **ratio, events=4))
    assert names(found) == ["a-l1-1", "c-l1-1"]
    assert reasons(found) == ["no confidence interval is printed"]
