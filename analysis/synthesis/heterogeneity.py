"""How far studies differ beyond chance: Cochran's Q, I², H² and the variance between studies.

Higgins and Thompson 2002, doi:10.1002/sim.1186; the estimators of the variance between studies
are compared by Veroniki et al. 2016, doi:10.1002/jrsm.1164.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    Numbers = NDArray[float64]


class Tau2(StrEnum):
    """An estimator of τ², the variance between studies."""

    REML = "restricted maximum likelihood"
    DL = "DerSimonian-Laird"
    ML = "maximum likelihood"  # of the logistic model alone


@dataclass(frozen=True, slots=True)
class Heterogeneity:
    """A test that the studies share one effect, and how far they do not.

    `i2` and `i2_tau2` are percentages: the first from Q, as Cochrane's RevMan and R's meta give
    it, the second the share of τ² in the total variance, as metafor gives it. They are the same
    for DerSimonian-Laird and the common effect. Both, and `h2`, are None for the logistic model.
    """

    test: str  # which test the statistic is of
    statistic: float
    df: int
    p_value: float
    tau2: float
    i2: float | None = None
    h2: float | None = None
    i2_tau2: float | None = None

    @property
    def tau(self) -> float:
        """Return the standard deviation between studies, on the scale of the analysis."""
        return float(self.tau2**0.5)


def weighted_mean(estimates: "Numbers", variances: "Numbers") -> tuple[float, "Numbers", float]:
    """Return the inverse-variance mean, the weights and the weighted sum of squares about it."""
    import numpy as np
    from statsmodels.stats.meta_analysis import combine_effects

    # The other half of its answer, not used here, divides by Q and takes roots of an
    # untruncated τ²: studies that agree would warn of numbers nobody reads.
    with np.errstate(all="ignore"):
        found = combine_effects(estimates, variances, method_re="dl")
    squares = float(found.scale_hksj_fe) * (len(estimates) - 1)
    return float(found.mean_effect_fe), 1 / variances, squares


def describe(estimates: "Numbers", variances: "Numbers", tau2: float) -> Heterogeneity:
    """Return the heterogeneity of two or more studies, given their estimated τ²."""
    from scipy.stats import chi2

    _, weights, q = weighted_mean(estimates, variances)
    df = len(estimates) - 1
    typical = df / _pairs(weights)
    return Heterogeneity(
        test="Cochran's Q",
        statistic=q,
        df=df,
        p_value=float(chi2.sf(q, df)),
        tau2=tau2,
        i2=100 * (q - df) / q if q > df else 0.0,
        h2=max(1.0, q / df),
        i2_tau2=100 * tau2 / (tau2 + typical),
    )


def tau_squared(estimates: "Numbers", variances: "Numbers", estimator: Tau2) -> float:
    """Return the variance between two or more studies, 0 or more, on their scale."""
    if estimator is Tau2.DL:
        return _dersimonian_laird(estimates, variances)
    return _restricted_likelihood(estimates, variances)


def _dersimonian_laird(estimates: "Numbers", variances: "Numbers") -> float:
    """Return the moment estimate, truncated at 0 (doi:10.1016/0197-2456(86)90046-2).

    Written out because `combine_effects` of statsmodels does not truncate it.
    """
    _, weights, q = weighted_mean(estimates, variances)
    return max(0.0, (q - (len(estimates) - 1)) / _pairs(weights))


def _pairs(weights: "Numbers") -> float:
    """Return Σw - Σw²/Σw as the sum over pairs it is, which no rounding makes 0."""
    import numpy as np

    products = np.outer(weights, weights)
    np.fill_diagonal(products, 0)
    return float(products.sum() / weights.sum())


def _restricted_likelihood(estimates: "Numbers", variances: "Numbers") -> float:
    """Return the maximum of the restricted likelihood (doi:10.3102/10769986030003261).

    statsmodels does not have it. PyMARE has, but calls itself alpha software whose interface
    may change and would bring sympy along for this one maximum.
    """
    import numpy as np
    from scipy.optimize import minimize_scalar

    def deviance(tau2: float) -> float:
        weights = 1 / (variances + tau2)
        mean = (weights * estimates).sum() / weights.sum()
        return float(
            (weights * (estimates - mean) ** 2).sum()
            - np.log(weights).sum()
            + np.log(weights.sum())
        )

    # Beyond half the squared range of the estimates the likelihood only falls: its derivative is
    # the weighted squares less twice the products of pairs of weights, and no pair of estimates
    # lies further apart. A grid first, as the likelihood can have two maxima.
    grid = float(np.ptp(estimates)) ** 2 / 2 * np.linspace(0, 1, 101) ** 3
    best = int(np.argmin([deviance(tau2) for tau2 in grid]))
    low, high = float(grid[max(best - 1, 0)]), float(grid[min(best + 1, 100)])
    if high == low:
        return 0.0
    options = {"xatol": 1e-10 * (high - low)}
    found = float(minimize_scalar(deviance, bounds=(low, high), options=options).x)
    return found if deviance(found) < deviance(0.0) else 0.0
