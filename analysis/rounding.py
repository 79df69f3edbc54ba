"""The numbers that a rounded number may stand for.

A number printed with d decimals was rounded from somewhere within half a unit of its last place.
Sums and comparisons of printed numbers are judged on these spans, so that rounding alone never
makes a contradiction.
"""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Span:
    """All numbers from `low` to `high`, both included."""

    low: Decimal
    high: Decimal

    @classmethod
    def of(cls, printed: Decimal, decimals: int, *, units: Decimal = Decimal("0.5")) -> "Span":
        """Return what a printed number may stand for.

        :param decimals: decimal places printed
        :param units: distance allowed, in units of the last printed place

        >>> Span.of(Decimal("74.0"), 1)
        Span(low=Decimal('73.95'), high=Decimal('74.05'))
        """
        slack = units * Decimal(1).scaleb(-decimals)
        return cls(printed - slack, printed + slack)

    @classmethod
    def exact(cls, number: Decimal | int) -> "Span":
        """Return the span of a number that was not rounded."""
        return cls(Decimal(number), Decimal(number))

    def __add__(self, other: "Span") -> "Span":
        """Return what the sum of two numbers may be."""
        return Span(self.low + other.low, self.high + other.high)

    def may_equal(self, other: "Span") -> bool:
        """Tell whether both may stand for one number."""
        return self.low <= other.high and other.low <= self.high

    def may_be_at_most(self, other: "Span") -> bool:
        """Tell whether a number of this span can be no larger than one of the other."""
        return self.low <= other.high
