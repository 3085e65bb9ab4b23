"""An environment of samconfig.toml: which stack it is, where, and with which parameters."""

import tomllib
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError

from local.architecture import architecture
from local.deploy import CannotDeploy
from local.folder import ROOT
from local.services import StackError

CONFIG = ROOT / "samconfig.toml"


@dataclass(frozen=True)
class Environment:
    """What `sam deploy` gets for an environment.

    Attributes:
        name: as in samconfig.toml, such as `staging`.
        stack: the stack's name.
        architecture: what was built and is deployed, arm64 or x86_64.
        parameters: template parameters of samconfig.toml, as SAM takes them.
        region: None for that of the caller's own settings.
        profile: the same.
    """

    name: str
    stack: str
    architecture: str
    parameters: str = ""
    region: str | None = None
    profile: str | None = None

    @classmethod
    def read(cls, name: str, more: str = "", config: str | None = None) -> "Environment":
        """The environment of samconfig.toml (or of the text `config`).

        `more` are parameters that come before those of the file.

        Raises:
            CannotDeploy: there is no such environment, or it is not complete.
        """
        text = CONFIG.read_text("utf-8") if config is None else config
        try:
            chosen = architecture(name, text, more)
        except StackError as error:
            raise CannotDeploy(str(error)) from None
        given = _parameters(tomllib.loads(text)[name])
        if not given.get("stack_name"):
            raise CannotDeploy(f"samconfig.toml: {name} needs a stack_name")
        overrides = given.get("parameter_overrides") or ""
        return cls(
            name=name,
            stack=given["stack_name"],
            architecture=chosen,
            parameters=overrides if isinstance(overrides, str) else " ".join(overrides),
            region=given.get("region"),
            profile=given.get("profile"),
        )

    def session(self) -> boto3.Session:
        """A session with the caller's credentials, in this environment's region.

        Raises:
            CannotDeploy: no region is named anywhere, or the profile is not there.
        """
        try:
            session = boto3.Session(region_name=self.region, profile_name=self.profile)
        except BotoCoreError as error:
            raise CannotDeploy(f"samconfig.toml, {self.name}: {error}") from None
        if session.region_name is None:
            raise CannotDeploy(
                'in which region? Set AWS_DEFAULT_REGION, or write region = "…" under '
                f"[{self.name}.deploy.parameters] in samconfig.toml"
            )
        return session


def _parameters(environment: dict[str, Any]) -> dict[str, Any]:
    """Of `sam deploy`: what holds for every command, and before it what is its own."""
    shared: dict[str, Any] = environment.get("global", {}).get("parameters", {})
    own: dict[str, Any] = environment.get("deploy", {}).get("parameters", {})
    return shared | own
