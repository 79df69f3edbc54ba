"""MGPS against what openEBGM prints for its CAERS data.

`caers-cells.csv` counts the pairs of openEBGM's data set `caers` (reports of the FDA's Center for
Food Safety, 2012: 3,356 reports, 17,189 pairs of product and event) by the reports of the pair, of
the product and of the event. Values are of openEBGM 0.9.1's vignettes 3 (hyperparameters) and 4
(posterior).
"""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

np = pytest.importorskip("numpy", reason="install the extra `faers`")
pytest.importorskip("scipy", reason="install the extra `faers`")

from evikg.analysis.disproportionality.ebgm import (
    Cells,
    Prior,
    PriorError,
    fit_prior,
    log_likelihood,
    scores,
    squashed,
    with_ebgm,
)

CAERS = Path(__file__).parents[2] / "data" / "faers" / "caers-cells.csv"
#: Vignette 4: the estimates from squashed data, by which it scores.
THETA = Prior(3.25379356, 0.39988854, 2.02612692, 1.90807970, 0.06534557)
COUNTS = st.lists(st.integers(0, 300), min_size=1, max_size=30)


@pytest.fixture(scope="module")
def caers() -> Cells:
    """Return the pairs, those of the same counts as one cell."""
    with CAERS.open(encoding="utf-8", newline="") as file:
        rows = [[float(value) for value in row.values()] for row in csv.DictReader(file)]
    count, product, event, pairs = np.array(rows).T
    return Cells(count, product * event / 3356, pairs)


def test_the_likelihood_is_openebgms(caers: Cells) -> None:
    """Vignette 3: the minimum on all 17,189 pairs is 4162.456."""
    printed = Prior(3.25596685, 0.39998994, 2.02376139, 1.90614108, 0.06530755)
    assert caers.weights.sum() == 17189
    assert -log_likelihood(printed, caers) == pytest.approx(4162.456, abs=5e-4)


def test_the_prior_is_openebgms(caers: Cells) -> None:
    """Vignette 3, `hyper_estimates_full`."""
    prior = fit_prior(caers)
    printed = (3.25596685, 0.39998994, 2.02376139, 1.90614108, 0.06530755)
    assert prior.theta == pytest.approx(printed, rel=1e-4)


def test_squashing_hardly_moves_the_prior(caers: Cells) -> None:
    """Vignette 3: squashing moves openEBGM's own estimates by less than 0.2 %."""
    pairs = caers.weights.astype(int)
    cells = squashed(np.repeat(caers.observed, pairs), np.repeat(caers.expected, pairs))
    assert cells.weights.sum() == 17189
    assert len(cells.observed) < 1500
    printed = (3.25596685, 0.39998994, 2.02376139, 1.90614108, 0.06530755)
    assert fit_prior(cells).theta == pytest.approx(printed, rel=2e-3)


@pytest.mark.parametrize(
    ("count", "expected", "ebgm", "low", "high"),
    # Vignette 4: the first six pairs, and the five with the highest QUANT_05.
    [
        (1, 0.0360548272, 2.23, 0.49, 13.85),
        (1, 0.0038736591, 2.58, 0.52, 15.78),
        (1, 0.0002979738, 2.63, 0.52, 16.02),
        (1, 0.0765792610, 1.92, 0.47, 11.77),
        (1, 0.0527413588, 2.09, 0.48, 12.95),
        (16, 0.40643623, 23.26, 15.68, 33.48),
        (19, 0.89690107, 16.78, 11.65, 23.55),
        (6, 0.07866508, 18.28, 10.16, 30.83),
        (8, 0.30482718, 15.25, 9.00, 24.52),
        (11, 0.56317044, 14.28, 8.98, 21.78),
    ],
)
def test_scores_are_openebgms(
    count: float, expected: float, ebgm: float, low: float, high: float
) -> None:
    """Its quantiles come from a bisection that stops within 0.01."""
    found = scores(THETA, np.array([count]), np.array([expected]))
    assert found.ebgm[0] == pytest.approx(ebgm, abs=0.005)
    assert (found.eb05[0], found.eb95[0]) == pytest.approx((low, high), abs=0.01)


def test_as_many_signals_as_openebgm(caers: Cells) -> None:
    """Vignette 4: 131 pairs have a QUANT_05 of 2 or more."""
    signals = scores(THETA, caers.observed, caers.expected).eb05 >= 2
    assert caers.weights[signals].sum() == 131


def test_a_table_of_pairs_gets_its_columns() -> None:
    """The pair of vignette 4 with 16 reports: product 44, event 31, of 3,356."""
    ibis = pytest.importorskip("ibis", reason="install the extra `faers`")
    table = ibis.memtable({"a": [16, 0], "b": [28, 0], "c": [15, 0], "d": [3297, 0]})
    scored, undefined = sorted(with_ebgm(table, THETA).to_pylist(), key=lambda row: -int(row["a"]))
    assert (scored["ebgm"], scored["eb05"]) == pytest.approx((23.26, 15.685), abs=0.005)
    assert undefined["ebgm"] is undefined["eb05"] is undefined["eb95"] is None


def test_cells_come_from_a_table_of_pairs() -> None:
    ibis = pytest.importorskip("ibis", reason="install the extra `faers`")
    cells = Cells.of(ibis.memtable({"a": [16, 2], "b": [28, 1], "c": [15, 1], "d": [3297, 0]}))
    assert cells.observed.tolist() == [2, 16]
    assert cells.expected.tolist() == pytest.approx([9 / 4, 44 * 31 / 3356])


def test_squashing_by_hand() -> None:
    """Of seven pairs with one report two stay single, the other five are bins of three and two."""
    observed = np.array([1, 1, 1, 1, 1, 1, 1, 2])
    expected = np.array([7, 1, 2, 3, 4, 5, 6, 9.0])
    cells = squashed(observed, expected, points=4, kept=2)
    assert cells.observed.tolist() == [1, 1, 1, 1, 2]
    assert cells.expected.tolist() == [2, 4.5, 6, 7, 9]
    assert cells.weights.tolist() == [3, 2, 1, 1, 1]


@pytest.mark.parametrize(
    ("observed", "expected", "message"),
    [
        ([1.0] * 9, [1.0] * 9, "at least ten pairs, not 9"),
        ([0.0] + [1.0] * 9, [1.0] * 10, "a count is below 1"),
        ([1.0] * 10, [0.0] + [1.0] * 9, "not positive"),
        # Each count is twelve times the expected: the ratios have no spread to fit a gamma to.
        ([12.0] * 20, [1.0] * 20, "too few to tell the prior"),
    ],
)
def test_what_no_prior_fits(observed: list[float], expected: list[float], message: str) -> None:
    with pytest.raises(PriorError, match=message):
        fit_prior(Cells(np.array(observed), np.array(expected), np.ones(len(observed))))


def test_scores_need_an_expectation() -> None:
    with pytest.raises(ValueError, match="expected counts positive"):
        scores(THETA, np.array([1.0]), np.array([0.0]))


@settings(max_examples=30, deadline=None)
@given(counts=COUNTS, expected=st.floats(1e-6, 1e4))
def test_scores_are_in_order_and_rise_with_the_count(counts: list[int], expected: float) -> None:
    observed = np.array(sorted(set(counts)), dtype=float)
    found = scores(THETA, observed, np.full(len(observed), expected))
    assert np.all((found.eb05 < found.ebgm) & (found.ebgm < found.eb95))
    for values in (found.ebgm, found.eb05, found.eb95):
        assert np.all(np.diff(values) > 0)


def test_quantiles_are_where_the_posterior_says(caers: Cells) -> None:
    """Scipy's gamma distribution, mixed by Bayes' rule from its negative binomial."""
    from scipy.stats import gamma, nbinom

    n, e = caers.observed[::150], caers.expected[::150]
    first, second = (
        weight * nbinom.pmf(n, shape, rate / (rate + e))
        for weight, shape, rate in (
            (THETA.p, THETA.alpha1, THETA.beta1),
            (1 - THETA.p, THETA.alpha2, THETA.beta2),
        )
    )
    share = first / (first + second)
    found = scores(THETA, n, e)
    for point, probability in ((found.eb05, 0.05), (found.eb95, 0.95)):
        below = share * gamma.cdf(point, THETA.alpha1 + n, scale=1 / (THETA.beta1 + e))
        below += (1 - share) * gamma.cdf(point, THETA.alpha2 + n, scale=1 / (THETA.beta2 + e))
        assert below == pytest.approx(np.full(len(n), probability), abs=1e-8)
