"""template.yaml: the state machine and what it may call."""

import re
from typing import Any

from tests.unit.cloudformation import RESOURCES, definition


def test_the_workflow_is_a_standard_state_machine() -> None:
    machine = RESOURCES["Regeneration"]
    assert machine["Type"] == "AWS::Serverless::StateMachine"
    assert machine["Properties"]["Type"] == "STANDARD"


def test_every_placeholder_of_the_definition_is_substituted_and_no_other() -> None:
    placeholders = set(re.findall(r"\$\{(\w+)\}", definition()))
    assert placeholders == RESOURCES["Regeneration"]["Properties"]["DefinitionSubstitutions"].keys()


CALLED = ("Regenerate", "Validate", "Propose")


def test_a_placeholder_stands_for_the_function_it_names() -> None:
    substitutions = RESOURCES["Regeneration"]["Properties"]["DefinitionSubstitutions"]
    assert substitutions == {
        **{f"{name}FunctionArn": snapshot_or_function(name) for name in CALLED},
        "BackoffSeconds": {"Ref": "BackoffSeconds"},
    }


def snapshot_or_function(name: str) -> dict[str, Any]:
    function = {"Fn::GetAtt": f"{name}Function.Arn"}
    return {"Fn::If": ["SnapStarts", {"Ref": f"{name}Alias"}, function]}


def test_the_workflow_may_call_the_functions_it_calls_and_no_other() -> None:
    (policy,) = RESOURCES["Regeneration"]["Properties"]["Policies"]
    (call,) = [s for s in policy["Statement"] if s["Action"] == "lambda:InvokeFunction"]
    function = [{"Fn::GetAtt": f"{name}Function.Arn"} for name in CALLED]
    alias = [{"Fn::Sub": f"${{{name}Function.Arn}}:live"} for name in CALLED]
    assert call["Resource"] == [arn for both in zip(function, alias, strict=True) for arn in both]


def test_the_workflow_s_log_has_no_execution_data() -> None:
    assert RESOURCES["Regeneration"]["Properties"]["Logging"]["IncludeExecutionData"] is False
