"""Numbers as the registry prints them, and why there is none."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import Any

from evikg.graph.numbers import Printed
from evikg.ontology import DispersionKind, IntervalKind, ValueStatus

from .tables import term

_REASONS = (
    (re.compile(r"\bnot (yet |been )*reach|\bunreached", re.IGNORECASE), ValueStatus.NOT_REACHED),
    (
        re.compile(r"\b(estim|calcul|comput|evalua|determin|deriv)", re.IGNORECASE),
        ValueStatus.NOT_ESTIMABLE,
    ),
)
#: At most three digits of exponent: what is written out stays short.
_EXPONENT = re.compile(r"[-+]?\d*\.?\d+e[-+]?\d{1,3}", re.IGNORECASE)
_LEVEL = re.compile(r"(\d+(?:\.\d+)?)\s*%")
_P = re.compile(r"p?\s*=?\s*(?P<sign><=|>=|[<>≤≥~])?\s*=?\s*(?P<number>[\d.,]+(?:[eE][-+]?\d+)?)")
_TIME = re.compile(
    r"(?:at )?(?:(?P<unit>day|week|month|year) (?P<number>\d+(?:\.\d+)?)"
    r"|(?P<amount>\d+(?:\.\d+)?)[ -](?P<units>days?|weeks?|months?|years?))"
    r"(?: (?:after|from|since|post)[ -](?:study )?"
    r"(?:enrol?lment|randomi[sz]ation|registration|entry|baseline))?"
)


@lru_cache(maxsize=65536)
def printed(text: str, explanation: str | None = None) -> Printed:
    """Return a number as printed, or its status where it is none.

    The status is what the record's explanation says: not reached, not estimable, else not
    available. A number with an exponent is written out.

    >>> printed("1.2E-4").text
    '0.00012'
    """
    try:
        return Printed.parse(_written_out(text))
    except ValueError:
        return Printed.parse(text, _status(text, explanation))


def _written_out(text: str) -> str:
    return f"{Decimal(text.strip()):f}" if _EXPONENT.fullmatch(text.strip()) else text


def _status(text: str, explanation: str | None) -> ValueStatus:
    for pattern, status in _REASONS:
        if pattern.search(f"{text} {explanation or ''}"):
            return status
    return ValueStatus.NOT_AVAILABLE


def whole(text: str | None) -> int | None:
    """Return a count as printed, as a number; None where it is none."""
    digits = (text or "").strip().replace(",", "")
    return int(digits) if digits.isascii() and digits.isdigit() else None


def probability(text: str | None) -> Printed | None:
    """Return a p-value with its sign; None where the text is not one number from 0 to 1.

    >>> probability("=0.247").text, probability("<= 0.05").sign
    ('0.247', '≤')
    """
    match = _P.fullmatch((text or "").strip().casefold())
    if match is None:
        return None
    sign = {"<=": "≤", ">=": "≥"}.get(match["sign"], match["sign"] or "")
    try:
        found = Printed.parse(f"{sign}{_written_out(match['number'])}")
    except ValueError:
        return None
    return found if found.number is not None and 0 <= found.number <= 1 else None


@lru_cache(maxsize=65536)
def interval(
    low: str | None, high: str | None, kind: str | None, explanation: str | None = None
) -> dict[str, Any]:
    """Return the fields of an interval; none where neither bound is given.

    :param kind: as the registry says it: a code, or words such as `95% Confidence Interval`
    """
    if low is None and high is None:
        return {}
    named = term("interval", kind)
    if named is not None:
        fields: dict[str, Any] = {"interval_kind": IntervalKind(named)}
    else:
        fields = {"interval_kind": IntervalKind.CONFIDENCE, "interval_level": level(kind)}
    return fields | {
        "interval_low": _bound(low, explanation),
        "interval_high": _bound(high, explanation),
    }


def is_interval(kind: str | None) -> bool:
    """Tell whether words of the registry say what two limits are."""
    confidence = level(kind) is not None or "confidence" in (kind or "").casefold()
    return confidence or term("interval", kind) is not None


def level(text: str | None) -> Decimal | None:
    """Return the level of a confidence interval in percent, such as 95 or 97.5."""
    found = term("level", text)
    match = _LEVEL.search(text or "")
    if found is None and match is not None:
        found = match[1]
    return None if found is None else Decimal(found)


def _bound(text: str | None, explanation: str | None) -> Printed:
    if text is None:
        return Printed.parse("not given", ValueStatus.NOT_STATED)
    return printed(text, explanation)


def dispersion(text: str | None, kind: str | None) -> dict[str, Any]:
    """Return the fields of a dispersion; none where no number is given."""
    if text is None:
        return {}
    named = term("dispersion", kind)
    known = {} if named is None else {"dispersion_kind": DispersionKind(named)}
    return {"dispersion": printed(text)} | known


def point_in_time(text: str | None) -> dict[str, Any]:
    """Return the fields of a timepoint where a text is nothing but one, such as `Week 12`.

    It may say that it counts from where studies begin: `4 years after enrollment`.

    >>> point_in_time("Week 12")
    {'timepoint': Decimal('12'), 'timepoint_unit': 'weeks'}
    """
    match = _TIME.fullmatch((text or "").strip().casefold())
    if match is None:
        return {}
    unit = match["unit"] or match["units"].removesuffix("s")
    return {"timepoint": Decimal(match["number"] or match["amount"]), "timepoint_unit": f"{unit}s"}
