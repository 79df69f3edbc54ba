"""Quantiles, p values and prediction intervals of normal and t distributed estimates."""

from collections.abc import Sized

from .effects import SynthesisError


def require_two(studies: Sized) -> None:
    """Refuse fewer than two studies.

    :raises SynthesisError: with the number there is
    """
    if len(studies) < 2:
        count = "one study" if studies else "no study"
        raise SynthesisError(f"pooling needs at least two studies, there is {count}")


def require_level(level: float) -> None:
    """Refuse a level of confidence that is no fraction.

    :raises SynthesisError: if it does not lie between 0 and 1
    """
    if not 0 < level < 1:
        raise SynthesisError(f"the level must lie between 0 and 1, not {level}")


def quantile(level: float, df: int | None) -> float:
    """Return how many standard errors an interval reaches, by t, or by normal if df is None."""
    from scipy.stats import norm, t

    upper = (1 + level) / 2
    return float(norm.ppf(upper) if df is None else t.ppf(upper, df))


def two_sided_p(statistic: float, df: int | None) -> float:
    """Return the p value of an estimate divided by its standard error."""
    from scipy.stats import norm, t

    size = abs(statistic)
    return float(2 * (norm.sf(size) if df is None else t.sf(size, df)))


def prediction(
    mean: float, error: float, tau2: float, studies: int, level: float
) -> tuple[float, float] | None:
    """Return the interval for the effect of a new study, None if there are fewer than three.

    By t with k - 2 degrees of freedom (Higgins, Thompson and Spiegelhalter 2009,
    doi:10.1111/j.1467-985X.2008.00552.x; metafor's `predtype="Riley"`, whose default is normal
    or k - 1 instead).
    """
    if studies < 3:
        return None
    reach = quantile(level, studies - 2) * float((tau2 + error**2) ** 0.5)
    return mean - reach, mean + reach


def limits(
    studies: int, tau2: float | None = None, predicted: tuple[float, float] | None = None
) -> list[str]:
    """Return what a reader must know of a pool of few studies.

    :param tau2: the estimated variance between studies; None where none was estimated
    :param predicted: the prediction interval, if there is one
    """
    found = []
    if tau2 == 0:
        found.append(
            "τ² is estimated as 0; with few studies that is no proof that they do not differ"
        )
    if studies == 2:
        found.append("two studies: their variance is hardly estimable, no prediction interval")
    if studies == 3 and predicted is not None:
        found.append(
            "three studies: the prediction interval is by t with one degree of freedom, so wide "
            "that it says next to nothing"
        )
    return found
