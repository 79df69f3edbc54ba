"""Two-by-two tables, counted by hand and by brute force."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evikg.analysis.disproportionality.counts import (
    Counting,
    Reports,
    cases_of,
    drug_counts,
    focused,
    pair_counts,
    stratum_counts,
)

pytest.importorskip("ibis", reason="install the extra `faers`")

Make = Callable[..., Reports]
Read = Callable[[Any], dict[tuple[object, ...], tuple[int, ...]]]

# Five cases; drug 1 and event 7 are named twice in case 10, and case 14 has no drug at all.
#   10: drugs 1 1 2   events 7 7 8
#   11: drugs 1       events 8
#   12: drugs 2       events 7 9
#   13: drugs 3       events 9
#   14: drugs -       events 7
FIVE: list[tuple[int, tuple[int, ...], tuple[int, ...]]] = [
    (10, (1, 1, 2), (7, 7, 8)),
    (11, (1,), (8,)),
    (12, (2,), (7, 9)),
    (13, (3,), (9,)),
    (14, (), (7,)),
]
CASES = st.lists(
    st.tuples(
        st.lists(st.integers(1, 4), max_size=4),
        st.lists(st.integers(1, 4), max_size=4),
    ),
    min_size=1,
    max_size=12,
).map(lambda cases: [(100 + at, *case) for at, case in enumerate(cases)])
#: Each example runs a query, which takes longer than the usual limit when the machine is busy.
FEW = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def test_cases_counted_by_hand(reports: Make, rows: Read) -> None:
    """Drug 1 is in cases 10 and 11, event 8 in the same two: a 2, b 0, c 0, d 3."""
    assert rows(pair_counts(reports(FIVE))) == {
        (1, 7): (1, 1, 2, 1),
        (1, 8): (2, 0, 0, 3),
        (2, 7): (2, 0, 1, 2),
        (2, 8): (1, 1, 1, 2),
        (2, 9): (1, 1, 1, 2),
        (3, 9): (1, 0, 1, 3),
    }


def test_events_counted_by_hand(reports: Make, rows: Read) -> None:
    """There are 7 distinct (case, event); drug 1 has 3 of them, drug 2 four, drug 3 one."""
    assert rows(pair_counts(reports(FIVE), Counting.EVENT)) == {
        (1, 7): (1, 2, 2, 2),
        (1, 8): (2, 1, 0, 4),
        (2, 7): (2, 2, 1, 2),
        (2, 8): (1, 3, 1, 2),
        (2, 9): (1, 3, 1, 2),
        (3, 9): (1, 0, 1, 5),
    }


def test_a_least_count_only_leaves_pairs_out(reports: Make, rows: Read) -> None:
    every = rows(pair_counts(reports(FIVE)))
    assert rows(pair_counts(reports(FIVE), minimum=2)) == {
        pair: cells for pair, cells in every.items() if cells[0] >= 2
    }
    with pytest.raises(ValueError, match="the minimum is 1"):
        pair_counts(reports(FIVE), minimum=0)


def test_one_drug_is_as_in_all_pairs(reports: Make, rows: Read) -> None:
    every = rows(pair_counts(reports(FIVE)))
    assert rows(drug_counts(reports(FIVE), [2])) == {
        pair: cells for pair, cells in every.items() if pair[0] == 2
    }


def test_drugs_taken_as_one(reports: Make, rows: Read) -> None:
    """Drugs 1 and 3 together are in cases 10, 11 and 13."""
    assert rows(drug_counts(reports(FIVE), [1, 3], name="either")) == {
        ("either", 7): (1, 2, 2, 0),
        ("either", 8): (2, 1, 0, 2),
        ("either", 9): (1, 2, 1, 1),
    }


def test_an_active_comparator_is_the_background(reports: Make, rows: Read) -> None:
    """Of drug 1 against drug 2: case 10 has both and is exposed; only case 12 is background."""
    assert rows(drug_counts(reports(FIVE), [1], comparators=[2])) == {
        (1, 7): (1, 1, 1, 0),
        (1, 8): (2, 0, 0, 1),
    }
    assert rows(drug_counts(reports(FIVE), [1], Counting.EVENT, comparators=[2])) == {
        (1, 7): (1, 2, 1, 1),
        (1, 8): (2, 1, 0, 2),
    }


def test_a_restricted_set_of_cases(reports: Make, rows: Read) -> None:
    """Without cases 10 and 14 nothing of them counts, though their drugs and events are there."""
    given = reports(FIVE)
    restricted = replace(given, cases=given.cases.filter(given.cases.primaryid.isin([11, 12, 13])))
    assert rows(pair_counts(restricted)) == {
        (1, 8): (1, 0, 0, 2),
        (2, 7): (1, 0, 0, 2),
        (2, 9): (1, 0, 1, 1),
        (3, 9): (1, 0, 1, 1),
    }


def test_cases_of_a_drug(reports: Make) -> None:
    found = cases_of(reports(FIVE), [1, 3]).to_pyarrow().to_pylist()
    assert sorted(row["primaryid"] for row in found) == [10, 11, 13]


def test_strata_counted_by_hand(reports: Make, rows: Read) -> None:
    """Women are cases 10 and 13, men 11 and 12, of case 14 nothing is known: it has no drug."""
    given = reports(FIVE, sex=["F", "M", "M", "F", None])
    assert rows(stratum_counts(given, ["sex"])) == {
        (1, 7, "F"): (1, 0, 0, 1),
        (1, 7, "M"): (0, 1, 1, 0),
        (1, 8, "F"): (1, 0, 0, 1),
        (1, 8, "M"): (1, 0, 0, 1),
        (2, 7, "F"): (1, 0, 0, 1),
        (2, 7, "M"): (1, 0, 0, 1),
        (2, 8, "F"): (1, 0, 0, 1),
        (2, 8, "M"): (0, 1, 1, 0),
        (2, 9, "F"): (0, 1, 1, 0),
        (2, 9, "M"): (1, 0, 0, 1),
        (3, 9, "F"): (1, 0, 0, 1),
    }


def test_a_missing_value_is_a_stratum(reports: Make, rows: Read) -> None:
    given = reports(FIVE, sex=[None] * 5, year=[2020] * 5)
    found = rows(stratum_counts(given, ["sex", "year"]))
    assert {stratum for _, _, stratum in found} == {"unknown | 2020"}
    assert {pair[:2]: cells for pair, cells in found.items()} == rows(pair_counts(given))


@pytest.mark.parametrize("counting", Counting)
def test_counts_are_whole_numbers_in_a_file(
    reports: Make, tmp_path: Path, counting: Counting
) -> None:
    """DuckDB's sums are wider than any integer of Parquet."""
    import ibis
    import pyarrow.parquet as pq

    given = reports(FIVE, sex=["F"] * 5)
    for table in (pair_counts(given, counting), stratum_counts(given, ["sex"], counting)):
        ibis.duckdb.connect().to_parquet(table, tmp_path / "counts.parquet")
        schema = pq.read_schema(tmp_path / "counts.parquet")
        assert [str(schema.field(name).type) for name in "abcd"] == ["int64"] * 4


@pytest.mark.parametrize(
    ("drugs", "options", "message"),
    [
        ([], {}, "at least one drug"),
        ([1], {"comparators": []}, "at least one drug, and one comparator"),
        ([1, 2], {}, "2 drugs taken as one need a name"),
        ([1], {"comparators": [2, 1]}, "its own comparator: 1"),
    ],
)
def test_what_cannot_be_asked(
    reports: Make, drugs: list[int], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        focused(reports(FIVE), drugs, **options)


@pytest.mark.parametrize(("strata", "message"), [(["region"], "not region"), ([], "not none")])
def test_strata_that_are_not_there(reports: Make, strata: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        stratum_counts(reports(FIVE), strata)


def brute_force(
    cases: list[tuple[int, list[int], list[int]]], counting: Counting
) -> dict[tuple[object, ...], tuple[int, ...]]:
    """Count every pair by walking through all units."""
    if counting is Counting.CASE:
        units = [(set(drugs), set(events)) for _, drugs, events in cases]
    else:
        units = [(set(drugs), {event}) for _, drugs, events in cases for event in set(events)]
    found: dict[tuple[object, ...], tuple[int, ...]] = {}
    for drug in range(1, 5):
        for event in range(1, 5):
            cells = [0, 0, 0, 0]
            for drugs, events in units:
                cells[2 * (drug not in drugs) + (event not in events)] += 1
            if cells[0]:
                found[drug, event] = tuple(cells)
    return found


@FEW
@given(cases=CASES, counting=st.sampled_from(Counting))
def test_pairs_equal_a_count_one_by_one(
    reports: Make,
    rows: Read,
    cases: list[tuple[int, list[int], list[int]]],
    counting: Counting,
) -> None:
    assert rows(pair_counts(reports(cases), counting)) == brute_force(cases, counting)


@FEW
@given(cases=CASES)
def test_event_level_counts_add_up(
    reports: Make, rows: Read, cases: list[tuple[int, list[int], list[int]]]
) -> None:
    """Over the events of a drug, a adds up to a + b; N is the same everywhere."""
    found = rows(pair_counts(reports(cases), Counting.EVENT))
    units = sum(len(set(events)) for _, _, events in cases)
    for drug in {pair[0] for pair in found}:
        own = [cells for pair, cells in found.items() if pair[0] == drug]
        assert {a + b for a, b, _, _ in own} == {sum(a for a, _, _, _ in own)}
    assert all(sum(cells) == units for cells in found.values())


@FEW
@given(cases=CASES, counting=st.sampled_from(Counting), data=st.data())
def test_strata_add_up(
    reports: Make,
    rows: Read,
    cases: list[tuple[int, list[int], list[int]]],
    counting: Counting,
    data: st.DataObject,
) -> None:
    """Over the strata, a adds up to the a of all cases, and so does a + b."""
    sexes = data.draw(st.lists(st.sampled_from(["F", "M", None]), min_size=len(cases)))
    given = reports(cases, sex=sexes[: len(cases)])
    summed: dict[tuple[object, ...], tuple[int, ...]] = {}
    for key, (a, b, _, _) in rows(stratum_counts(given, ["sex"], counting)).items():
        before = summed.get(key[:2], (0, 0))
        summed[key[:2]] = (before[0] + a, before[1] + b)
    whole = rows(pair_counts(given, counting))
    assert summed == {pair: cells[:2] for pair, cells in whole.items()}
