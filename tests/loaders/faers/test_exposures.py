"""Each drug of a case once, whatever its rows, in any of the roles that are asked for."""

from collections.abc import Collection
from types import SimpleNamespace

import pytest

ibis = pytest.importorskip("ibis", reason="install the extra `faers`")

from evikg.analysis.disproportionality.counts import Reports as Counted
from evikg.analysis.disproportionality.counts import drug_counts, pair_counts
from evikg.loaders.faers.making import exposures
from evikg.loaders.faers.reports import Reports

pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

# Case 1 has drug 7 as primary suspect twice and as concomitant, case 2 in a role that is no code.
ROWS = [(1, 1, "PS", 7), (1, 2, "PS", 7), (1, 3, "C", 7), (1, 4, "I", 8)]
ROWS += [(2, 1, "PS", 8), (2, 2, None, 7), (3, 1, "SS", 7)]
REACTIONS = [(1, 4), (1, 5), (2, 4), (3, 5)]


def table(columns: str, rows: Collection[tuple[object, ...]], **types: str) -> "ibis.Table":
    names = columns.split()
    return ibis.memtable(
        [dict(zip(names, row, strict=True)) for row in rows],
        schema={name: types.get(name, "int64") for name in names},
    )


def drugs() -> "ibis.Table":
    return table("primaryid drug_seq role drug", ROWS, role="string")


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        (("PS",), [(1, 7), (2, 8)]),
        (("SS",), [(3, 7)]),
        (("C", "I"), [(1, 7), (1, 8)]),
        (("PS", "SS", "C", "I"), [(1, 7), (1, 8), (2, 8), (3, 7)]),
    ],
)
def test_a_drug_of_a_case_is_there_once(
    roles: tuple[str, ...], expected: list[tuple[int, int]]
) -> None:
    made = SimpleNamespace(exposures=exposures(drugs()))
    found = Reports.exposed(made, roles).to_pyarrow().to_pylist()  # type: ignore[arg-type]
    assert sorted((row["primaryid"], row["drug"]) for row in found) == expected


def test_distinct_rows_are_counted_as_all_rows_are() -> None:
    cases, reactions = table("primaryid", [(1,), (2,), (3,)]), table("primaryid event", REACTIONS)
    rows = drugs().filter(ibis._.role.notnull())
    repeated = Counted(cases, rows, reactions)
    once = Counted(cases, exposures(rows).select("primaryid", "drug"), reactions, distinct=True)
    for count in (pair_counts, lambda reports: drug_counts(reports, [7])):
        found = [count(reports).to_pyarrow().to_pylist() for reports in (repeated, once)]
        by_pair = [sorted(map(str, rows)) for rows in found]
        assert by_pair[0] == by_pair[1]
    # By hand: drug 7 is in cases 1 and 3, event 4 in cases 1 and 2.
    pairs = {(row["drug"], row["event"]): row for row in pair_counts(once).to_pyarrow().to_pylist()}
    assert [pairs[7, 4][cell] for cell in "abcd"] == [1, 1, 1, 0]
    assert [pairs[7, 5][cell] for cell in "abcd"] == [2, 0, 0, 1]
