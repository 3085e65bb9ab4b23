"""Parameters that cannot work are refused before anything is deployed, with what to do."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from integration.core.local_aws import local_aws

from local import aws
from tests.unit.cloudformation import TEMPLATE

ALONE = {
    **{name: TEMPLATE[name] for name in ("AWSTemplateFormatVersion", "Parameters", "Rules")},
    "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
}
"""The template's parameters and rules, with next to nothing to deploy."""


@pytest.fixture(scope="module")
def cloudformation() -> Iterator[Any]:
    with local_aws() as url:
        yield aws.client("cloudformation", url)


def deploy(cloudformation: Any, given: dict[str, str]) -> None:
    parameters = [{"ParameterKey": name, "ParameterValue": v} for name, v in given.items()]
    stack = {"StackName": "parameters", "TemplateBody": json.dumps(ALONE)}
    cloudformation.create_stack(**stack, Parameters=parameters)
    cloudformation.get_waiter("stack_create_complete").wait(
        StackName="parameters", WaiterConfig={"Delay": 1}
    )
    cloudformation.delete_stack(StackName="parameters")
    cloudformation.get_waiter("stack_delete_complete").wait(
        StackName="parameters", WaiterConfig={"Delay": 1}
    )


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"GeminiApi": "vertex"}, "vertex and firebase need GeminiProject"),
        ({"SubnetIds": "subnet-0a1b2c3d"}, "SubnetIds need SecurityGroupIds"),
        ({"SecurityGroupIds": "sg-0a1b2c3d"}, "SecurityGroupIds need SubnetIds"),
        ({"GeminiTemperature": "0,3"}, "GeminiTemperature"),
        ({"GoBackendUrl": "screener.example.com"}, "GoBackendUrl"),
        ({"SecretArn": "filtermend"}, "SecretArn"),
        ({"ErrorStreamArn": "errors"}, "ErrorStreamArn"),
        ({"BackoffSeconds": "60,300,1800"}, "BackoffSeconds"),
    ],
)
def test_it_is_refused(cloudformation: Any, given: dict[str, str], why: str) -> None:
    with pytest.raises(ClientError, match=why):
        deploy(cloudformation, given)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"GeminiApi": "vertex", "GeminiProject": "trading"},
        {"SubnetIds": "subnet-0a1b2c3d,subnet-1a2b3c4d", "SecurityGroupIds": "sg-0a1b2c3d"},
        {
            "GoBackendUrl": "https://screener.example.com",
            "SecretArn": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:own-AbCdEf",
            "ErrorStreamArn": "arn:aws-cn:kinesis:cn-north-1:123456789012:stream/errors",
        },
    ],
)
def test_it_is_taken(cloudformation: Any, given: dict[str, str]) -> None:
    deploy(cloudformation, given)
