"""An execution enters the states that `make scaling` counts for its way."""

import pytest
from e2e.mixed import BAD, CERTAIN, GOOD
from e2e.stack import Deployed

from local.scaling.deployment import deployment
from local.scaling.paths import paths

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize(
    ("way", "answers", "code"),
    [
        ("mechanical", [], CERTAIN),
        ("one_turn", [GOOD], None),
        ("two_turns", [BAD, GOOD], None),
        ("three_attempts", [BAD], None),
    ],
)
def test_a_way_is_as_long_as_it_is_reckoned_with(
    stack: Deployed, way: str, answers: list[dict[str, str]], code: str | None
) -> None:
    marker = f"scaling-{way}."
    if answers:
        stack.answers(marker, *answers)
    failed = stack.insert(marker, **({"filter_code_snapshot": code} if code else {}))
    stack.finished(failed)
    path = getattr(paths(deployment()), way)
    entered = [
        event["stateEnteredEventDetails"]["name"]
        for event in stack.history(failed)
        if "stateEnteredEventDetails" in event
    ]
    assert tuple(entered) == path.states
    asked = [call for call in stack.calls(failed) if call["source"] == "model"]
    assert len(asked) == path.questions
    assert (stack.error(failed)["regeneration_status"] == "proposed") is path.proposed
