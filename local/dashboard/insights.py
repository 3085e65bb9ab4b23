"""Queries of CloudWatch Logs Insights over log lines: SOURCE, fields, filter, sort and limit."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pyparsing as pp

from local.dashboard import DashboardError
from local.dashboard.logs import LogLine

Record = dict[str, Any]
Test = Callable[[Record], bool]
LIMIT = 10_000
"""Rows of a query that names no limit."""


def record(line: LogLine) -> Record:
    """A line's fields: CloudWatch's own begin with @, those of a JSON object are its keys."""
    try:
        found = json.loads(line.message)
    except ValueError:
        found = None
    own = {
        "@timestamp": datetime.fromtimestamp(line.time, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3],
        "@message": line.message,
        "@logStream": line.stream,
    }
    return (found if isinstance(found, dict) else {}) | own


@dataclass
class Query:
    """What a query says."""

    sources: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    tests: list[Test] = field(default_factory=list)
    order: tuple[str, bool] = ("@timestamp", True)
    limit: int = LIMIT

    def rows(self, lines: Sequence[LogLine]) -> list[list[str]]:
        """A cell per field for each line that passes all filters; "" where a line lacks one."""
        passed = [r for r in map(record, lines) if all(test(r) for test in self.tests)]
        name, descending = self.order
        passed.sort(key=lambda r: _sortable(r.get(name)), reverse=descending)
        return [[_text(r.get(name)) for name in self.fields] for r in passed[: self.limit]]


def parse(text: str) -> Query:
    """Read a query.

    Raises:
        DashboardError: it has a command that is not known here, or cannot be read.
    """
    query = Query(fields=[])
    try:
        for command in _QUERY.parse_string(text, parse_all=True):
            _apply(query, command)
    except pp.ParseBaseException as error:
        rest = text[error.loc : error.loc + 40]
        raise DashboardError(f"the query cannot be read at {rest!r} ({text[:60]!r} …)") from None
    if not query.sources or not query.fields:
        raise DashboardError(f"the query needs SOURCE and fields: {text[:60]!r} …")
    return query


def _apply(query: Query, command: pp.ParseResults) -> None:
    match command.get_name():
        case "source":
            query.sources.append(command[0])
        case "fields":
            query.fields.extend(command)
        case "filter":
            query.tests.append(command[0])
        case "sort":
            query.order = (command[0], command.get("direction", "asc") == "desc")
        case "limit":
            query.limit = command[0]


def _compare(tokens: pp.ParseResults) -> Test:
    left, sign, right = tokens
    return lambda r: _holds(sign, _value(left, r), _value(right, r))


def _value(operand: tuple[str, Any], r: Record) -> Any:
    kind, value = operand
    return r.get(value) if kind == "field" else value


def _holds(sign: str, left: Any, right: Any) -> bool:
    """A field that a line lacks passes no comparison; numbers compare as numbers."""
    if left is None or right is None:
        return False
    if sign == "like":
        pattern = right if isinstance(right, re.Pattern) else re.compile(re.escape(str(right)))
        return pattern.search(_text(left)) is not None
    pair = _numbers(left, right) or (_text(left), _text(right))
    return _SIGNS[sign](*pair)


_SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def _numbers(left: Any, right: Any) -> tuple[float, float] | None:
    try:
        return float(left), float(right)
    except (TypeError, ValueError):
        return None


def _sortable(value: Any) -> tuple[int, float, str]:
    number = _numbers(value, 0)
    if number is not None:
        return (1, number[0], "")
    return (0 if value is None else 2, 0.0, _text(value))


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def _grammar() -> pp.ParserElement:
    word = pp.Word(pp.alphas + "@_", pp.alphanums + "_.@")
    text = pp.QuotedString("'", esc_char="\\") | pp.QuotedString('"', esc_char="\\")
    number = pp.common.number
    pattern = pp.QuotedString("/", esc_char="\\", unquote_results=True)
    operand = (
        text.copy().add_parse_action(lambda t: [("text", t[0])])
        | number.copy().add_parse_action(lambda t: [("number", t[0])])
        | pattern.add_parse_action(lambda t: [("pattern", re.compile(t[0]))])
        | word.copy().add_parse_action(lambda t: [("field", t[0])])
    )
    sign = pp.one_of([*_SIGNS, "like"], as_keyword=False)
    comparison = (operand + sign + operand).add_parse_action(_compare)
    condition = pp.infix_notation(
        comparison,
        [
            (pp.CaselessKeyword("not"), 1, pp.OpAssoc.RIGHT, _not),
            (pp.CaselessKeyword("and"), 2, pp.OpAssoc.LEFT, _all),
            (pp.CaselessKeyword("or"), 2, pp.OpAssoc.LEFT, _any),
        ],
    )
    direction = pp.one_of("asc desc", caseless=True)("direction")
    commands = [
        pp.Group(pp.CaselessKeyword("source").suppress() + text)("source"),
        pp.Group(pp.CaselessKeyword("fields").suppress() + pp.DelimitedList(word))("fields"),
        pp.Group(pp.CaselessKeyword("filter").suppress() + condition)("filter"),
        pp.Group(pp.CaselessKeyword("sort").suppress() + word + pp.Opt(direction))("sort"),
        pp.Group(pp.CaselessKeyword("limit").suppress() + pp.common.integer)("limit"),
    ]
    return pp.DelimitedList(pp.MatchFirst(commands), delim="|")


def _not(tokens: pp.ParseResults) -> Test:
    test: Test = tokens[0][1]
    return lambda r: not test(r)


def _all(tokens: pp.ParseResults) -> Test:
    tests: list[Test] = list(tokens[0][::2])
    return lambda r: all(test(r) for test in tests)


def _any(tokens: pp.ParseResults) -> Test:
    tests: list[Test] = list(tokens[0][::2])
    return lambda r: any(test(r) for test in tests)


_QUERY = _grammar()
