"""What a strategy says about missing data: what it can do without, and what is left to decide."""

import re
from dataclasses import dataclass

_MISSING = re.compile(
    r"\b(?:missing|unavailable|(?<!the )available|absent|lack(?:s|ing)?|falls? ?back|fewer than|"
    r"too (?:short|few|young|new)|newly listed|(?:new|young|recent) (?:coins?|listings?|pairs?)|"
    r"(?:no|without)(?: an?| the| any| enough)?(?: daily| weekly| hourly| \d+\w)? "
    r"(?:ticker|data|history|candles|bars|chart|quote)|"
    r"(?:not|\w+n't)(?: have)? (?:\d+|that many|so many) (?:\w+ ){0,3}?(?:yet|there)|"
    r"(?:not|n't) (?:get|sent|known|there|exist|come|arrive|enough))\b",
    re.IGNORECASE,
)
"""How strategies speak of data that is not there."""
_PRESENT = re.compile(r"\b(?:known|optional|if there (?:is|are))\b", re.IGNORECASE)
"""Words that speak of it only where the strategy also says to do without."""

_NO_MATCH = re.compile(
    r"""\b(?:
        no\ match | stay\ out
        | (?:does|do|is|are)\ ?(?:not|n't)\ (?:a\ )?match
        | (?:skip|ignore|drop|exclude|leave\ out)
          \ (?:(?:the|that|this|these|those|such|any|all)\ )?
          (?:(?:new|young)\ )?(?:coin|symbol|pair|market|token|listing)s?
          (?!\ that\ (?:is|are)\ known)
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""How strategies say that a coin without its data does not match."""

_DO_WITHOUT = re.compile(
    r"""\b(?:
        alone | optional | ignore\ it
        | no\ (?:vote|points?|say)
        | (?:does|do)(?:\ not|n't)\ (?:count|vote|matter)
        | (?:is|are|be)\ (?:then\ )?
          (?:left\ out|skipped|ignored|not\ (?:counted|checked|required|needed))
        | (?:skip|ignore|drop|omit|leave\ out)
          \ (?:(?:the|that|this|these|those|its)\ )?(?:\w+\ )?
          (?:check|condition|confirmation|test|filter|rule|part|requirement|trend|indicator
            |timeframe|vote|point)s?
        | (?:where|if|when)\ (?:it|they|that|one|this)\ (?:is|are|exists?)
        | (?:is|are)\ known\ to\ be
        | if\ (?:known|available|present)
        | if\ there\ (?:is|are)\b.*\b(?:also|too)
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""How strategies say that a check counts only where its data is there."""

_SUBJECTS = {
    "ticker": r"ticker|24 ?h(?:ours?)?|daily change",
    "1m": r"1 ?m(?:in(?:utes?)?)?|one[- ]minute",
    "5m": r"5 ?m(?:in(?:utes?)?)?|five[- ]minute",
    "15m": r"15 ?m(?:in(?:utes?)?)?|quarter[- ]hour(?:ly)?",
    "1h": r"1 ?h(?:our)?|hourly",
    "4h": r"4 ?h(?:ours?)?|four[- ]hour(?:ly)?",
    "1d": r"1 ?d(?:ay)?|daily",
    "intervals": r"(?:time ?frames?|intervals?|charts?)",
}
_SUBJECT = re.compile(
    r"\b(?:" + "|".join(f"(?P<_{name}>{words})" for name, words in _SUBJECTS.items()) + r")\b",
    re.IGNORECASE,
)
"""The data that a strategy names, under the screener's names for it."""


@dataclass(frozen=True)
class MissingData:
    """What a strategy says about data that is not there.

    Attributes:
        is_open: it says something that is for someone who can read it; "does not match" may be
            wrong then.
        optional: data that it can do without: intervals, "ticker", and "intervals" for each of
            those that the filter goes through.
    """

    is_open: bool
    optional: frozenset[str]

    @property
    def is_said(self) -> bool:
        """It says anything that a check which answers false could be against."""
        return self.is_open or bool(self.optional)


def read_missing_data(strategy: str) -> MissingData:
    """Read what a strategy says about missing data, sentence by sentence.

    A sentence that names one kind of data and says to do without it settles that; one that says
    that a coin does not match without its data says what counts anyway.
    """
    is_open = False
    optional: set[str] = set()
    for sentence in re.split(r"(?<=[.;!?])\s+|\n", strategy):
        missing = _MISSING.search(sentence)
        place = missing or _PRESENT.search(sentence)
        if place is None:
            continue
        does_without = _DO_WITHOUT.search(sentence) is not None
        if _NO_MATCH.search(sentence):
            is_open = is_open or does_without
            continue
        subject = _subject(sentence, place.start()) if does_without else None
        if subject:
            optional.add(subject)
        elif missing or does_without:
            is_open = True
    return MissingData(is_open, frozenset(optional))


def _subject(sentence: str, at: int) -> str | None:
    """The data named where the sentence says that it is missing, or else nearest before that."""
    clauses = list(re.finditer(r"[^,:()]+", sentence))
    place = next(i for i, clause in enumerate(clauses) if at < clause.end())
    for clause in reversed(clauses[: place + 1]):
        found = {str(match.lastgroup)[1:] for match in _SUBJECT.finditer(clause.group())}
        found = found if "ticker" not in found else {"ticker"}
        if found:
            return found.pop() if len(found) == 1 else None
    return None
