"""What a strategy says about missing data: what it can do without, and what is left to decide."""

import re
from dataclasses import dataclass, field


def _phrases(words: str) -> str:
    """Phrases as a pattern that ignores case and white space; compiled when it is first used."""
    return rf"(?ix)\b(?:{words})"


_COINS = r"(?:coin|symbol|pair|market|token|listing)s?"
_NUMBER = r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|forty|fifty)"
_OF_AN_INTERVAL = r"(?:(?:daily|weekly|hourly|\d+[ ]?[mhd])\ )?"
_NOT = r"(?:not|never|\w+n['\u2019]t|(?:is|are|was|were|do|does|did|has|have|had|ca|could)nt)"
_SOME = rf"(?:an?\ |the\ |any\ |enough\ |a\ single\ |{_NUMBER}\ (?:earlier\ )?)?{_OF_AN_INTERVAL}"
_DATA = r"""(?:ticker|data|history|candles|bars|klines|charts?|quotes?|stats|feeds?|readings?)\b
    (?!\ (?:between|with|that|which|whose|clos|open|below|above|under|over|of|in)\b)"""

_AS_MANY = r"""(?:as\ many|whatever|everything|those|the\ ones)\b[^.;]{0,20}\b(?:exists?
    | (?:they|it|there|you|we)\ (?:do\ |does\ )?(?:has|have|is|are))\b
    | (?:those|the\ ones)\ that\ (?:are\ there|exist)\b"""

_LACK = _phrases(rf"""
    (?: missing | unavailable | (?<!the\ )available | absent | lack(?:s|ing)? | falls?\ ?back
      | too\ (?:short|few|young|new|little) | newly\ listed | younger\ than | listed\ (?:less|only)
      | (?:new|young|fresh|recent)\ (?:{_COINS}|charts?)
      | (?:little|short|insufficient|incomplete)\ (?:data|history|charts?)
      | shorter\ (?:history|chart) | (?:history|chart)\ (?:is|are)\ shorter
      | less\ than\ an?\ (?:hour|day|week|month)
    )\b
  | (?:no|without)\ {_SOME}(?:{_DATA}|{_OF_AN_INTERVAL}candle\b(?=\ I|[,:?.]))
  | {_NOT}\ (?:get|sent|known|there|exist|started|come|arrive|show\ up|occur)\b
  | {_NOT}\ (?:\w+\ ){{0,3}}enough\b
  | no\ (?:ema|sma|ma|rsi|macd|vwap|atr|bands?|average)\d*\b | not\ a\ single\b[^.;]*\?
  | (?:not|fewer|less|under|below|up\ to)\ (?:than\ )?(?:that\ many|{_NUMBER})
    \ (?:earlier\ |more\ )?{_OF_AN_INTERVAL}(?:{_DATA}|(?:widths|values|days|hours|weeks)\b)
  | (?:are|is|have|has)\ (?:fewer|less)\ than\ {_NUMBER}\b(?!\ \w+\ (?:candles|bars))
  | {_NOT}\ (?:have|has)\ {_NUMBER}\b
  | (?:cannot|{_NOT})\ (?:give|say|tell|judge|vote|form|be\ (?:worked\ out|computed
      |calculated|measured|known|judged))\b
  | (?:worked\ out|computed|calculated|measured|known|there)\ yet\b
  | (?:fewer|less)\ than\ {_NUMBER}\ (?:came|come|exist|are|were)\b | used\ up\b
  | {_NOT}\ even\ {_NUMBER}\b(?!\ \w+\ (?:candles|bars))
  | (?:volume|divisor|denominator|range|average|mean|ratio|sum|total|count)
    \ (?:is|are|was|of)\ (?:zero|0)\b
  | (?:if|when|where|should)\ [^,.;]{{0,40}}\bno\ (?:\w+\ )?(?:candles?|losers?|loss(?:es)?|gains?
      |changes?|trades?|volume|range|one)\b
  | no\ \w+(?:\ candles)?(?:\ at\ all)?\ ?[^,.;]{{0,20}}(?:means\b|=|->)
  | {_AS_MANY} | (?:nobody|nothing)\ (?:was\ )?traded\b | (?:are|all)\ dead\b
  | (?:zero|no)\ (?:volume|trades|trading)\b(?!\ \w*(?:spike|surge|jump))
""")
"""How strategies speak of data that is not there, or of nothing to divide by."""

_ONLY_WITH = _phrases(rf"""
    (?:where|if|when|once|provided|as\ soon\ as)\ (?:(?:it|they|one|this|that)\ )?
      (?:[^,.;]{{0,40}}\ )?(?:is|are)\ (?:known|available|present)\b
  | (?:where|if|when)\ (?:it|they|that|one|this)\ (?:is|are|exists?)\b
  | if\ (?:known|available|present)\b | (?:is|are)\ known\ to\ be\b
  | if\ there\ (?:is|are)\b.*\b(?:also|too\b(?!\ (?:few|short|young|new|little)))
  | only\b[^.;]{{0,60}}\b(?:there\ (?:is|are)|have|has)\ {_SOME}{_DATA}
  | optional\b
""")
"""How strategies say that a check counts only with its data."""

_NO_MATCH = _phrases(rf"""
    (?: no\ (?:match|signal|entry|alert)
      | (?<!saw\ )(?<!see\ )(?<!had\ )no\ trade(?!\ (?:whatsoever|at\ all))
      | stay\ out | not\ interested
      | (?:i'm|those\ are|that\ is|that's)\ out | (?:answer|it)(?:\ is|'s)\ (?:a\ )?no
      | is\ no\ good | (?:do\ not|don't)\ (?:want|score) | means\ no
      | {_NOT}\ (?:a\ )?match
      | (?:skip|ignore|drop|exclude|leave\ out|leave)
        \ (?:(?:the|that|this|these|those|such|any|all)\ )?(?:(?:new|young)\ )?{_COINS}
        (?!\ that\ (?:is|are)\ known)
      | {_COINS}\b[^,.;]{{0,60}}\b(?:is|are)\ (?:ignored|skipped|left\ out|excluded|dropped)
    )\b
""")
"""How strategies say that a coin without its data does not match."""
_NO = r"(?i)[:,=] ?no\b(?! (?:vote|point|say|problem|minimum|limit))"

_DO_WITHOUT = _phrases(rf"""
    (?: alone | by\ itself | on\ its\ own | waived
      | no\ (?:vote|points?|say) | (?:drops?|falls?|stays?)\ out | (?:scores?|adds?)\ nothing
      | {_NOT}\ (?:count|vote|matter|apply)
      | (?:is|are|be)\ (?:then\ )?(?:left\ out|skipped|ignored|not\ (?:counted|checked|required
          |needed))
      | skip | ignore | drop | omit | disregard | waive | leave\ out | forget
    )\b
""")
"""How strategies say that they do without."""

_INSTEAD = _phrases(rf"""
    (?: otherwise | instead | else | fall\ ?s?\ ?back | let\b[^.;]*\bthrough | anyway | for\ free
      | (?:use|take|assume|treat|pretend|compare|compared|measured)
      | count(?:s|ed)?\ (?:it\ |that\ |them\ )?(?:as|double) | passes | a\ pass
      | still\ match\w* | (?:is|are|be)\ (?:simply|then|taken\ as)\ (?:zero|0|one|true)
      | benefit\ of\ the\ doubt | neutral | is\ enough | is\ yes | that(?:'s|\ is)\ a\ match
      | until\ it\ fits | decides | by\ hand | call | settle\ for | by\ hand | has\ an\ average
    )\b
  | {_AS_MANY}
""")
"""How strategies say what counts in place of it."""

_HAVE = r"""(?: (?:that\ |which\ )?(?:it|they|there|you|we|(?:the|that)\ (?:coin|chart))
      \ (?:do(?:es)?\ )?(?:has|have|is|are|exists?)\b
    | (?:that\ |which\ )?exists?\b | (?:is\ |are\ )?available\b )"""
_CANDLES = r"(?:candles|bars|closes|values|data|history|widths|of\ (?:them|these|those|it))"
_END = r"(?=\s*(?:[,.;:)!-]|$|\u2013|\u2014|(?:if|when|where|while|then|instead)\b))"
_FEWER = _phrases(rf"""
    (?:(?:use|take|compare|average|count|go\ by|look\ at|check)\ (?:(?:it|them|that)\ )?)?
    (?:(?:against|with|to|from|over|of|on|the\ (?:average|high(?:est)?|low(?:est)?)\ of)\ )?
    (?: as\ many\ (?:{_CANDLES}\ )?as\ {_HAVE}
      | (?:everything|all|whatever|what)\ (?:the\ )?(?:{_CANDLES}\ )?{_HAVE}
      | (?:those|the\ (?:ones|candles|bars|values|closes))
        \ (?:(?:that|which)\ (?:are\ there|exist)|{_HAVE})
      | all\ of\ (?:them|it)
      | the\ longest\ (?:one|window|period|history)\ (?:you|it|we|there|that)
        \ (?:can\b(?:\ \w+)?|has|have|is|fits)
    )\ ?(?:instead\b|then\b)?{_END}
  | (?:(?:is|are|be)\ )?(?:use|take|compared?)\ (?:it\ |them\ )?(?:(?:with|to|against)\ )?(?:
        the\ close\ of\ (?:the|its|their)\ (?:very\ )?(?:first|oldest|earliest)\ (?:candle|bar)
      | (?:the|its|their)\ (?:very\ )?(?:first|oldest|earliest)\ close
    )(?:\ {_HAVE}|\ of\ (?:the|its|their)\ (?:chart|history))?\ ?(?:instead\b|then\b)?{_END}
""")
"""How strategies say that they take fewer candles where there are fewer."""
_BEGINNING = r"(?i)^\W*(?:use|take|compare)\b(?=[^,;:]*,)"
"""A verb of the strategy's own, before a comma."""
_UNLESS = _phrases(r"""
    (?: but | unless | except | however | only | otherwise | else | minimum | at\ least | scale
      | double | or\ more )\b
""")
"""How a sentence goes on that decides more than one thing."""
_NEEDS = _phrases(rf"""
    (?: (?:at\ least|minimum(?:\ of)?|needs?|requires?|must\ have)\ (?:{_NUMBER}|one|a\ few)
        \ (?:\w+\ )?(?:candles|bars|closes|values|days|hours|weeks|each)
      | (?:candles|bars|values|history)\b[^.;]{{0,20}}\b(?:required|needed|necessary|minimum) )\b
""")
"""How strategies ask for a number of candles."""
_NONE = _phrases(r"(?:no|without|zero|empty|missing)\b")
_HOW_MANY = _phrases(
    rf"{_NUMBER}\b(?!\ ?[mhd]\b) | (?:too|fewer|less|under|enough|short|young|new|little)\b"
)

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
_SUBJECT = (
    r"(?i)\b(?:" + "|".join(f"(?P<_{name}>{words})" for name, words in _SUBJECTS.items()) + r")\b"
)
"""The data that a strategy names, under the screener's names for it."""
_GOES_ON = r"(?i)\s*(?:or|and|nor)\b"
_ANYTHING = _phrases(r"(?:whatever|anything|any\ (?:condition|check|indicator|point|part))\b")
_SENTENCE = r"(?<=[.;!])\s+|\n"
"""Between sentences; a question belongs to what follows it."""


@dataclass(frozen=True)
class MissingData:
    """What a strategy says about data that is not there.

    Attributes:
        is_open: it says something that is for someone who can read it; "does not match" may be
            wrong then.
        optional: data that it can do without: intervals, "ticker", and "intervals" for each of
            those that the filter goes through.
        words: the sentences that say so, as they are.
        fewer: it takes fewer candles where there are fewer, and says nothing else.
    """

    is_open: bool
    optional: frozenset[str]
    words: tuple[str, ...] = field(default=(), compare=False)
    fewer: bool = False

    @property
    def is_said(self) -> bool:
        """It says anything that a check which answers false could be against."""
        return self.is_open or self.fewer or bool(self.optional)


def read_missing_data(strategy: str) -> MissingData:
    """Read what a strategy says about missing data, sentence by sentence.

    A sentence that names one kind of data and says to do without it settles that; one that says
    that a coin does not match without its data says what counts anyway. Fewer candles are taken
    where nothing else is said of how many there have to be.
    """
    is_open = fewer = False
    optional: set[str] = set()
    words: list[str] = []
    for sentence in re.split(_SENTENCE, strategy):
        lack, only_with = re.search(_LACK, sentence), re.search(_ONLY_WITH, sentence)
        place = lack or only_with
        if place is None:
            continue
        if _takes_fewer(sentence):
            fewer = True
            words.append(sentence.strip())
            continue
        does_without = only_with or re.search(_DO_WITHOUT, sentence)
        if re.search(_INSTEAD, sentence) or _says_more(sentence):
            is_open = True
        elif _is_no_match(sentence):
            is_open = is_open or (only_with is not None)
            continue
        elif does_without and (subjects := _subjects(sentence, place.start())):
            optional |= subjects
        else:
            is_open = True
        words.append(sentence.strip())
    if fewer and (is_open or optional or _asks_for_candles(strategy)):
        fewer, is_open = False, True
    return MissingData(is_open, frozenset(optional), tuple(words), fewer)


def _takes_fewer(sentence: str) -> bool:
    """Whether a sentence says to take fewer candles where there are fewer, and nothing else."""
    rest, count = re.subn(_FEWER, "", re.sub(_BEGINNING, "", sentence))
    others = (_UNLESS, _INSTEAD, _NO_MATCH, _NO, _ONLY_WITH, _DO_WITHOUT)
    return count == 1 and not any(re.search(other, rest) for other in others)


def _asks_for_candles(strategy: str) -> bool:
    """Whether a strategy says how many candles there have to be: more than none."""
    refusals = (
        s for s in re.split(_SENTENCE, strategy) if re.search(_NO_MATCH, s) or re.search(_NO, s)
    )
    return bool(re.search(_NEEDS, strategy)) or any(
        re.search(_LACK, s) and (re.search(_HOW_MANY, s) or not re.search(_NONE, s))
        for s in refusals
    )


def _is_no_match(text: str) -> bool:
    return (re.search(_NO_MATCH, text) or re.search(_NO, text)) is not None


def _says_more(sentence: str) -> bool:
    """A part of it says that a coin does not match, and another tells of a lack of its own."""
    parts = re.split(r",| but | - ", sentence)
    for place, part in enumerate(parts):
        if _is_no_match(part):
            if re.match(_GOES_ON, part):
                return False
            begins = place if re.search(_LACK, part) else max(0, place - 1)
            rest = parts[:begins] + parts[place + 1 :]
            return any(re.search(_LACK, o) and not re.match(_GOES_ON, o) for o in rest)
    return False


def _subjects(sentence: str, at: int) -> set[str]:
    """The data named where the sentence says that it is missing, or else nearest before that.

    Nothing where two kinds are named at once; everything where it is "whatever".
    """
    if re.search(_ANYTHING, sentence[:at]):
        return set(_SUBJECTS)
    clauses = list(re.finditer(r"[^,:()]+", sentence))
    place = next(i for i, clause in enumerate(clauses) if at < clause.end())
    for clause in reversed(clauses[: place + 1]):
        found = {str(match.lastgroup)[1:] for match in re.finditer(_SUBJECT, clause.group())}
        found = found if "ticker" not in found else {"ticker"}
        if found:
            return found if len(found) == 1 else set()
    return set()
