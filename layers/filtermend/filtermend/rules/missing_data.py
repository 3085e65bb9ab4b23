"""Whether a strategy itself decides what counts when data is missing."""

import re

_MISSING_DATA = re.compile(
    r"\b(?:missing|unavailable|available|absent|lack(?:s|ing)?|falls? ?back|fewer than|"
    r"too (?:short|few|young|new)|"
    r"(?:no|without)(?: an?| the| any| enough)?(?: daily| weekly| hourly| \d+\w)? "
    r"(?:ticker|data|history|candles|bars|chart|quote)|"
    r"(?:not|n't) (?:get|sent|known|there|exist|come|arrive|enough))\b",
    re.IGNORECASE,
)
"""How strategies speak of data that is not there."""


def decides_without_data(strategy: str) -> bool:
    """True when a strategy speaks of missing data itself: "does not match" may be wrong then.

    Whether it really says what counts is for someone who can read it.
    """
    return _MISSING_DATA.search(strategy) is not None
