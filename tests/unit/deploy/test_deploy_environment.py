"""What `make deploy` takes from samconfig.toml, and what it says where something is missing."""

import re

import pytest

from local.deploy import CannotDeploy
from local.deploy.__main__ import sam_deploy
from local.deploy.environment import Environment

CONFIG = """
[staging.global.parameters]
stack_name = "shop-staging"
[staging.deploy.parameters]
parameter_overrides = "Architecture=arm64 LogLevel=DEBUG"
[guided.deploy.parameters]
stack_name = "shop"
region = "eu-central-1"
profile = "nobody-has-this-profile"
parameter_overrides = ["Architecture=x86_64", "Dispatch=pg_net"]
[nameless.deploy.parameters]
parameter_overrides = "Architecture=arm64"
"""


def test_what_holds_for_every_command_and_what_is_the_deploy_s_own() -> None:
    staging = Environment.read("staging", config=CONFIG)
    assert (staging.stack, staging.architecture, staging.region) == ("shop-staging", "arm64", None)
    guided = Environment.read("guided", config=CONFIG)
    assert (guided.stack, guided.region) == ("shop", "eu-central-1")
    assert guided.parameters == "Architecture=x86_64 Dispatch=pg_net"


@pytest.mark.parametrize(
    ("name", "reason"),
    [("nowhere", "no environment nowhere"), ("nameless", "nameless needs a stack_name")],
)
def test_an_environment_that_is_not_complete_is_refused(name: str, reason: str) -> None:
    with pytest.raises(CannotDeploy, match=reason):
        Environment.read(name, config=CONFIG)


def test_a_region_or_a_profile_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    with pytest.raises(CannotDeploy, match=r"in which region.*staging.deploy.parameters"):
        Environment.read("staging", config=CONFIG).session()
    with pytest.raises(CannotDeploy, match="nobody-has-this-profile"):
        Environment.read("guided", config=CONFIG).session()


def test_each_deploy_has_a_release_of_its_own_but_the_caller_s_comes_before_it() -> None:
    staging = Environment.read("staging", config=CONFIG)
    overrides = sam_deploy(staging, {})[-1]
    assert re.fullmatch(r"Architecture=arm64 LogLevel=DEBUG Release=\d{8}T\d{6}", overrides)
    named = sam_deploy(staging, {"PARAMETERS": "Release=v2 SnapStart=on"})[-1]
    assert named.endswith(" Release=v2 SnapStart=on")


def test_the_questions_of_a_guided_deploy_begin_with_the_file_s_parameters() -> None:
    assert "--guided" not in sam_deploy(Environment.read("staging", config=CONFIG), {})
    flags = {"DEPLOY_FLAGS": "--no-confirm-changeset --tags 'team=a b'"}
    command = sam_deploy(Environment.read("staging", config=CONFIG), flags, guided=True)
    offered = command[command.index("--parameter-overrides") + 1]
    assert re.fullmatch(r"Architecture=arm64 LogLevel=DEBUG Release=\d{8}T\d{6}", offered)
    assert command[-4:] == ["--guided", "--no-confirm-changeset", "--tags", "team=a b"]
