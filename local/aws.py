"""The local AWS: ministack in an environment of its own, and the real SAM CLI against it."""

import json
import os
import platform
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, Literal

import boto3
import httpx
from botocore.config import Config

from local.folder import ROOT, TOOLS, Folder
from local.services import StackError, State, clean_environment, free_port, start, wait_until

STACK = "filtermend-local"
STREAM = "filtermend-errors"
REGION = "us-east-1"
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_DEFAULT_REGION": REGION,
}
AWS_READY_SECONDS = 30
ServiceName = Literal[
    "cloudformation",
    "cloudwatch",
    "events",
    "kinesis",
    "lambda",
    "logs",
    "secretsmanager",
    "sns",
    "sqs",
    "ssm",
    "stepfunctions",
]
_FUNCTION_URL = re.compile(r"https://(\w+)\.lambda-url\.")
ARCHITECTURE = "arm64" if platform.machine() in ("aarch64", "arm64") else "x86_64"
BUILT = f".aws-sam/{ARCHITECTURE}"
"""As in the Makefile: SAM's cache does not know for which architecture it built."""


def serve(folder: Folder, state: State, wait_scale: float) -> str:
    """Start ministack; `wait_scale` shortens the state machine's waits. Returns its address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    scratch = folder.path / "aws"
    shutil.rmtree(scratch, ignore_errors=True)  # layers, unpacked for each process it had
    scratch.mkdir(parents=True)
    service = start(
        folder,
        state,
        "aws",
        [str(TOOLS / "aws/bin/ministack")],
        CREDENTIALS
        | {
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "IOT_MTLS_ENABLED": "0",
            "LAMBDA_EXECUTOR": "local",
            "LAMBDA_WARM_TTL_SECONDS": "3600",
            "SFN_WAIT_SCALE": str(wait_scale),
            "TMPDIR": str(scratch),
        },
    )
    wait_until(folder, service, lambda: _answers(url), AWS_READY_SECONDS)
    return url


def build() -> None:
    """`sam build` for this machine's architecture; what did not change comes from its cache.

    Raises:
        StackError: with the end of SAM's output.
    """
    folders = ["--build-dir", f"{BUILT}/build", "--cache-dir", f"{BUILT}/cache"]
    parameters = ["--parameter-overrides", f"Architecture={ARCHITECTURE}"]
    _sam(["build", "--config-env", "local", *folders, *parameters], {})


def deploy(url: str, parameters: dict[str, str], stack: str = STACK) -> dict[str, str]:
    """`sam deploy` what was built, under a stack's name; returns the stack's outputs.

    Raises:
        StackError: with the end of SAM's output.
    """
    values = {"Architecture": ARCHITECTURE} | parameters
    overrides = " ".join(f'{name}="{value}"' for name, value in values.items())
    # SAM looks for samconfig.toml beside the template that it is given.
    built = ["--template-file", f"{BUILT}/build/template.yaml"]
    config = ["--config-file", str(ROOT / "samconfig.toml"), "--config-env", "local"]
    name = ["--stack-name", stack, "--s3-prefix", stack]  # no artifact is another stack's as well
    _sam(
        ["deploy", *built, *config, *name, "--parameter-overrides", overrides],
        CREDENTIALS | {"AWS_ENDPOINT_URL": url},
    )
    [deployed] = client("cloudformation", url).describe_stacks(StackName=stack)["Stacks"]
    return {o["OutputKey"]: _here(url, o["OutputValue"]) for o in deployed["Outputs"]}


def create_stream(url: str) -> str:
    """Create the Kinesis stream that change data capture would write to; returns its ARN."""
    kinesis = client("kinesis", url)
    kinesis.create_stream(StreamName=STREAM, ShardCount=1)
    arn: str = kinesis.describe_stream(StreamName=STREAM)["StreamDescription"]["StreamARN"]
    return arn


def put_secret(url: str, secret_id: str, values: dict[str, str]) -> None:
    """Fill in fields of the secret; the generated webhook token stays."""
    manager = client("secretsmanager", url)
    current = json.loads(manager.get_secret_value(SecretId=secret_id)["SecretString"])
    manager.put_secret_value(SecretId=secret_id, SecretString=json.dumps(current | values))


def invoke(url: str, function: str, payload: object) -> Any:
    """Invoke a function and return its answer.

    Raises:
        StackError: with the function's own error.
    """
    response = client("lambda", url).invoke(
        FunctionName=function, Payload=json.dumps(payload).encode()
    )
    answer = json.loads(response["Payload"].read() or b"null")
    if "FunctionError" in response:
        raise StackError(f"{function} failed: {answer.get('errorMessage', answer)}")
    return answer


def client(service: ServiceName, url: str) -> Any:
    """A boto3 client of the local AWS."""
    return boto3.client(
        service,
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id="local",
        aws_secret_access_key="local",  # noqa: S106
        config=Config(read_timeout=900, retries={"max_attempts": 0}),
    )


def set_wait_scale(url: str, scale: float) -> None:
    """Shorten (below 1) or restore (1) the waits of executions from now on."""
    setting = {"stepfunctions._SFN_WAIT_SCALE": scale}
    httpx.post(f"{url}/_ministack/config", json=setting).raise_for_status()


def _here(url: str, output: str) -> str:
    """A function URL as the local AWS serves it; other outputs are left as they are."""
    match = _FUNCTION_URL.match(output)
    return f"{url}/_aws/lambda-url/{match[1]}/" if match else output


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/_ministack/health", timeout=1).is_server_error is False
    except httpx.HTTPError:
        return False


def _sam(arguments: list[str], env: dict[str, str]) -> None:
    python = Path(os.path.realpath(ROOT / ".venv/bin/python3.13")).parent
    done = subprocess.run(
        [str(TOOLS / "sam/bin/sam"), *arguments],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        env=clean_environment()
        | {
            "PATH": f"{python}:{os.environ['PATH']}",
            "SAM_CLI_TELEMETRY": "0",
            "LAMBDA_ARCH": ARCHITECTURE,
            "AWS_DEFAULT_REGION": REGION,
        }
        | env,
    )
    if done.returncode != 0:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-25:])
        raise StackError(f"sam {arguments[0]} failed:\n{tail}")
