"""Numbers as papers print them: the text kept, the decimal beside it, or the reason there is none."""

import re
from dataclasses import dataclass
from decimal import Decimal

from evikg.ontology import ValueStatus

_NUMBER = re.compile(r"(?P<sign>[<>≤≥~])?\s?(?P<digits>[-−+]?(?:\d{1,3}(?:,\d{3})+|\d*)(?:\.\d+)?)")

#: Days in a month and a year: 365.25 / 12, so that twelve months are one year.
DAYS_PER_MONTH = Decimal("30.4375")
_DAYS = {
    "day": Decimal(1),
    "days": Decimal(1),
    "week": Decimal(7),
    "weeks": Decimal(7),
    "month": DAYS_PER_MONTH,
    "months": DAYS_PER_MONTH,
    "year": 12 * DAYS_PER_MONTH,
    "years": 12 * DAYS_PER_MONTH,
}


@dataclass(frozen=True, slots=True)
class Printed:
    """A number as printed: exactly one of `number` and `status` is given.

    `sign` is a printed comparison (`<`, `>`, `≤`, `≥`, `~`); a filter on `number` alone must
    consider it.
    """

    text: str
    number: Decimal | None = None
    sign: str | None = None
    status: ValueStatus | None = None

    @classmethod
    def parse(cls, text: str, status: ValueStatus | None = None) -> "Printed":
        """Read a printed number, or hold a printed non-number with its status.

        :raises ValueError: if the text is a number and has a status, or is neither

        >>> Printed.parse("6,100").number
        Decimal('6100')
        >>> Printed.parse("<0.001").sign
        '<'
        """
        match = _NUMBER.fullmatch(text.strip())
        if match and any(character.isdigit() for character in match["digits"]):
            if status is not None:
                raise ValueError(f"{text!r} is a number, so it cannot be {status.value}")
            digits = match["digits"].replace(",", "").replace("−", "-")
            return cls(text.strip(), Decimal(digits), match["sign"])
        if status is None:
            raise ValueError(f"{text!r} is not a number")
        return cls(text.strip(), status=status)

    @property
    def decimals(self) -> int:
        """Return how many decimal places are printed; 0 where there is no number."""
        return len(self.text.partition(".")[2]) if self.number is not None else 0


def in_days(amount: Decimal, unit: str) -> Decimal | None:
    """Return a duration in days; None if the unit is not one of time.

    >>> in_days(Decimal(1), "year") == in_days(Decimal(12), "months")
    True
    """
    factor = _DAYS.get(unit.strip().lower())
    return None if factor is None else amount * factor
