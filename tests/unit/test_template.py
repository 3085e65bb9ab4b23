"""template.yaml against the design: ways in, nets below each hop, permissions, settings."""

import logging
import re
from typing import Any

import pytest

from filtermend.settings import GeminiSettings, LimitSettings, Settings
from filtermend.telemetry import NAMESPACE
from tests.unit.cloudformation import ROOT, as_list, definition, template, translated, walk

TEMPLATE = template()
PARAMETERS: dict[str, dict[str, Any]] = TEMPLATE["Parameters"]
RESOURCES: dict[str, dict[str, Any]] = TEMPLATE["Resources"]
GLOBALS: dict[str, Any] = TEMPLATE["Globals"]["Function"]
FUNCTIONS = {
    name: resource["Properties"]
    for name, resource in RESOURCES.items()
    if resource["Type"] == "AWS::Serverless::Function"
}
TRANSLATED: dict[str, dict[str, Any]] = translated()["Resources"]
NO_VALUE = {"Ref": "AWS::NoValue"}
DEAD_LETTERS = {"Fn::GetAtt": "DeadLetterQueue.Arn"}


def variables(function: str) -> dict[str, Any]:
    own = FUNCTIONS[function].get("Environment", {}).get("Variables", {})
    return GLOBALS["Environment"]["Variables"] | own


def events(kind: str) -> dict[str, dict[str, Any]]:
    return {
        f"{function}.{name}": event["Properties"]
        for function, properties in FUNCTIONS.items()
        for name, event in properties.get("Events", {}).items()
        if event["Type"] == kind
    }


# --- the state machine -----------------------------------------------------------------------


def test_the_workflow_is_a_standard_state_machine() -> None:
    machine = RESOURCES["Regeneration"]
    assert machine["Type"] == "AWS::Serverless::StateMachine"
    assert machine["Properties"]["Type"] == "STANDARD"


def test_every_placeholder_of_the_definition_is_substituted_and_no_other() -> None:
    placeholders = set(re.findall(r"\$\{(\w+)\}", definition()))
    assert placeholders == RESOURCES["Regeneration"]["Properties"]["DefinitionSubstitutions"].keys()


def test_a_placeholder_stands_for_the_function_it_names() -> None:
    substitutions = RESOURCES["Regeneration"]["Properties"]["DefinitionSubstitutions"]
    assert substitutions == {
        "RegenerateFunctionArn": {"Fn::GetAtt": "RegenerateFunction.Arn"},
        "ValidateFunctionArn": {"Fn::GetAtt": "ValidateFunction.Arn"},
        "ProposeFunctionArn": {"Fn::GetAtt": "ProposeFunction.Arn"},
        "BackoffSeconds": {"Ref": "BackoffSeconds"},
    }


def test_the_workflow_may_call_the_functions_it_calls_and_no_other() -> None:
    policies = list(walk(RESOURCES["Regeneration"]["Properties"]["Policies"], "LambdaInvokePolicy"))
    called = {policy["FunctionName"]["Ref"] for policy in policies}
    assert called == {"RegenerateFunction", "ValidateFunction", "ProposeFunction"}


def test_the_workflow_s_log_has_no_execution_data() -> None:
    assert RESOURCES["Regeneration"]["Properties"]["Logging"]["IncludeExecutionData"] is False


# --- every asynchronous hop has a net --------------------------------------------------------


@pytest.mark.parametrize("name", ["TriggerFunction", "SweepFunction"])
def test_a_function_that_is_invoked_asynchronously_has_a_destination_on_failure(name: str) -> None:
    failure = FUNCTIONS[name]["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]
    assert failure == {"Type": "SQS", "Destination": DEAD_LETTERS}


def test_only_these_functions_are_invoked_asynchronously() -> None:
    asynchronous = events("EventBridgeRule") | events("Schedule") | events("SNS") | events("S3")
    assert {name.partition(".")[0] for name in asynchronous} == {"TriggerFunction", "SweepFunction"}


@pytest.mark.parametrize("name", events("EventBridgeRule"))
def test_every_rule_has_a_dead_letter_queue(name: str) -> None:
    assert events("EventBridgeRule")[name]["DeadLetterConfig"] == {"Arn": DEAD_LETTERS}


def test_eventbridge_may_write_to_the_dead_letter_queue() -> None:
    policy = RESOURCES["DeadLetterQueuePolicy"]["Properties"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert policy["Queues"] == [{"Ref": "DeadLetterQueue"}]
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    assert (statement["Action"], statement["Resource"]) == ("sqs:SendMessage", DEAD_LETTERS)
    assert "aws:SourceArn" in statement["Condition"]["ArnLike"]


def test_a_message_that_keeps_failing_goes_to_the_dead_letter_queue() -> None:
    redrive = RESOURCES["ErrorQueue"]["Properties"]["RedrivePolicy"]
    assert redrive["deadLetterTargetArn"] == DEAD_LETTERS
    assert redrive["maxReceiveCount"] >= 3


def test_a_message_stays_hidden_six_times_as_long_as_the_function_may_run() -> None:
    timeout = FUNCTIONS["TriggerFunction"].get("Timeout", GLOBALS["Timeout"])
    assert RESOURCES["ErrorQueue"]["Properties"]["VisibilityTimeout"] >= 6 * timeout


def test_dead_letters_are_kept_two_weeks_and_longer_than_messages() -> None:
    dead = RESOURCES["DeadLetterQueue"]["Properties"]["MessageRetentionPeriod"]
    assert dead == 14 * 86_400
    assert dead > RESOURCES["ErrorQueue"]["Properties"]["MessageRetentionPeriod"]


def test_of_a_batch_only_the_failed_records_come_again() -> None:
    (queue,) = events("SQS").values()
    for batch in (queue, RESOURCES["ErrorStream"]["Properties"]):
        assert batch["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


# --- the ways in -----------------------------------------------------------------------------


def test_the_bus_s_rule_is_the_screener_s_event() -> None:
    rule = events("EventBridgeRule")["TriggerFunction.FilterExecutionFailed"]
    assert rule["Pattern"] == {
        "source": ["trader.screener"],
        "detail-type": ["FilterExecutionFailed"],
    }
    assert rule["EventBusName"] == {"Ref": "EventBus"}


def test_the_stream_is_a_mapping_of_its_own_under_a_condition() -> None:
    assert events("Kinesis") == {}
    stream = RESOURCES["ErrorStream"]
    assert stream["Type"] == "AWS::Lambda::EventSourceMapping"
    assert stream["Condition"] == "ReadsStream"
    assert stream["Properties"]["FunctionName"] == {"Ref": "TriggerFunction"}
    assert stream["Properties"]["EventSourceArn"] == {"Ref": "ErrorStreamArn"}
    assert stream["Properties"]["DestinationConfig"]["OnFailure"] == {"Destination": DEAD_LETTERS}
    assert stream["Properties"]["MaximumRetryAttempts"] >= 0
    assert stream["Properties"]["BisectBatchOnFunctionError"] is True


def test_the_stream_s_policy_stands_alone_and_comes_first() -> None:
    policy = RESOURCES["ErrorStreamPolicy"]
    assert policy["Condition"] == "ReadsStream"
    assert "ErrorStreamPolicy" in as_list(RESOURCES["ErrorStream"]["DependsOn"])
    assert "TriggerFunctionRole" in set(walk(policy["Properties"], "Ref"))
    read, dead = policy["Properties"]["PolicyDocument"]["Statement"]
    assert {"kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"} <= set(
        read["Action"]
    )
    assert read["Resource"] == {"Ref": "ErrorStreamArn"}
    assert (dead["Action"], dead["Resource"]) == ("sqs:SendMessage", DEAD_LETTERS)


def test_the_condition_is_whether_a_stream_is_given() -> None:
    assert PARAMETERS["ErrorStreamArn"]["Default"] == ""
    assert TEMPLATE["Conditions"]["ReadsStream"] == {
        "Fn::Not": [{"Fn::Equals": [{"Ref": "ErrorStreamArn"}, ""]}]
    }


def test_the_sweep_runs_every_minute_and_when_an_execution_died() -> None:
    assert events("Schedule")["SweepFunction.EveryMinute"]["Schedule"] == "rate(1 minute)"
    pattern = events("EventBridgeRule")["SweepFunction.ExecutionEnded"]["Pattern"]
    assert pattern["source"] == ["aws.states"]
    assert pattern["detail"]["stateMachineArn"] == [{"Ref": "Regeneration"}]
    assert set(pattern["detail"]["status"]) == {"FAILED", "TIMED_OUT", "ABORTED"}


# --- permissions -----------------------------------------------------------------------------

STATEMENTS = [
    statement for found in walk(TEMPLATE, "Statement") for statement in as_list(found)
]  # fmt: skip


def test_no_permission_names_its_actions_with_a_star() -> None:
    actions = [action for s in STATEMENTS for action in as_list(s["Action"])]
    assert len(actions) > 10
    assert [action for action in actions if "*" in action] == []


def test_only_the_delivery_of_logs_is_allowed_on_every_resource() -> None:
    anywhere = [s for s in STATEMENTS if "*" in as_list(s.get("Resource"))]
    actions = {action for s in anywhere for action in as_list(s["Action"])}
    assert {action.partition(":")[0] for action in actions} == {"logs"}


def test_who_may_call_a_function_s_url() -> None:
    urls = {
        name: properties["FunctionUrlConfig"]["AuthType"]
        for name, properties in FUNCTIONS.items()
        if "FunctionUrlConfig" in properties
    }
    assert urls == {
        "TriggerFunction": "NONE",  # pg_net cannot sign; the webhook token is checked inside
        "ValidateFunction": "AWS_IAM",
        "ScreenerFunction": "AWS_IAM",
    }


def test_a_caller_of_the_screener_has_both_permissions() -> None:
    policy = RESOURCES["CallScreenerPolicy"]
    (statement,) = policy["Properties"]["PolicyDocument"]["Statement"]
    assert set(statement["Action"]) == {"lambda:InvokeFunctionUrl", "lambda:InvokeFunction"}
    assert statement["Resource"] == {"Fn::GetAtt": "ScreenerFunction.Arn"}
    assert policy["Condition"] == "DeploysScreener"
    choice = ["DeploysScreener", {"Ref": "CallScreenerPolicy"}, {"Ref": "AWS::NoValue"}]
    callers = {n for n, p in FUNCTIONS.items() if {"Fn::If": choice} in p.get("Policies", [])}
    assert callers == {"RegenerateFunction", "ValidateFunction"}


def test_the_screener_may_write_logs_and_nothing_else() -> None:
    assert TRANSLATED["ScreenerFunction"]["Properties"]["Role"] == {
        "Fn::GetAtt": "ScreenerRole.Arn"
    }
    role = TRANSLATED["ScreenerRole"]["Properties"]
    assert role.keys() == {"AssumeRolePolicyDocument", "Policies"}
    (policy,) = role["Policies"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert statement["Resource"] == {"Fn::GetAtt": "FunctionLogs.Arn"}
    for name in ("ScreenerFunction", "ScreenerRole"):
        assert TRANSLATED[name]["Condition"] == "DeploysScreener"


def test_the_screener_has_nothing_of_ours_in_it() -> None:
    screener = TRANSLATED["ScreenerFunction"]["Properties"]
    for name in ("Environment", "Layers", "VpcConfig"):
        assert screener.get(name, NO_VALUE) == NO_VALUE


def test_executions_are_started_by_the_trigger_and_the_sweep_alone() -> None:
    starters = {
        n for n, p in FUNCTIONS.items() if {"Ref": "StartRunsPolicy"} in p.get("Policies", [])
    }
    assert starters == {"TriggerFunction", "SweepFunction"}
    document = RESOURCES["StartRunsPolicy"]["Properties"]["PolicyDocument"]
    actions = {statement["Action"] for statement in document["Statement"]}
    assert actions == {"states:StartExecution", "states:DescribeExecution"}


def test_no_variable_holds_a_secret() -> None:
    names = {name for function in FUNCTIONS for name in variables(function)}
    assert [
        n for n in names if re.search(r"KEY|TOKEN|PASSWORD|DATABASE_URL", n) and "TOKENS" not in n
    ] == []


def test_every_log_group_forgets() -> None:
    groups = [r["Properties"] for r in RESOURCES.values() if r["Type"] == "AWS::Logs::LogGroup"]
    assert groups
    assert all(group["RetentionInDays"] == {"Ref": "LogRetentionDays"} for group in groups)


# --- settings --------------------------------------------------------------------------------

KINDS: dict[str, type[Settings]] = {kind.__name__: kind for kind in Settings.__subclasses__()}
FIELDS = {
    name.upper(): field for kind in KINDS.values() for name, field in kind.model_fields.items()
}
OF_LIBRARIES = {
    "POWERTOOLS_LOG_LEVEL",
    "POWERTOOLS_METRICS_NAMESPACE",
    "POWERTOOLS_SERVICE_NAME",
    "BRAINTRUST_API_URL",
    "BRAINTRUST_APP_URL",
}
LEFT_TO_THEIR_DEFAULTS = {
    "LOST_CALLS_PER_TURN",
    "THROTTLED_CALLS_PER_TURN",
    "RUN_LEASE_SECONDS",
    "AUTOMATIC_RUNS",
    "VALIDATOR_TIMEOUT_SECONDS",
}
"""Not for an operator to turn: they follow from the functions' and the workflow's timeouts."""

OUTSIDE = {"ScreenerFunction", "MigrateFunction"}


def defaults() -> list[tuple[str, str]]:
    """Variable and parameter, where a variable is just a parameter."""
    found = {}
    for function in FUNCTIONS:
        for name, value in variables(function).items():
            reference = value.get("Ref") if isinstance(value, dict) else None
            if reference in PARAMETERS and name in FIELDS:
                found[name] = reference
    return sorted(found.items())


def kinds_of(function: str) -> set[str]:
    source = (ROOT / FUNCTIONS[function]["CodeUri"] / "app.py").read_text("utf-8")
    named = set(re.findall(r"\b\w+Settings\b", source))
    return (named | {"SecretSettings"}) & KINDS.keys()


def test_these_are_all_the_settings() -> None:
    assert len(FIELDS) > 15


@pytest.mark.parametrize("function", sorted(FUNCTIONS.keys() - OUTSIDE))
def test_a_function_has_every_variable_it_reads(function: str) -> None:
    read = {name.upper() for kind in kinds_of(function) for name in KINDS[kind].model_fields}
    assert read
    assert read - variables(function).keys() <= LEFT_TO_THEIR_DEFAULTS


def test_what_is_left_to_its_default_has_one() -> None:
    assert FIELDS.keys() >= LEFT_TO_THEIR_DEFAULTS
    assert [name for name in LEFT_TO_THEIR_DEFAULTS if FIELDS[name].is_required()] == []


@pytest.mark.parametrize("function", sorted(FUNCTIONS.keys() - {"ScreenerFunction"}))
def test_every_variable_is_read(function: str) -> None:
    assert variables(function).keys() <= FIELDS.keys() | OF_LIBRARIES


@pytest.mark.parametrize(("variable", "parameter"), defaults())
def test_a_parameter_s_default_is_the_setting_s(variable: str, parameter: str) -> None:
    (kind,) = (kind for kind in KINDS.values() if variable.lower() in kind.model_fields)
    field = FIELDS[variable]
    given = str(PARAMETERS[parameter]["Default"]) or None
    if given is None:
        assert field.default is None
        return
    required = {n: "required" for n, f in kind.model_fields.items() if f.is_required()}
    value = getattr(kind.model_validate(required | {variable.lower(): given}), variable.lower())
    assert value == field.default


def test_every_limit_and_every_gemini_setting_is_a_parameter() -> None:
    adjustable = {
        name.upper() for kind in (LimitSettings, GeminiSettings) for name in kind.model_fields
    }
    assert adjustable - dict(defaults()).keys() <= LEFT_TO_THEIR_DEFAULTS


def test_every_parameter_is_used() -> None:
    used = set(walk([GLOBALS, RESOURCES, TEMPLATE["Conditions"]], "Ref"))
    assert PARAMETERS.keys() - used == set()


def test_metrics_go_to_the_namespace_of_the_core() -> None:
    assert (
        GLOBALS["Environment"]["Variables"]["POWERTOOLS_METRICS_NAMESPACE"]
        == NAMESPACE
        == "Filtermend"
    )


def test_the_regenerate_function_outlives_gemini_s_answer() -> None:
    function, gemini = (
        PARAMETERS[name]["Default"] for name in ("RegenerateTimeoutSeconds", "GeminiTimeoutSeconds")
    )
    assert function > gemini + 5


def test_no_concurrency_is_reserved_unless_asked_for() -> None:
    """A new account may run ten functions at once, and reserve none of them."""
    reserved = {
        name: resource["Properties"]["ReservedConcurrentExecutions"]
        for name, resource in TRANSLATED.items()
        if "ReservedConcurrentExecutions" in resource.get("Properties", {})
    }
    choice = ["LimitsConcurrency", {"Ref": "RegenerateConcurrency"}, NO_VALUE]
    assert reserved == {"RegenerateFunction": {"Fn::If": choice}}
    assert PARAMETERS["RegenerateConcurrency"]["Default"] == 0


def test_the_log_level_holds_on_lambda_and_in_the_functions() -> None:
    """Lambda drops what is below its own level, and spells WARNING as WARN; Python knows both."""
    levels = PARAMETERS["LogLevel"]["AllowedValues"]
    assert set(levels) <= {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"}
    assert set(levels) <= logging.getLevelNamesMapping().keys()
    assert GLOBALS["LoggingConfig"]["ApplicationLogLevel"] == {"Ref": "LogLevel"}
    assert GLOBALS["Environment"]["Variables"]["POWERTOOLS_LOG_LEVEL"] == {"Ref": "LogLevel"}


# --- references and files --------------------------------------------------------------------


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_s_code_is_there(function: str) -> None:
    folder = ROOT / FUNCTIONS[function]["CodeUri"]
    if FUNCTIONS[function].get("Runtime", GLOBALS["Runtime"]).startswith("python"):
        assert "def handler(" in (folder / "app.py").read_text("utf-8")
    else:
        assert (folder / "go.mod").is_file()


def test_the_template_and_the_core_want_the_same_python() -> None:
    assert GLOBALS["Runtime"] == "python3.13"


def test_every_reference_is_to_something() -> None:
    made_by_sam = {"TriggerFunctionRole"}
    known = RESOURCES.keys() | PARAMETERS.keys() | made_by_sam
    references = {r for r in walk(TEMPLATE, "Ref") if not r.startswith("AWS::")}
    assert references <= known
    attributes = {a.partition(".")[0].removesuffix("Url") for a in walk(TEMPLATE, "Fn::GetAtt")}
    assert attributes <= known
