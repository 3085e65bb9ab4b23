"""template.yaml: what lies somewhere is encrypted and forgotten, and who may use the key."""

from typing import Any

import pytest

from local.template import translated
from tests.unit.cloudformation import RESOURCES, as_list, walk

TRANSLATED = translated()["Resources"]
KEY = RESOURCES["Key"]["Properties"]
KEY_ARN = {"Fn::GetAtt": "Key.Arn"}
USE = {"kms:Decrypt", "kms:GenerateDataKey"}
ACCOUNT = {"Ref": "AWS::AccountId"}
OUR_ALARMS = {
    "Fn::Sub": "arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}"
    ":alarm:${AWS::StackName}-*"
}


def of_type(kind: str) -> dict[str, dict[str, Any]]:
    return {n: r["Properties"] for n, r in RESOURCES.items() if r["Type"] == kind}


def statement(sid: str) -> dict[str, Any]:
    (found,) = [s for s in KEY["KeyPolicy"]["Statement"] if s["Sid"] == sid]
    return found


def test_the_key_rotates() -> None:
    assert KEY["EnableKeyRotation"] is True


@pytest.mark.parametrize("name", of_type("AWS::Logs::LogGroup"))
def test_a_log_group_has_our_key_and_forgets(name: str) -> None:
    assert RESOURCES[name]["Properties"]["KmsKeyId"] == KEY_ARN
    assert RESOURCES[name]["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"}


@pytest.mark.parametrize("name", of_type("AWS::SNS::Topic"))
def test_a_topic_has_our_key(name: str) -> None:
    assert RESOURCES[name]["Properties"]["KmsMasterKeyId"] == KEY_ARN


@pytest.mark.parametrize("name", of_type("AWS::SQS::Queue"))
def test_a_queue_is_encrypted_by_sqs(name: str) -> None:
    """With a key of ours, EventBridge and every sender would need permissions on it."""
    assert RESOURCES[name]["Properties"]["SqsManagedSseEnabled"] is True


def test_logs_may_use_the_key_for_our_log_groups_and_no_other() -> None:
    logs = statement("Logs")
    assert logs["Principal"] == {"Service": {"Fn::Sub": "logs.${AWS::Region}.amazonaws.com"}}
    assert logs["Condition"] == {
        "ArnEquals": {
            "kms:EncryptionContext:aws:logs:arn": [
                {
                    "Fn::Sub": "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}"
                    f":log-group:{group['LogGroupName']['Fn::Sub']}"
                }
                for group in of_type("AWS::Logs::LogGroup").values()
            ]
        }
    }


def test_our_alarms_may_publish_to_the_topic_and_use_its_key() -> None:
    """The key of SNS itself would not let them."""
    (topic,) = RESOURCES["AlarmTopicPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    key = statement("Alarms")
    assert (topic["Action"], topic["Resource"]) == ("sns:Publish", {"Ref": "AlarmTopic"})
    assert set(key["Action"]) == USE
    for allowed in (topic, key):
        assert allowed["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
        assert allowed["Condition"] == {
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
            "ArnLike": {"aws:SourceArn": OUR_ALARMS},
        }


def test_the_account_administers_the_key_and_uses_it_through_a_service_only() -> None:
    administration = set(statement("Administration")["Action"])
    assert {"kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"} <= administration
    assert not administration & (USE | {"kms:Encrypt", "kms:CreateGrant"})
    assert statement("Account")["Condition"]["StringEquals"].keys() == {"kms:ViaService"}


def test_a_function_that_publishes_may_use_the_topic_s_key() -> None:
    publishers = []
    for name, role in TRANSLATED.items():
        if role["Type"] != "AWS::IAM::Role":
            continue
        statements = [s for found in walk(role, "Statement") for s in as_list(found)]
        if any("sns:Publish" in as_list(s["Action"]) for s in statements):
            publishers.append(name)
            (key,) = [s for s in statements if s.get("Resource") == KEY_ARN]
            assert set(key["Action"]) == USE
    assert publishers == ["SweepFunctionRole"]
