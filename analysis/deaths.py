"""Deaths that a Kaplan-Meier estimate leaves room for, and deaths that it takes.

The estimate (Kaplan and Meier 1958, doi:10.1080/01621459.1958.10501452) is the product over the
deaths, in their order, of (n - 1) / n, where n is the number of patients at risk just before the
death: those who are neither dead nor censored. Deaths at one time multiply to the same factor as
deaths that follow one another.
"""

from collections.abc import Sequence
from decimal import Decimal
from math import ceil

from .rounding import Span

#: Products of many factors are compared as floats: far less than any printed place.
_TOLERANCE = 1e-9
#: States looked at before a search is given up; what is known by then is still a bound.
_BUDGET = 20_000


def most_deaths(patients: int, survival: Span) -> Decimal:
    """Return the largest number of deaths before a time at which survival is known.

    Each death lowers the curve by at least 1 / N of its start, and by more once patients are
    censored, so that deaths are at most N (1 - S).

    :param survival: the probability of survival, 0 to 1

    >>> most_deaths(94, Span.exact(Decimal("0.5")))
    Decimal('47.0')
    """
    return patients * (1 - survival.low)


def least_deaths(patients: int, survival: Sequence[Span], enough: int) -> int:
    """Return a number of deaths without which no curve passes through printed probabilities.

    However patients are censored, the numbers at risk at successive deaths are different numbers of
    1 to N that fall, so a curve with k deaths is a choice of k of them. All choices are searched,
    fewest deaths first: the result is the least number there is, or less where the search is given
    up for its size, or where it goes beyond what is asked for.

    :param survival: probabilities of survival at successive times, 0 to 1
    :param enough: deaths beyond which the number does not matter, such as those reported
    :returns: at most `enough` + 1, and that where `enough` deaths do not suffice

    >>> points = [Span.of(Decimal(s), 3) for s in ("0.667", "0.583", "0.486")]
    >>> least_deaths(12, points, 5)
    6
    """
    spans = [(float(x.low) - _TOLERANCE, float(x.high) + _TOLERANCE) for x in survival]
    levels = [_levels(spans[place:]) for place in range(len(spans) + 1)]
    # The probability reached, and how many printed ones are passed: the most patients that may
    # still be at risk. More of them leave every choice that fewer leave.
    states = {(1.0, _passed(1.0, 0, spans)): patients}
    looked = 0
    for deaths in range(enough + 1):
        if any(passed == len(spans) for _, passed in states):
            return deaths
        following: dict[tuple[float, int], int] = {}
        for (probability, passed), at_risk in states.items():
            # The curve stands above the next printed probability, and falls to each level to come.
            if deaths + levels[passed] > enough:
                continue
            for number in range(at_risk, 0, -1):
                after = probability * (number - 1) / number
                if after < spans[passed][0]:
                    break
                looked += 1
                state = (round(after, 12), _passed(after, passed, spans))
                following[state] = max(following.get(state, 0), number - 1)
            if looked > _BUDGET:
                return min(max(deaths + 1, levels[0] - (spans[0][1] >= 1)), enough + 1)
        states = following
    return enough + 1


def suffice_uncensored(patients: int, survival: Sequence[Span], deaths: int) -> bool:
    """Tell whether so many deaths make the printed curve if nobody is censored before the last.

    After j of N patients have died, survival is then (N - j) / N. Where they suffice, the search of
    `least_deaths` is not needed.

    :param survival: probabilities of survival at successive times, 0 to 1

    >>> points = [Span.of(Decimal(s), 2) for s in ("0.75", "0.50")]
    >>> suffice_uncensored(12, points, 6), suffice_uncensored(12, points, 5)
    (True, False)
    """
    died = 0
    for point in survival:
        died = max(died, ceil(patients * (1 - point.high)))
        if died > deaths or died > patients * (1 - point.low):
            return False
    return True


def _passed(probability: float, passed: int, spans: Sequence[tuple[float, float]]) -> int:
    """Return how many printed probabilities a curve may have passed when it is at this one."""
    while passed < len(spans) and spans[passed][0] <= probability <= spans[passed][1]:
        passed += 1
    return passed


def _levels(spans: Sequence[tuple[float, float]]) -> int:
    """Return the least number of different probabilities that lie in all of the spans."""
    count, low, high = 0, 1.0, 0.0
    for lower, upper in spans:
        low, high = max(low, lower), min(high, upper)
        if low > high:
            count, low, high = count + 1, lower, upper
    return count
