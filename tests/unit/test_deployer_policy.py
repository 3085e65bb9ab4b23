"""docs/deployer-policy.json covers every kind of resource that the template has."""

import json
import re
from typing import Any

from local.folder import ROOT
from local.template import translated
from tests.unit.cloudformation import as_list

POLICY: dict[str, Any] = json.loads((ROOT / "docs/deployer-policy.json").read_text("utf-8"))
STATEMENTS: list[dict[str, Any]] = POLICY["Statement"]
INLINE_LIMIT = 10_240
"""Characters of a role's inline policies; a managed policy may have 6,144."""
NEEDED = {  # to create, change and delete one
    "AWS::CloudWatch::Alarm": "cloudwatch:PutMetricAlarm cloudwatch:DeleteAlarms cloudwatch:DescribeAlarms",
    "AWS::CloudWatch::Dashboard": "cloudwatch:PutDashboard cloudwatch:GetDashboard cloudwatch:DeleteDashboards",
    "AWS::Events::EventBus": "events:CreateEventBus events:DescribeEventBus events:DeleteEventBus",
    "AWS::Events::Rule": "events:PutRule events:PutTargets events:RemoveTargets events:DeleteRule events:DescribeRule",
    "AWS::IAM::ManagedPolicy": "iam:CreatePolicy iam:CreatePolicyVersion iam:DeletePolicyVersion "
    "iam:ListPolicyVersions iam:DeletePolicy iam:GetPolicy",
    "AWS::IAM::Policy": "iam:PutRolePolicy iam:GetRolePolicy iam:DeleteRolePolicy",
    "AWS::IAM::Role": "iam:CreateRole iam:GetRole iam:UpdateRole iam:UpdateAssumeRolePolicy iam:AttachRolePolicy "
    "iam:DetachRolePolicy iam:PutRolePolicy iam:DeleteRolePolicy iam:DeleteRole iam:TagRole iam:PassRole",
    "AWS::KMS::Key": "kms:CreateKey kms:DescribeKey kms:PutKeyPolicy kms:EnableKeyRotation "
    "kms:UpdateKeyDescription kms:ScheduleKeyDeletion kms:TagResource",
    "AWS::Lambda::Alias": "lambda:CreateAlias lambda:UpdateAlias lambda:DeleteAlias",
    "AWS::Lambda::EventInvokeConfig": "lambda:PutFunctionEventInvokeConfig "
    "lambda:UpdateFunctionEventInvokeConfig lambda:DeleteFunctionEventInvokeConfig",
    "AWS::Lambda::EventSourceMapping": "lambda:CreateEventSourceMapping lambda:GetEventSourceMapping "
    "lambda:UpdateEventSourceMapping lambda:DeleteEventSourceMapping",
    "AWS::Lambda::Function": "lambda:CreateFunction lambda:UpdateFunctionCode lambda:UpdateFunctionConfiguration "
    "lambda:PutFunctionConcurrency lambda:DeleteFunctionConcurrency lambda:DeleteFunction lambda:TagResource "
    "ec2:DescribeSubnets ec2:DescribeSecurityGroups ec2:DescribeVpcs s3:GetObject",
    "AWS::Lambda::LayerVersion": "lambda:PublishLayerVersion lambda:DeleteLayerVersion",
    "AWS::Lambda::Permission": "lambda:AddPermission lambda:RemovePermission",
    "AWS::Lambda::Url": "lambda:CreateFunctionUrlConfig lambda:UpdateFunctionUrlConfig lambda:DeleteFunctionUrlConfig",
    "AWS::Lambda::Version": "lambda:PublishVersion lambda:DeleteFunction",
    "AWS::Logs::LogGroup": "logs:CreateLogGroup logs:PutRetentionPolicy logs:AssociateKmsKey logs:DeleteLogGroup "
    "logs:DescribeLogGroups logs:TagResource",
    "AWS::SNS::Topic": "sns:CreateTopic sns:SetTopicAttributes sns:GetTopicAttributes sns:DeleteTopic sns:TagResource",
    "AWS::SNS::TopicPolicy": "sns:SetTopicAttributes",
    "AWS::SQS::Queue": "sqs:CreateQueue sqs:SetQueueAttributes sqs:GetQueueAttributes sqs:DeleteQueue sqs:TagQueue",
    "AWS::SQS::QueuePolicy": "sqs:SetQueueAttributes",
    "AWS::SSM::Parameter": "ssm:PutParameter ssm:GetParameters ssm:DeleteParameter ssm:AddTagsToResource",
    "AWS::SecretsManager::Secret": "secretsmanager:CreateSecret secretsmanager:UpdateSecret "
    "secretsmanager:DeleteSecret secretsmanager:GetRandomPassword secretsmanager:TagResource",
    "AWS::StepFunctions::StateMachine": "states:CreateStateMachine states:UpdateStateMachine "
    "states:DescribeStateMachine states:DeleteStateMachine states:TagResource",
}
COMMANDS = {  # of sam deploy, make secret and make migrate
    *("cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"),
    "cloudformation:ListChangeSets",
    *("cloudformation:DescribeStacks", "cloudformation:DescribeStackEvents", "s3:PutObject"),
    *("secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue", "lambda:InvokeFunction"),
}


def allowed() -> set[str]:
    return {action for statement in STATEMENTS for action in as_list(statement["Action"])}


def test_every_kind_of_resource_can_be_made_changed_and_deleted() -> None:
    kinds = {resource["Type"] for resource in translated()["Resources"].values()}
    assert kinds == NEEDED.keys(), "docs/deployer-policy.json, and this test, have to follow"
    wanted = COMMANDS | {action for actions in NEEDED.values() for action in actions.split()}
    assert wanted - allowed() == set()


def test_no_service_is_allowed_that_the_template_does_not_use() -> None:
    used = {a.partition(":")[0] for actions in NEEDED.values() for a in actions.split()}
    assert {a.partition(":")[0] for a in allowed()} == used | {"cloudformation"}


def test_only_reading_is_allowed_on_everything() -> None:
    for statement in STATEMENTS:
        if statement["Resource"] != "*" or "Condition" in statement:
            continue
        verbs = {action.partition(":")[2] for action in as_list(statement["Action"])}
        assert all(re.match("Describe|Get|List|Validate", verb) for verb in verbs), statement["Sid"]


def test_whatever_has_a_name_is_limited_to_the_stack_s() -> None:
    by_cloudformation = {
        "ForAnyValue:StringEquals": {"aws:CalledVia": "cloudformation.amazonaws.com"}
    }
    elsewhere = {
        "aws-sam-cli-managed-default",
        "transform/",
        "secret:Secret-",
        "layer:",
        "stateMachine:",
    }
    for statement in STATEMENTS:
        for resource in as_list(statement["Resource"]):
            if resource != "*" and "STACK*" not in resource:
                assert any(name in resource for name in elsewhere), resource
            if resource.endswith("stateMachine:*"):
                assert statement["Condition"] == by_cloudformation


def test_it_fits_into_a_role() -> None:
    assert len(re.sub(r"\s", "", json.dumps(POLICY))) < INLINE_LIMIT
    assert len({statement["Sid"] for statement in STATEMENTS}) == len(STATEMENTS)
