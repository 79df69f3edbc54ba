"""Deaths that a Kaplan-Meier estimate leaves room for."""

from decimal import Decimal

from .rounding import Span


def most_deaths(patients: int, survival: Span) -> Decimal:
    """Return the largest number of deaths before a time at which survival is known.

    Each death lowers the curve by at least 1 / N of its start, and by more once patients are
    censored (Kaplan and Meier 1958, doi:10.1080/01621459.1958.10501452), so that deaths are at most
    N (1 - S).

    :param survival: the probability of survival, 0 to 1

    >>> most_deaths(94, Span.exact(Decimal("0.5")))
    Decimal('47.0')
    """
    return patients * (1 - survival.low)
