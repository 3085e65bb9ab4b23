"""samconfig.toml: each environment's deployment is told apart from every other stack's."""

import tomllib
from typing import Any

import pytest

from local.folder import ROOT

CONFIG: dict[str, Any] = tomllib.loads((ROOT / "samconfig.toml").read_text("utf-8"))
DEPLOYED = sorted(CONFIG.keys() - {"version", "local"})


def test_these_are_deployed() -> None:
    assert {"staging", "prod"} <= set(DEPLOYED)


@pytest.mark.parametrize("environment", DEPLOYED)
def test_a_stack_s_artifacts_are_its_own(environment: str) -> None:
    """`sam delete` removes those below the prefix."""
    stack = CONFIG[environment]["global"]["parameters"]["stack_name"]
    assert CONFIG[environment]["deploy"]["parameters"]["s3_prefix"] == stack


@pytest.mark.parametrize("environment", DEPLOYED)
def test_a_stack_s_tags_say_whose_it_is(environment: str) -> None:
    """CloudFormation gives them to every resource that takes tags."""
    tags = dict(t.split("=") for t in CONFIG[environment]["deploy"]["parameters"]["tags"].split())
    assert tags["project"] == "filtermend"
    assert environment == "default" or tags["stage"] == environment


@pytest.mark.parametrize("environment", DEPLOYED)
def test_no_role_has_a_name_of_ours(environment: str) -> None:
    """A named one would need CAPABILITY_NAMED_IAM, and could not be there twice."""
    assert CONFIG[environment]["deploy"]["parameters"]["capabilities"] == "CAPABILITY_IAM"
