"""What the doctor function finds, from where the functions are."""

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import ValidationError

from filtermend.checkup.finding import Checkup, Finding, Seen, broken, unknown
from filtermend.models import Value
from local.operate.doctor.stack import Stack

DEPLOY = "deploy this release: make deploy ENV=…"


class _Failure(Value):
    """How Lambda tells of a function that failed."""

    errorType: str = ""  # noqa: N815  Lambda's names
    errorMessage: str = ""  # noqa: N815


def from_inside(stack: Stack) -> list[Finding]:
    """Its findings; a single one where it can give none."""
    found = _ask(stack)
    if isinstance(found, Seen):
        return [Finding(check="doctor function", **found.model_dump())]
    return found


def _ask(stack: Stack) -> list[Finding] | Seen:
    name = stack.outputs.get("DoctorFunctionName")
    if not name:
        return broken("there is none: the stack is of a former release", DEPLOY)
    try:
        answer = stack.doctor.invoke(FunctionName=name, Payload=b"{}")
        text = answer["Payload"].read()
    except ClientError as error:
        code = error.response["Error"].get("Code")
        return unknown(f"it cannot be invoked: {code}", f"you need lambda:InvokeFunction on {name}")
    except BotoCoreError as error:
        return unknown(f"it gives no answer: {type(error).__name__}")
    return _failed(text) if "FunctionError" in answer else _read(text)


def _read(text: bytes) -> list[Finding] | Seen:
    try:
        return Checkup.model_validate_json(text).findings
    except ValidationError:
        return broken("its answer cannot be read: it is of another release", DEPLOY)


def _failed(text: bytes) -> Seen:
    """Its own error: the first sentence of a missing setting, else its kind alone."""
    try:
        failure = _Failure.model_validate_json(text)
    except ValidationError:
        failure = _Failure()
    kind = failure.errorType or "without a word"
    told = f": {failure.errorMessage}" if kind == "SettingMissing" else ""
    return broken(
        f"it fails, {kind}{told}",
        "its log says why: aws logs tail /filtermend/<stack>; a variable that is missing comes "
        "with a deploy",
    )
