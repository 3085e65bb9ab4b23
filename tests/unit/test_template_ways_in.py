"""template.yaml: the ways in, and a net below each asynchronous hop."""

from typing import Any

import pytest

from tests.unit.cloudformation import (
    FUNCTIONS,
    GLOBALS,
    PARAMETERS,
    RESOURCES,
    TEMPLATE,
    as_list,
    walk,
)

DEAD_LETTERS = {"Fn::GetAtt": "DeadLetterQueue.Arn"}


def events(kind: str) -> dict[str, dict[str, Any]]:
    return {
        f"{function}.{name}": event["Properties"]
        for function, properties in FUNCTIONS.items()
        for name, event in properties.get("Events", {}).items()
        if event["Type"] == kind
    }


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


# --- every asynchronous hop has a net --------------------------------------------------------


@pytest.mark.parametrize("name", ["TriggerFunction", "SweepFunction"])
def test_a_function_that_is_invoked_asynchronously_has_a_destination_on_failure(name: str) -> None:
    failure = FUNCTIONS[name]["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]
    assert failure == {"Type": "SQS", "Destination": DEAD_LETTERS}
    assert FUNCTIONS[name]["EventInvokeConfig"]["MaximumRetryAttempts"] >= 1


def test_only_these_functions_are_invoked_asynchronously() -> None:
    asynchronous = events("EventBridgeRule") | events("Schedule") | events("SNS") | events("S3")
    assert {name.partition(".")[0] for name in asynchronous} == {"TriggerFunction", "SweepFunction"}


RULES = events("EventBridgeRule") | events("Schedule")


@pytest.mark.parametrize("name", RULES)
def test_every_rule_tries_again_and_has_a_dead_letter_queue(name: str) -> None:
    assert RULES[name]["RetryPolicy"]["MaximumRetryAttempts"] >= 2
    assert RULES[name]["DeadLetterConfig"] == {"Arn": DEAD_LETTERS}


def test_a_lost_minute_s_sweep_is_left_to_the_next() -> None:
    retries = RULES["SweepFunction.EveryMinute"]["RetryPolicy"]
    assert retries["MaximumEventAgeInSeconds"] == 60


def test_our_rules_and_no_other_may_write_to_the_dead_letter_queue() -> None:
    policy = RESOURCES["DeadLetterQueuePolicy"]["Properties"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert policy["Queues"] == [{"Ref": "DeadLetterQueue"}]
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    assert (statement["Action"], statement["Resource"]) == ("sqs:SendMessage", DEAD_LETTERS)
    allowed = {rule["Fn::GetAtt"] for rule in statement["Condition"]["ArnEquals"]["aws:SourceArn"]}
    assert allowed == {f"{name.replace('.', '')}.Arn" for name in RULES}


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
