"""What an operator can look at with credentials of AWS."""

from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from filtermend.checkup.finding import Seen, broken, not_used, ok, unknown
from filtermend.checkup.running import Check
from local.operate.doctor.stack import Stack

RULES = {
    "SweepFunctionEveryMinute": "the sweep's schedule",
    "SweepFunctionExecutionEnded": "ends of executions to the sweep",
    "TriggerFunctionFilterExecutionFailed": "events to the trigger",
}
SNAPSHOTS = ("Regenerate", "Validate", "Propose")
IN_A_SNAPSHOT = ("CodeSha256", "Environment", "Layers", "MemorySize", "Timeout")
"""What a version keeps of its function as it was when it was published."""
CONFIRMED = "arn:"
"""How the ARN of a subscription begins; one that nobody has confirmed has a word instead."""


def outside_checks(stack: Stack) -> list[Check]:
    """A check for each part."""
    looks: dict[str, Callable[[Stack], Seen]] = {
        "event rules": look_at_rules,
        "event sources": look_at_mappings,
        "snapshots": look_at_snapshots,
        "dead letters": look_at_dead_letters,
        "alarm topic": look_at_subscriptions,
        "alarms": look_at_alarms,
    }
    return [Check(name, _allowed(look, stack)) for name, look in looks.items()]


def _allowed(look: Callable[[Stack], Seen], stack: Stack) -> Callable[[], Seen]:
    """A check that says so when AWS does not answer it."""

    def looked() -> Seen:
        try:
            return look(stack)
        except ClientError as error:
            code = error.response["Error"].get("Code")
            return unknown(
                f"{error.operation_name}: {code}", "you may need a permission: docs/operations.md"
            )
        except BotoCoreError as error:
            return unknown(f"AWS gives no answer: {type(error).__name__}")

    return looked


def look_at_rules(stack: Stack) -> Seen:
    """The schedule and the rules of EventBridge are enabled."""
    disabled, commands = [], []
    for logical, what in RULES.items():
        # A rule of a bus of our own has the bus before its name.
        bus, _, name = stack.resources.get(logical, "").rpartition("|")
        if not name:
            return broken(f"the stack has no {logical}", "deploy again: make deploy ENV=…")
        on_bus = {"EventBusName": bus} if bus else _bus(stack, logical)
        if stack.clients["events"].describe_rule(Name=name, **on_bus)["State"] == "DISABLED":
            option = "".join(f" --event-bus-name {bus}" for bus in on_bus.values())
            disabled.append(what)
            commands.append(f"aws events enable-rule --name {name}{option}")
    if disabled:
        return broken(f"disabled: {', '.join(disabled)}", "; ".join(commands))
    return ok(f"enabled: {', '.join(RULES.values())}")


def _bus(stack: Stack, logical: str) -> dict[str, str]:
    own = logical == "TriggerFunctionFilterExecutionFailed"
    return {"EventBusName": stack.outputs["EventBusName"]} if own else {}


def look_at_mappings(stack: Stack) -> Seen:
    """Queue and stream are read."""
    trigger = stack.outputs["TriggerFunctionName"]
    mappings: list[dict[str, Any]] = stack.clients["lambda"].list_event_source_mappings(
        FunctionName=trigger
    )["EventSourceMappings"]
    if not mappings:
        return broken("neither queue nor stream is read", "deploy again: make deploy ENV=…")
    off = [m for m in mappings if m["State"] not in ("Enabled", "Creating", "Enabling", "Updating")]
    if off:
        return broken(
            f"not read: {', '.join(_source(m) for m in off)}",
            "; ".join(
                f"aws lambda update-event-source-mapping --uuid {m['UUID']} --enabled" for m in off
            ),
        )
    failing = [m for m in mappings if str(m.get("LastProcessingResult", "")).startswith("PROBLEM")]
    if failing:
        told = ", ".join(f"{_source(m)} ({m['LastProcessingResult']})" for m in failing)
        return broken(f"cannot be read: {told}", "look at the trigger's log and at its permissions")
    return ok(f"read: {', '.join(map(_source, mappings))}")


def _source(mapping: dict[str, Any]) -> str:
    return str(mapping["EventSourceArn"]).rpartition(":")[2]


def look_at_snapshots(stack: Stack) -> Seen:
    """Executions run the functions as they were deployed last, where they start from snapshots."""
    aliases = {name: stack.resources.get(f"{name}Alias", "") for name in SNAPSHOTS}
    if not any(aliases.values()):
        return not_used("SnapStart is off")
    former, aside, unready = [], [], []
    for name, alias in aliases.items():
        served = _configuration(stack, alias)
        deployed = _configuration(stack, stack.resources[f"{name}Function"])
        if any(served.get(part) != deployed.get(part) for part in IN_A_SNAPSHOT):
            former.append(name.lower())
        elif served.get("State") == "Inactive":
            aside.append(name.lower())
        elif served["SnapStart"]["OptimizationStatus"] != "On":
            unready.append(name.lower())
    if former:
        return broken(
            f"of a former deploy: {', '.join(former)}",
            "take new ones: make deploy ENV=…, which gives each deploy another Release",
        )
    if aside:
        return broken(
            f"set aside, since nobody used them for two weeks: {', '.join(aside)}",
            "take new ones: make deploy ENV=…; or leave SnapStart off where errors are that few",
        )
    if unready:
        return broken(
            f"not taken: {', '.join(unready)} start as without SnapStart",
            "look whether SnapStart is available in this region; deploy again: make deploy ENV=…",
        )
    return ok("of the last deploy")


def _configuration(stack: Stack, function: str) -> dict[str, Any]:
    found: dict[str, Any] = stack.clients["lambda"].get_function_configuration(
        FunctionName=function
    )
    return found


def look_at_dead_letters(stack: Stack) -> Seen:
    """Nothing was given up."""
    waiting = stack.clients["sqs"].get_queue_attributes(
        QueueUrl=stack.outputs["DeadLetterQueueUrl"], AttributeNames=["ApproximateNumberOfMessages"]
    )["Attributes"]["ApproximateNumberOfMessages"]
    if int(waiting):
        return broken(
            f"{waiting} waiting",
            "look at them, mend the cause, send them back (docs/operations.md, Dead letters): "
            "aws sqs receive-message --queue-url <DeadLetterQueueUrl>",
        )
    return ok("none")


def look_at_subscriptions(stack: Stack) -> Seen:
    """Somebody is told of an alarm; of a local stack nobody need be."""
    topic = stack.outputs["AlarmTopicArn"]
    pages = (
        stack.clients["sns"].get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
    )
    found = [str(s["SubscriptionArn"]) for page in pages for s in page["Subscriptions"]]
    confirmed = [arn for arn in found if arn.startswith(CONFIRMED)]
    if confirmed:
        return ok(f"{len(confirmed)} confirmed")
    if found:
        return broken(
            f"{len(found)} not confirmed: nobody is told of an alarm",
            "confirm it: the link is in the message that SNS sent",
        )
    if stack.local:
        return not_used("nobody is told of an alarm of this machine's stack")
    return broken(
        "nobody is told of an alarm",
        "aws sns subscribe --topic-arn <AlarmTopicArn> --protocol email --notification-endpoint …, "
        "then confirm it by the link in the mail",
    )


def look_at_alarms(stack: Stack) -> Seen:
    """No alarm rings, and none is muted."""
    if not stack.alarms:
        return broken("the stack has no alarms", "deploy again: make deploy ENV=…")
    alarms = stack.clients["cloudwatch"].describe_alarms(AlarmNames=stack.alarms)["MetricAlarms"]
    if ringing := [a["AlarmName"] for a in alarms if a["StateValue"] == "ALARM"]:
        return broken(
            f"ringing: {', '.join(map(str, ringing))}",
            "docs/operations.md, Alarms, says of each what it means and what to do",
        )
    if muted := [a["AlarmName"] for a in alarms if not a.get("ActionsEnabled", True)]:
        names = " ".join(map(str, muted))
        return broken(
            f"muted: {names}", f"aws cloudwatch enable-alarm-actions --alarm-names {names}"
        )
    return ok(f"{len(alarms)}, none rings")
