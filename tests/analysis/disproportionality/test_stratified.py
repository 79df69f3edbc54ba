"""Mantel-Haenszel odds ratios and expected counts over strata."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evikg.analysis.disproportionality.counts import Counting, Reports, pair_counts, stratum_counts
from evikg.analysis.disproportionality.measures import with_ic, with_ror
from evikg.analysis.disproportionality.stratified import adjusted

pytest.importorskip("ibis", reason="install the extra `faers`")

Table = tuple[int, int, int, int]
#: R's data set UCBAdmissions: admitted and rejected men, admitted and rejected women, by department.
BERKELEY: list[Table] = [
    (512, 313, 89, 19),
    (353, 207, 17, 8),
    (120, 205, 202, 391),
    (138, 279, 131, 244),
    (53, 138, 94, 299),
    (22, 351, 24, 317),
]
FEW = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def combined(tables: list[Table]) -> dict[str, Any]:
    """Return the one row that strata of one pair make."""
    import ibis

    columns = {name: [cells[at] for cells in tables] for at, name in enumerate("abcd")}
    labels = [str(at) for at in range(len(tables))]
    pair = {"drug": [1] * len(tables), "event": [2] * len(tables), "stratum": labels}
    (row,) = adjusted(ibis.memtable({**pair, **columns})).to_pyarrow().to_pylist()
    found: dict[str, Any] = row
    return found


def test_the_ratio_and_interval_are_rs() -> None:
    """mantelhaen.test(UCBAdmissions): common odds ratio 0.9046968, 0.7719074 to 1.0603298."""
    row = combined(BERKELEY)
    assert row["ror"] == pytest.approx(0.9046968, abs=1e-7)
    # R takes the normal quantile 1.959964, the printed formula of a ROR 1.96.
    assert (row["ror_low"], row["ror_high"]) == pytest.approx((0.7719074, 1.0603298), abs=5e-6)


def test_two_strata_by_hand() -> None:
    """(2, 1, 1, 2) and (1, 1, 1, 1).

    R = 4/6 + 1/4 = 11/12, S = 1/6 + 1/4 = 5/12: ROR 2.2. E = 3·3/6 + 2·2/4 = 2.5.
    """
    row = combined([(2, 1, 1, 2), (1, 1, 1, 1)])
    assert (row["a"], row["expected"], row["ror"]) == (3, 2.5, pytest.approx(2.2))


@pytest.mark.parametrize("tables", [[(3, 0, 1, 5)], [(3, 2, 0, 5), (1, 0, 0, 4)]])
def test_a_ratio_without_discordant_pairs_is_undefined(tables: list[Table]) -> None:
    row = combined(tables)
    assert row["ror"] is row["ror_low"] is row["ror_high"] is None
    assert row["expected"] > 0


def test_a_stratum_with_a_zero_cell_counts() -> None:
    """Where Woolf's pooled estimate has none, the Mantel-Haenszel ratio is defined."""
    row = combined([(3, 0, 1, 5), (1, 2, 3, 4)])
    assert row["ror"] == pytest.approx((15 / 9 + 4 / 10) / (6 / 10))
    assert 0 < row["ror_low"] < row["ror"] < row["ror_high"]


@FEW
@given(table=st.tuples(*[st.integers(1, 900)] * 4))
def test_one_stratum_is_no_stratification(table: Table) -> None:
    """The variance of Robins, Breslow and Greenland is then Woolf's."""
    import ibis

    cells = {name: [value] for name, value in zip("abcd", table, strict=True)}
    crude = with_ic(with_ror(ibis.memtable(cells))).to_pyarrow().to_pylist()[0]
    row = combined([table])
    for name in ("ror", "ror_low", "ror_high", "expected"):
        assert row[name] == pytest.approx(crude[name])


@pytest.mark.parametrize("counting", Counting)
def test_reports_with_one_stratum(reports: Callable[..., Reports], counting: Counting) -> None:
    """From the reports on: every pair's adjusted measures are the unadjusted ones."""
    cases = [(at, [at % 3, at % 2], [at % 5, at % 4]) for at in range(40)]
    given = reports(cases, sex=["F"] * 40)

    def by_pair(table: Any) -> dict[tuple[int, int], list[float | None]]:
        names = ("a", "ror", "ror_low", "ror_high", "ic", "ic025", "ic975")
        rows = table.to_pyarrow().to_pylist()
        return {(row["drug"], row["event"]): [row[name] for name in names] for row in rows}

    crude = by_pair(with_ic(with_ror(pair_counts(given, counting))))
    strata = by_pair(with_ic(adjusted(stratum_counts(given, ["sex"], counting))))
    assert strata.keys() == crude.keys()
    for pair, values in crude.items():
        if None not in values:
            assert strata[pair] == pytest.approx(values)
    assert any(None not in values for values in crude.values())
