"""Dates of reports: YYYYMMDD, or the part of it that is known (ASC_NTS, section D, NOTE)."""

import calendar
from functools import lru_cache

#: How many days a month has where the year is not known to be a leap year or not.
_FIRST, _LAST = 1000, 2999
_MONTHS = 12


@lru_cache(maxsize=200_000)
def digits(text: str) -> str | None:
    """Return a date as YYYY, YYYYMM or YYYYMMDD; None if it is no date.

    >>> digits("201406"), digits("2014-06-03"), digits("20140631"), digits("unknown")
    ('201406', '20140603', None, None)
    """
    plain = text.strip()
    if len(plain) == 10 and plain[4] == plain[7] == "-":
        plain = plain.replace("-", "")
    if not (plain.isascii() and plain.isdigit()) or len(plain) not in (4, 6, 8):
        return None
    year, month, day = int(plain[:4]), int(plain[4:6] or 1), int(plain[6:] or 1)
    if not (_FIRST <= year <= _LAST and 1 <= month <= _MONTHS):
        return None
    return plain if 1 <= day <= calendar.monthrange(year, month)[1] else None
