"""The adapter to Step Functions: one execution per run, named `{error_id}-{run}`."""

from typing import TYPE_CHECKING
from uuid import UUID

from filtermend import aws
from filtermend.models import Step

if TYPE_CHECKING:
    from types_boto3_stepfunctions import SFNClient


def _client() -> "SFNClient":
    client: SFNClient = aws.client("stepfunctions")
    return client


def name_of(error_id: UUID, run: int) -> str:
    """The execution's name."""
    return f"{error_id}-{run}"


def arn_of(state_machine_arn: str, error_id: UUID, run: int) -> str:
    """The execution's ARN, known before it is started."""
    return f"{state_machine_arn.replace(':stateMachine:', ':execution:')}:{name_of(error_id, run)}"


def start(state_machine_arn: str, error_id: UUID, trader_id: UUID, run: int) -> bool:
    """Start the run's execution; False when its name is taken.

    On AWS only a closed execution takes the name: starting a living one again succeeds and does
    nothing. The local AWS refuses that too, so look with `is_open` after a False.
    """
    step = Step(error_id=error_id, trader_id=trader_id, run=run)
    client = _client()
    try:
        client.start_execution(
            stateMachineArn=state_machine_arn,
            name=name_of(error_id, run),
            input=step.model_dump_json(include={"error_id", "trader_id", "run"}),
        )
    except client.exceptions.ExecutionAlreadyExists:
        return False
    return True


def is_open(state_machine_arn: str, error_id: UUID, run: int) -> bool | None:
    """True while the run's execution is running, False when it is closed, None: never started."""
    client = _client()
    try:
        found = client.describe_execution(executionArn=arn_of(state_machine_arn, error_id, run))
    except client.exceptions.ExecutionDoesNotExist:
        return None
    return found["status"] in ("RUNNING", "PENDING_REDRIVE")


def error_of(name: str) -> UUID | None:
    """The error's id in an execution's name, or None for a name that is not one of ours."""
    try:
        return UUID(name[:36])
    except ValueError:
        return None
