"""template.yaml: what is traced and under which name, and how long logs are kept."""

from typing import Any

import pytest

from local.template import translated
from tests.unit.cloudformation import FUNCTIONS, RESOURCES

TRANSLATED: dict[str, dict[str, Any]] = translated()["Resources"]
PYTHON = FUNCTIONS.keys() - {"ScreenerFunction"}


def of_type(kind: str) -> dict[str, dict[str, Any]]:
    return {name: r["Properties"] for name, r in TRANSLATED.items() if r["Type"] == kind}


@pytest.mark.parametrize("name", sorted(PYTHON))
def test_a_function_is_traced_and_may_send_its_traces(name: str) -> None:
    assert of_type("AWS::Lambda::Function")[name]["TracingConfig"] == {"Mode": "Active"}
    policies = of_type("AWS::IAM::Role")[f"{name}Role"]["ManagedPolicyArns"]
    assert [policy for policy in policies if "AWSXRayDaemonWriteAccess" in str(policy)] or [
        policy for policy in policies if "AWSXrayWriteOnlyAccess" in str(policy)
    ]


def test_the_screener_begins_no_trace_of_its_own() -> None:
    """Its role may write logs and nothing else; the call to it is in its caller's trace."""
    screener = of_type("AWS::Lambda::Function")["ScreenerFunction"]
    assert screener["TracingConfig"] == {"Mode": "PassThrough"}


def test_the_workflow_is_traced() -> None:
    [machine] = of_type("AWS::StepFunctions::StateMachine").values()
    assert machine["TracingConfiguration"] == {"Enabled": True}


def test_the_service_map_shows_what_a_function_does() -> None:
    """A node's name is the function's or machine's: the stack's, this one, and some letters."""
    functions = of_type("AWS::Lambda::Function")
    machines = of_type("AWS::StepFunctions::StateMachine")
    assert not [n for n, p in functions.items() if "FunctionName" in p]
    assert not [n for n, p in machines.items() if "StateMachineName" in p]
    for name in PYTHON:
        service = FUNCTIONS[name]["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]
        assert name == f"{service.title()}Function", "also the name in metrics and logs"
    assert machines.keys() == {"Regeneration"}


def test_every_log_is_one_that_forgets_after_the_days_of_the_parameter() -> None:
    groups = {n for n, r in RESOURCES.items() if r["Type"] == "AWS::Logs::LogGroup"}
    for name in groups:
        assert RESOURCES[name]["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"}
    for function in of_type("AWS::Lambda::Function").values():
        assert function["LoggingConfig"]["LogGroup"] == {"Ref": "FunctionLogs"}
    [machine] = of_type("AWS::StepFunctions::StateMachine").values()
    [destination] = machine["LoggingConfiguration"]["Destinations"]
    arn = destination["CloudWatchLogsLogGroup"]["LogGroupArn"]
    assert arn == {"Fn::GetAtt": "WorkflowLogs.Arn"}
    assert groups == {"FunctionLogs", "WorkflowLogs"}
