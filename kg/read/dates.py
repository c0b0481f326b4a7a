"""Dates as people write them, into ISO 8601."""

from __future__ import annotations

import re
from datetime import date

__all__ = ["MONTHS", "iso_date", "year_of"]

_NAMES = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_ISO = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2})(?![\d]).*)?)?", re.DOTALL)
_MONTH_DAY = re.compile(rf"({MONTHS})\s+(\d{{1,2}}),?\s+(\d{{4}})", re.IGNORECASE)
_DAY_MONTH = re.compile(rf"(?:[a-z]{{3,9}},?\s+)?(\d{{1,2}})\s+({MONTHS}),?\s+(\d{{4}})\b.*", re.IGNORECASE | re.DOTALL)
_MONTH_YEAR = re.compile(rf"({MONTHS})\s+(\d{{4}})", re.IGNORECASE)


def iso_date(text: str) -> str | None:
    """The date in ISO 8601, as exactly as it is given (year, month, day); None where it is no date.

    A day and month in figures only (9/30/2019) stay None: which is which depends on the country.

    >>> [iso_date(t) for t in ("Sep 30, 2019", "Mon, 2 Apr 2007 19:18:42 GMT", "2019-09-30T12Z", "May 2022", "9/3/22")]
    ['2019-09-30', '2007-04-02', '2019-09-30', '2022-05', None]
    """
    text = text.strip()
    if m := _ISO.fullmatch(text):
        return _checked(int(m[1]), m[2] and int(m[2]), m[3] and int(m[3]))
    if m := _MONTH_DAY.fullmatch(text):
        return _checked(int(m[3]), _month(m[1]), int(m[2]))
    if m := _DAY_MONTH.fullmatch(text):
        return _checked(int(m[3]), _month(m[2]), int(m[1]))
    if m := _MONTH_YEAR.fullmatch(text):
        return _checked(int(m[2]), _month(m[1]), None)
    return None


def year_of(iso: str | None) -> int | None:
    """The year of an ISO 8601 date.

    >>> year_of("2019-09-30"), year_of(None)
    (2019, None)
    """
    return int(iso[:4]) if iso else None


def _month(name: str) -> int:
    return _NAMES.index(name[:3].lower()) + 1


def _checked(year: int, month: int | str | None, day: int | str | None) -> str | None:
    try:
        whole = date(year, int(month or 1), int(day or 1)).isoformat()
    except ValueError:
        return None
    return whole if day else whole[:7] if month else whole[:4]
