"""CloudWatch's rule for the state of an alarm, and its metric math as far as the template uses it.

After "How alarm state is evaluated when data is missing" of the CloudWatch user guide. CloudWatch
looks back further than `EvaluationPeriods`, by a number of periods that it does not document; its own
examples have two. Missing points are filled in only where that range has too few real ones: the latest
real ones count, however old.
"""

import ast
import operator
from collections.abc import Mapping, Sequence
from typing import Any

type Points = Sequence[float | None]
"""One per period, the latest last; None where the metric has no data."""

LOOK_BACK = 2
_COMPARISONS = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
}
_OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.GtE: operator.ge,
}


def rings(alarm: Mapping[str, Any], points: Points, threshold: float | None = None) -> bool:
    """Whether the alarm is in ALARM after these points; `threshold` where it is a parameter."""
    limit = alarm["Threshold"] if threshold is None else threshold
    breaches = _COMPARISONS[alarm["ComparisonOperator"]]
    periods = alarm["EvaluationPeriods"]
    real = [point for point in points[-(periods + LOOK_BACK) :] if point is not None][-periods:]
    missing = periods - len(real)
    filled = {"breaching": missing, "notBreaching": 0}[alarm["TreatMissingData"]]
    breaching = sum(breaches(point, limit) for point in real) + filled
    return breaching >= alarm.get("DatapointsToAlarm", periods)


def evaluate(
    queries: Sequence[Mapping[str, Any]], data: Mapping[str, float | None]
) -> float | None:
    """The value of the one query that is returned, of one period.

    Args:
        queries: the alarm's `Metrics`, their expressions without substitutions.
        data: the value of each metric by its query's id; None for no data.
    """
    expressions = {query["Id"]: query["Expression"] for query in queries if "Expression" in query}
    [returned] = [query["Id"] for query in queries if query.get("ReturnData", True)]
    assert data.keys() == {query["Id"] for query in queries} - expressions.keys()

    def value(name: str) -> float | None:
        if name in expressions:
            return of(ast.parse(expressions[name], mode="eval").body)
        return data[name]

    def of(node: ast.expr) -> Any:
        match node:
            case ast.Name(name):
                return value(name)
            case ast.Constant(number):
                return number
            case ast.Call(ast.Name("FILL"), [filled, default]):
                found = of(filled)
                return of(default) if found is None else found
            case ast.Call(ast.Name("IF"), [condition, yes, no]):
                return of(yes) if of(condition) else of(no)
            case ast.BinOp(left, sign, right) | ast.Compare(left, [sign], [right]):
                sides = of(left), of(right)
                return None if None in sides else _OPERATORS[type(sign)](*sides)
        raise AssertionError(f"not evaluated here: {ast.unparse(node)}")

    return value(returned)
