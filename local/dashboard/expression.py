"""Metric math: + - * /, comparisons, numbers, ids, FILL and IF."""

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from local.dashboard import DashboardError
from local.dashboard.series import Points

Value = float | Points
_OPERATORS: dict[type[ast.AST], Callable[[Any, Any], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


class Expression:
    """An expression over series, each known by its id.

    Raises:
        DashboardError: it is not of the kind above; quotes it.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        try:
            self._tree = ast.parse(text.strip(), mode="eval").body
        except SyntaxError:
            raise self._refused("cannot be read") from None
        called = {node.func for node in ast.walk(self._tree) if isinstance(node, ast.Call)}
        names = {node for node in ast.walk(self._tree) if isinstance(node, ast.Name)}
        self.ids = {node.id for node in names - called}
        """Ids of the series that it needs."""

    def points(self, series: Mapping[str, Points], periods: Sequence[float]) -> Points:
        """Its value per period; a period without one of the values, or with x / 0, has none.

        Args:
            series: points by id.
            periods: beginnings of all periods, for FILL.
        """
        value = self._value(self._tree, series, periods)
        return value if isinstance(value, dict) else dict.fromkeys(periods, value)

    def _value(
        self, node: ast.AST, series: Mapping[str, Points], periods: Sequence[float]
    ) -> Value:
        match node:
            case ast.Constant(value=int() | float() as number):
                return float(number)
            case ast.Name(id=name) if name in series:
                return series[name]
            case ast.Name(id=name):
                raise self._refused(f"names {name}, which no line has as its id")
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return _each(operator.sub, 0.0, self._value(operand, series, periods))
            case (
                ast.BinOp(left=left, op=sign, right=right)
                | ast.Compare(left=left, ops=[sign], comparators=[right])
            ) if type(sign) in _OPERATORS:
                sides = (self._value(side, series, periods) for side in (left, right))
                return _each(_OPERATORS[type(sign)], *sides)
            case ast.Call(func=ast.Name(id="FILL" | "IF" as name), args=args, keywords=[]):
                return self._call(name, [self._value(a, series, periods) for a in args], periods)
            case _:
                raise self._refused("has something else than + - * /, comparisons, FILL and IF")

    def _call(self, name: str, values: list[Value], periods: Sequence[float]) -> Value:
        match name, values:
            case "FILL", [dict() as points, float() as rest]:
                return {time: points.get(time, rest) for time in periods}
            case "IF", [dict() as condition, then, *others] if len(others) <= 1:
                chosen = (then, *others)
                places = ((time, 0 if yes else 1) for time, yes in condition.items())
                picked = {t: _at(chosen[n], t) for t, n in places if n < len(chosen)}
                return {time: value for time, value in picked.items() if value is not None}
            case _:
                raise self._refused(f"gives {name} what it does not take")

    def _refused(self, why: str) -> DashboardError:
        return DashboardError(f"the expression {self.text!r} {why}")


def _at(value: Value, time: float) -> float | None:
    return value.get(time) if isinstance(value, dict) else value


def _each(calculate: Callable[[Any, Any], float], left: Value, right: Value) -> Value:
    """Numbers with numbers; else period by period, where both have a value."""
    times = [set(side) for side in (left, right) if isinstance(side, dict)]
    if not times:
        return float(calculate(left, right))
    result: Points = {}
    for time in sorted(set.intersection(*times)):
        try:
            result[time] = float(calculate(_at(left, time), _at(right, time)))
        except ZeroDivisionError:
            continue  # a rate of nothing is no rate
    return result
