"""What is built is what is deployed: one architecture per environment, in folders of its own."""

import os
import subprocess
from pathlib import Path

import pytest

from local import aws
from local.architecture import architecture
from local.deploy.__main__ import sam_deploy
from local.deploy.environment import Environment
from local.folder import ROOT
from local.services import StackError

CONFIG = """
[staging.deploy.parameters]
parameter_overrides = "Architecture=x86_64 LogLevel=DEBUG"
[guided.deploy.parameters]
parameter_overrides = "GeminiModel=\\"gemini-3.8-flash\\" Architecture=\\"arm64\\""
[list.deploy.parameters]
parameter_overrides = ["LogLevel=DEBUG", "Architecture=arm64"]
[silent.deploy.parameters]
capabilities = "CAPABILITY_IAM"
[wrong.deploy.parameters]
parameter_overrides = "Architecture=arm64e"
"""


@pytest.mark.parametrize(
    ("environment", "expected"), [("staging", "x86_64"), ("guided", "arm64"), ("list", "arm64")]
)
def test_an_environment_s_architecture_is_its_deploy_s(environment: str, expected: str) -> None:
    assert architecture(environment, CONFIG) == expected


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ("nowhere", "no environment nowhere"),
        ("silent", "silent needs Architecture"),
        ("wrong", "wrong needs Architecture"),
    ],
)
def test_an_environment_without_one_is_refused(environment: str, reason: str) -> None:
    with pytest.raises(StackError, match=reason):
        architecture(environment, CONFIG)


@pytest.mark.parametrize("environment", ["staging", "prod", "default"])
def test_build_and_deploy_take_the_same_folders(environment: str) -> None:
    arch = architecture(environment, (ROOT / "samconfig.toml").read_text())
    said = dry_run("deploy", f"ENV={environment}")
    assert f"LAMBDA_ARCH={arch} " in said
    assert f"--build-dir .aws-sam/{arch}/build --cache-dir .aws-sam/{arch}/cache" in said
    assert f"--parameter-overrides Architecture={arch}" in said
    command = sam_deploy(Environment.read(environment), {})
    assert f".aws-sam/{arch}/build/template.yaml" in command


def test_a_caller_s_own_architecture_is_built_and_deployed() -> None:
    parameters = "Architecture=x86_64 Dispatch=none"
    assert "LAMBDA_ARCH=x86_64 " in dry_run("deploy", "ENV=staging", f"PARAMETERS={parameters}")
    environment = Environment.read("staging", parameters)
    command = sam_deploy(environment, {"PARAMETERS": parameters})
    assert ".aws-sam/x86_64/build/template.yaml" in command
    assert command[-1].startswith(environment.parameters)
    assert command[-1].endswith(f" {parameters}")


def test_an_unknown_environment_builds_nothing() -> None:
    with pytest.raises(subprocess.CalledProcessError) as failed:
        dry_run("build", "ENV=nowhere")
    assert "no environment nowhere" in failed.value.stderr


def test_the_local_stack_s_build_takes_its_architecture_s_folders(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    called: list[list[str]] = []
    monkeypatch.setattr(aws, "_sam", lambda arguments, env: called.append(arguments))
    aws.build()
    assert f".aws-sam/{aws.ARCHITECTURE}/build" in called[0]
    assert f".aws-sam/{aws.ARCHITECTURE}/cache" in called[0]


def dry_run(*arguments: str) -> str:
    """What make would do; its set-up is taken as done."""
    environment = {n: v for n, v in os.environ.items() if n not in ("MAKEFLAGS", "ENV")}
    done = subprocess.run(
        ["make", "-n", "-o", "setup", *arguments],
        cwd=Path(ROOT),
        env=environment,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout.replace("\\\n", "").replace("\t", "")
