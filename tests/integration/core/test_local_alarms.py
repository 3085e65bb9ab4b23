"""Each alarm on one metric, put into the local AWS as the template has it: it tells the topic.

The local AWS knows neither dimensions nor missing data nor metric math: for those see
`unit/test_template_alarms.py`.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from integration.core.endpoints import eventually
from integration.core.local_aws import local_aws

from local import aws
from tests.unit.test_template_alarms import ALARMS, threshold

SIMPLE = [name for name, alarm in ALARMS.items() if "Metrics" not in alarm]


@dataclass(frozen=True)
class Operators:
    """CloudWatch, the topic, and the queue of somebody who subscribed to it."""

    cloudwatch: Any
    sqs: Any
    topic: str
    queue: str

    def told(self) -> list[dict[str, Any]]:
        """What they were told since they last looked."""
        found = self.sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10)
        messages = found.get("Messages", [])
        for message in messages:
            self.sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
        return [json.loads(json.loads(message["Body"])["Message"]) for message in messages]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with local_aws() as address:
        yield address


@pytest.fixture
def operators(url: str) -> Operators:
    sns, sqs = aws.client("sns", url), aws.client("sqs", url)
    name = uuid4().hex
    topic = sns.create_topic(Name=name)["TopicArn"]
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    wanted = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    arn = wanted["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    return Operators(aws.client("cloudwatch", url), sqs, topic, queue)


def deployed(alarm: dict[str, Any], topic: str) -> dict[str, Any]:
    """The alarm's own properties, with what they refer to put in."""
    references = {"Ref", "Fn::GetAtt"}
    dimensions = [
        d
        if isinstance(d["Value"], str)
        else d | {"Value": d["Value"][(references & d["Value"].keys()).pop()]}
        for d in alarm["Dimensions"]
    ]
    found = {"Dimensions": dimensions, "AlarmActions": [topic], "Threshold": threshold(alarm)}
    return alarm | found


@pytest.mark.parametrize("name", SIMPLE)
def test_the_operators_are_told_when_it_goes_off_and_not_before(
    name: str, operators: Operators
) -> None:
    alarm = deployed(ALARMS[name], operators.topic)
    below = alarm["ComparisonOperator"] == "LessThanThreshold"
    good, bad = (1, 0) if below else (0, alarm["Threshold"] + 1)
    operators.cloudwatch.put_metric_alarm(AlarmName=name, **alarm)

    def put(value: float) -> str:
        datum = {"MetricName": alarm["MetricName"], "Dimensions": alarm["Dimensions"]}
        operators.cloudwatch.put_metric_data(
            Namespace=alarm["Namespace"], MetricData=[datum | {"Value": value}]
        )
        [found] = operators.cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
        return str(found["StateValue"])

    try:
        if below:  # its sum is 0 only before any sweep
            assert put(bad) == "ALARM"
            [told] = eventually(operators.told)
            assert put(good) == "OK"
        else:
            assert put(good) == "OK"
            assert operators.told() == []
            assert put(bad) == "ALARM"
            [told] = eventually(operators.told)
    finally:
        operators.cloudwatch.delete_alarms(AlarmNames=[name])
    assert (told["AlarmName"], told["NewStateValue"]) == (name, "ALARM")
    assert told["AlarmDescription"] == alarm["AlarmDescription"]
