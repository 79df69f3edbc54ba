"""The empirical Bayes geometric mean: gamma-Poisson shrinkage of observed over expected counts.

DuMouchel 1999, doi:10.1080/00031305.1999.10474456. A count n is Poisson with mean λE; the λ of all
pairs come from a mixture of two gamma distributions (shape α, rate β), so that n is a mixture of
two negative binomials and the posterior of λ again a mixture of two gammas. The prior is fitted by
maximum likelihood to all pairs that occur, each of the two negative binomials conditional on n > 0,
and cells that hardly differ are squashed into one with a weight: DuMouchel and Pregibon 2001,
doi:10.1145/502512.502526.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TypeAlias

    import ibis.expr.types as ir
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Floats: TypeAlias = npt.NDArray[np.float64]

#: Where the search starts: alpha1, beta1, alpha2, beta2, p. The first is DuMouchel's.
STARTS = (
    (0.2, 0.1, 2.0, 4.0, 1 / 3),
    (0.1, 0.1, 10.0, 10.0, 0.2),
    (0.3, 0.5, 6.0, 6.0, 0.5),
    (0.5, 0.3, 12.0, 12.0, 0.8),
    (0.2, 0.2, 5.0, 5.0, 0.4),
)
#: Of each count, so many cells stay single: those expected most, where the likelihood bends.
KEPT = 100
#: Of each count, so many cells remain after squashing.
POINTS = 500


#: How far the logarithms of the parameters are searched.
FARTHEST = 9.0


class PriorError(ValueError):
    """No prior can be fitted to the counts."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Observed and expected counts of pairs; a weight says how many pairs a row stands for."""

    observed: Floats
    expected: Floats
    weights: Floats

    @classmethod
    def of(cls, pairs: ir.Table) -> Cells:
        """Execute a table with a and expected (or b, c, d), and squash it."""
        import numpy as np

        from evikg.analysis.disproportionality.measures import with_expected

        columns = with_expected(pairs).select("a", "expected").to_pyarrow()
        observed, expected = (
            np.asarray(columns[name].to_numpy(), dtype=np.float64) for name in ("a", "expected")
        )
        return squashed(observed, expected)


@dataclass(frozen=True, slots=True)
class Prior:
    """A mixture of two gammas; the first has the greater mean, p is its weight."""

    alpha1: float
    beta1: float
    alpha2: float
    beta2: float
    p: float

    @property
    def theta(self) -> tuple[float, float, float, float, float]:
        """Return the five parameters in DuMouchel's order."""
        return self.alpha1, self.beta1, self.alpha2, self.beta2, self.p


@dataclass(frozen=True, slots=True)
class Scores:
    """The geometric mean and the 5 and 95 % points of the posterior of λ, one for each pair."""

    ebgm: Floats
    eb05: Floats
    eb95: Floats


def squashed(
    observed: Floats, expected: Floats, *, points: int = POINTS, kept: int = KEPT
) -> Cells:
    """Return cells in which pairs of one count and similar expectation are one, at their mean.

    :param points: cells left for each count, about; a count with no more pairs is left as it is
    :param kept: cells of each count with the largest expectation that stay single
    """
    import numpy as np

    order = np.lexsort((expected, observed))
    observed, expected = observed[order], expected[order]
    firsts = np.flatnonzero(np.r_[True, observed[1:] != observed[:-1]])
    starts: list[npt.NDArray[np.intp]] = []
    for first, last in zip(firsts, np.r_[firsts[1:], len(observed)], strict=True):
        pairs = last - first
        binned = max(pairs - kept, 0) if pairs > points else 0
        width = -(-binned // max(points - kept, 1)) or 1
        starts.append(np.r_[np.arange(0, binned, width), np.arange(binned, pairs)] + first)
    at = np.concatenate(starts)
    weights = np.diff(np.r_[at, len(observed)]).astype(np.float64)
    return Cells(observed[at], np.add.reduceat(expected, at) / weights, weights)


def fit_prior(cells: Cells) -> Prior:
    """Fit the prior by maximum likelihood: the best of the maxima that the starts lead to.

    :param cells: all pairs of a database that occur (count 1 or more)
    :raises PriorError: if there are fewer than ten cells, a count is below 1, an expectation is
        not positive, no start converges, or the cells are too few to tell the prior
    """
    import numpy as np
    from scipy.optimize import minimize

    if len(cells.observed) < 10:
        raise PriorError(f"a prior needs at least ten pairs, not {len(cells.observed)}")
    if cells.observed.min() < 1:
        raise PriorError("the prior is fitted to pairs that occur, but a count is below 1")
    if not np.all(cells.expected > 0):
        raise PriorError("an expected count is not positive")
    best = None
    for start in STARTS:
        free = np.r_[np.log(start[:4]), np.log(start[4] / (1 - start[4]))]
        # Within e^-9 and e^9 no parameter runs off where the likelihood is flat.
        found = minimize(
            _deviance,
            free,
            (cells,),
            "L-BFGS-B",
            jac=True,
            bounds=[(-FARTHEST, FARTHEST)] * 5,
            options={"maxiter": 2000, "ftol": 1e-13, "gtol": 1e-7},
        )
        if found.success and (best is None or found.fun < best.fun):
            best = found
    if best is None:
        raise PriorError("the likelihood of the prior has no maximum that a search finds")
    # Every pair would get the same score, whatever its count.
    if max(best.x[0], best.x[2]) >= FARTHEST:
        raise PriorError("the pairs are too few to tell the prior: a part of it shrinks to a point")
    alpha1, beta1, alpha2, beta2 = (float(value) for value in np.exp(best.x[:4]))
    p = float(1 / (1 + np.exp(-best.x[4])))
    if alpha1 / beta1 < alpha2 / beta2:
        alpha1, beta1, alpha2, beta2, p = alpha2, beta2, alpha1, beta1, 1 - p
    return Prior(alpha1, beta1, alpha2, beta2, p)


def log_likelihood(prior: Prior, cells: Cells) -> float:
    """Return the logarithm of the likelihood of the cells, given that every count is 1 or more."""
    return -_deviance(_free(prior), cells)[0]


def scores(prior: Prior, observed: Floats, expected: Floats) -> Scores:
    """Return EBGM, EB05 and EB95 of pairs.

    :param observed: counts, 0 or more
    :param expected: counts expected, more than 0, of the same shape
    :raises ValueError: if an expectation is not positive or a count below 0
    :raises PriorError: if a prior is so extreme that a point is not found
    """
    import numpy as np
    from scipy.optimize.elementwise import find_root
    from scipy.special import digamma, expit, gammainc, gammaincinv, logit

    if not (np.all(expected > 0) and np.all(observed >= 0)):
        raise ValueError("counts are 0 or more and expected counts positive")
    shapes = prior.alpha1 + observed, prior.alpha2 + observed
    rates = prior.beta1 + expected, prior.beta2 + expected
    first, second = (
        _log_binomial(alpha, beta, observed, expected)
        for alpha, beta in ((prior.alpha1, prior.beta1), (prior.alpha2, prior.beta2))
    )
    share = expit(first - second + logit(prior.p))
    logarithms = [digamma(shape) - np.log(rate) for shape, rate in zip(shapes, rates, strict=True)]
    ebgm = np.exp(share * logarithms[0] + (1 - share) * logarithms[1])

    def quantile(probability: float) -> Floats:
        def excess(x: Floats, q: Floats, s1: Floats, r1: Floats, s2: Floats, r2: Floats) -> Floats:
            below: Floats = q * gammainc(s1, r1 * x) + (1 - q) * gammainc(s2, r2 * x)
            return below - probability

        # The point of a mixture lies between those of its parts; a little room for rounding.
        ends = [gammaincinv(s, probability) / r for s, r in zip(shapes, rates, strict=True)]
        low, high = np.minimum(*ends) * (1 - 1e-6), np.maximum(*ends) * (1 + 1e-6)
        args = share, shapes[0], rates[0], shapes[1], rates[1]
        found = find_root(excess, (low, high), args=args, tolerances={"xrtol": 1e-9})
        if not np.all(found.success):
            raise PriorError(f"no {probability:.0%} point of the posterior is found: {prior}")
        return np.asarray(found.x, dtype=np.float64)

    return Scores(ebgm, quantile(0.05), quantile(0.95))


def with_ebgm(pairs: ir.Table, prior: Prior) -> pa.Table:
    """Execute a table of pairs and add ebgm, eb05, eb95 (and expected).

    The posterior has no closed form that an engine computes: this is an Arrow table. All three are
    NULL where the expected count is 0 or NULL.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    from evikg.analysis.disproportionality.measures import with_expected

    table = with_expected(pairs).to_pyarrow()
    defined = pc.fill_null(pc.greater(table["expected"], 0), False).to_numpy()
    observed, expected = (
        np.asarray(table[name].to_numpy(), dtype=np.float64)[defined] for name in ("a", "expected")
    )
    scored = scores(prior, observed, expected)
    for name in ("ebgm", "eb05", "eb95"):
        values = np.zeros(len(table))
        values[defined] = getattr(scored, name)
        table = table.append_column(name, pa.array(values, mask=~defined))
    return table


def _free(prior: Prior) -> Floats:
    import numpy as np

    alpha1, beta1, alpha2, beta2, p = prior.theta
    return np.array([*np.log([alpha1, beta1, alpha2, beta2]), np.log(p / (1 - p))])


def _log_binomial(alpha: float, beta: float, n: Floats, e: Floats) -> Floats:
    """Return log of the negative binomial probability of n, DuMouchel's f(n; α, β, E)."""
    import numpy as np
    from scipy.special import gammaln

    log: Floats = gammaln(alpha + n) - gammaln(alpha) - gammaln(n + 1)
    return log - alpha * np.log1p(e / beta) - n * np.log1p(beta / e)


def _deviance(free: Floats, cells: Cells) -> tuple[float, Floats]:
    """Return minus the log-likelihood and its gradient by log α, log β and logit p."""
    import numpy as np
    from scipy.special import digamma, expit

    n, e = cells.observed, cells.expected
    alpha1, beta1, alpha2, beta2 = np.exp(free[:4])
    p = expit(free[4])
    logs, slopes = [], []
    for alpha, beta in ((alpha1, beta1), (alpha2, beta2)):
        shrunk = np.log1p(e / beta)
        # 1 - f(0), without losing the digits of pairs that hardly occur.
        seen = -np.expm1(-alpha * shrunk)
        odds = (1 - seen) / seen
        logs.append(_log_binomial(alpha, beta, n, e) - np.log(seen))
        by_alpha = digamma(alpha + n) - digamma(alpha) - shrunk - odds * shrunk
        by_beta = alpha / beta - (alpha + n) / (beta + e) + odds * alpha * e / (beta * (beta + e))
        slopes += [alpha * by_alpha, beta * by_beta]
    first, second = logs[0] + np.log(p), logs[1] + np.log1p(-p)
    share = expit(first - second)
    shares = np.array([share, share, 1 - share, 1 - share])
    gradient = np.append((shares * slopes) @ cells.weights, (share - p) @ cells.weights)
    return -float(np.logaddexp(first, second) @ cells.weights), -gradient
