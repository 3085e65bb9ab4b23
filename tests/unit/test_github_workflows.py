""".github/workflows: what may deploy, with whose code, and never twice at once."""

import re
from typing import Any

import pytest
import yaml

from local.folder import ROOT

FILES = {path.stem: path for path in (ROOT / ".github/workflows").glob("*.yml")}
WORKFLOWS: dict[str, dict[str, Any]] = {n: yaml.safe_load(p.read_text()) for n, p in FILES.items()}
JOBS = {f"{n}/{job}": body for n, flow in WORKFLOWS.items() for job, body in flow["jobs"].items()}


def test_others_code_is_pinned_to_a_commit_with_its_version_beside_it() -> None:
    lines = [line for path in FILES.values() for line in path.read_text().splitlines()]
    used = [line for line in lines if "uses:" in line and "uses: ./" not in line]
    assert len(used) > 5
    for line in used:
        assert re.search(r"uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line), line


def test_only_the_deploy_gets_a_token_and_only_after_the_tests() -> None:
    assert {flow["permissions"]["contents"] for flow in WORKFLOWS.values()} == {"read"}
    assert all(flow["permissions"].keys() == {"contents"} for flow in WORKFLOWS.values())
    with_token = {name for name, job in JOBS.items() if "id-token" in job.get("permissions", {})}
    assert with_token == {"deploy/deploy"}
    deploy = JOBS["deploy/deploy"]
    assert deploy["needs"] == "test"
    assert JOBS["deploy/test"]["uses"] == "./.github/workflows/test.yml"
    steps = [str(step.get("run") or step["uses"]) for step in deploy["steps"]]
    credentials = next(i for i, step in enumerate(steps) if "configure-aws-credentials" in step)
    assert [s.partition(" ENV")[0] for s in steps[credentials - 1 :: 2]] == [
        "make build",
        "make deploy",
    ]


def test_two_deploys_of_an_environment_never_overlap() -> None:
    deploy = JOBS["deploy/deploy"]
    assert deploy["concurrency"]["cancel-in-progress"] is False
    assert deploy["concurrency"]["group"] == f"deploy-{deploy['environment']}"
    assert deploy["env"]["ENV"] == deploy["environment"]


@pytest.mark.parametrize("event", ["pull_request", "workflow_call"])
def test_a_pull_request_is_tested_and_never_deployed(event: str) -> None:
    assert event in WORKFLOWS["test"][True]  # YAML reads `on` as a truth
    assert event not in WORKFLOWS["deploy"][True]
