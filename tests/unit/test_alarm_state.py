"""The evaluator of alarms against the examples of CloudWatch's user guide; X breaches, 0 does not."""

import pytest

from tests.unit.alarm_state import evaluate, rings

EXAMPLES = [  # points, three of three: filled as breaching, as not breaching; two of three: the same
    ("0-X-X", (False, False), (True, True)),
    ("00X0X", (False, False), (True, True)),
    ("0-X--", (False, False), (True, False)),
    ("----0", (False, False), (True, False)),
    ("-----", (True, False), (True, False)),
    ("0XX-X", (True, True), (True, True)),
    ("--X--", (True, False), (True, False)),
    ("---X-", (True, False), (True, False)),
]


@pytest.mark.parametrize(("points", "all_three", "two"), EXAMPLES)
def test_missing_points_count_as_the_user_guide_has_it(
    points: str, all_three: tuple[bool, bool], two: tuple[bool, bool]
) -> None:
    values = [{"0": 0, "X": 1, "-": None}[point] for point in points]
    for datapoints, expected in ((3, all_three), (2, two)):
        for treat, state in zip(("breaching", "notBreaching"), expected, strict=True):
            alarm = {
                "EvaluationPeriods": 3,
                "DatapointsToAlarm": datapoints,
                "ComparisonOperator": "GreaterThanThreshold",
                "Threshold": 0,
                "TreatMissingData": treat,
            }
            assert rings(alarm, values) is state, (points, datapoints, treat)


def test_metric_math_fills_chooses_and_counts() -> None:
    queries = [
        {"Id": "sum", "Expression": "IF(full >= 2, 10 * full / 4, b)"},
        {"Id": "full", "Expression": "FILL(a, 0) + 1", "ReturnData": False},
        {"Id": "a", "MetricStat": {}, "ReturnData": False},
        {"Id": "b", "MetricStat": {}, "ReturnData": False},
    ]
    assert evaluate(queries, {"a": 3, "b": 7}) == 10
    assert evaluate(queries, {"a": None, "b": 7}) == 7
    assert evaluate(queries, {"a": None, "b": None}) is None
