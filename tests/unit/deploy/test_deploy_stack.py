"""Which stacks can be deployed to, and what is said of AWS's refusals."""

import pytest
from botocore.exceptions import ClientError, NoCredentialsError

from local.deploy import CannotDeploy
from local.deploy.migration import dispatch
from local.deploy.stack import Stack, asking, obstacle

OUTPUTS = {
    "TriggerFunctionArn": "arn:aws:lambda:eu-west-1:1:function:shop-TriggerFunction",
    "WebhookUrl": "https://example.lambda-url.eu-west-1.on.aws/",
}


@pytest.mark.parametrize(
    "status",
    ["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "REVIEW_IN_PROGRESS"],
)
def test_a_deploy_can_begin(status: str) -> None:
    assert obstacle(None) is None
    assert obstacle(Stack("shop", status)) is None


@pytest.mark.parametrize(
    ("status", "mend"),
    [
        ("ROLLBACK_COMPLETE", "delete-stack --stack-name shop"),
        ("CREATE_FAILED", "delete-stack --stack-name shop"),
        ("DELETE_FAILED", "delete-stack --stack-name shop"),
        ("UPDATE_ROLLBACK_FAILED", "continue-update-rollback --stack-name shop"),
        ("UPDATE_IN_PROGRESS", "another deploy is on. Wait"),
        ("ROLLBACK_IN_PROGRESS", "another deploy is on. Wait"),
    ],
)
def test_an_obstacle_comes_with_its_mend(status: str, mend: str) -> None:
    said = obstacle(Stack("shop", status))
    assert said is not None
    assert status in said
    assert mend in said


def test_the_database_reaches_the_stack_by_its_own_outputs() -> None:
    def chosen(method: str) -> dict[str, str]:
        return dispatch(Stack("shop", "CREATE_COMPLETE", OUTPUTS | {"Dispatch": method}))

    arn = OUTPUTS["TriggerFunctionArn"]
    assert chosen("aws_lambda") == {"method": "aws_lambda", "target": arn, "region": "eu-west-1"}
    assert chosen("pg_net") == {"method": "pg_net", "target": OUTPUTS["WebhookUrl"]}
    assert chosen("none") == {"method": "none"}
    with pytest.raises(CannotDeploy, match=r"no output Dispatch.*deploy this one first"):
        dispatch(Stack("shop", "CREATE_COMPLETE", OUTPUTS))


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("AccessDeniedException", "may not do it: secret message. docs/deployer-policy.json"),
        ("ExpiredToken", "expired; sign in again"),
        ("InvalidClientTokenId", "AWS does not know these credentials"),
        ("Throttling", "cannot do it: Throttling, secret message"),
    ],
)
def test_a_refusal_says_what_to_do(code: str, said: str) -> None:
    error = {"Error": {"Code": code, "Message": "secret message"}}
    with pytest.raises(CannotDeploy, match=said), asking("do it"):
        raise ClientError(error, "Operation")  # type: ignore[arg-type]


def test_without_credentials_it_says_how_to_get_some() -> None:
    with pytest.raises(CannotDeploy, match="AWS_PROFILE"), asking("do it"):
        raise NoCredentialsError
