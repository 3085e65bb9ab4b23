"""What the doctor says of snapshots in states that only AWS puts a function into."""

import boto3
import pytest
from botocore.stub import Stubber

from filtermend.checkup.finding import Verdict
from local.operate.doctor.outside import SNAPSHOTS, look_at_snapshots
from local.operate.doctor.stack import Stack

RESOURCES = {
    f"{name}{kind}": f"{name}-{kind}" for name in SNAPSHOTS for kind in ("Alias", "Function")
}


@pytest.mark.parametrize(
    ("state", "optimization", "verdict", "seen"),
    [
        ("Active", "On", Verdict.OK, "of the last deploy"),
        ("Active", "Off", Verdict.BROKEN, "not taken: regenerate, validate, propose"),
        ("Inactive", "On", Verdict.BROKEN, "nobody used them for two weeks: regenerate, validate"),
    ],
)
def test_snapshots_as_aws_says_they_are(
    state: str, optimization: str, verdict: Verdict, seen: str
) -> None:
    client = boto3.client(
        "lambda", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    stack = Stack(
        name="s",
        local=False,
        status="",
        outputs={},
        resources=RESOURCES,
        alarms=[],
        clients={"lambda": client},
        doctor=None,
    )
    with Stubber(client) as stub:
        for name in SNAPSHOTS:
            served = {"State": state, "SnapStart": {"OptimizationStatus": optimization}}
            asked = {"FunctionName": f"{name}-Alias"}
            stub.add_response("get_function_configuration", served, asked)
            asked = {"FunctionName": f"{name}-Function"}
            stub.add_response("get_function_configuration", {"State": "Active"}, asked)
        found = look_at_snapshots(stack)
    assert found.verdict is verdict
    assert seen in found.seen
