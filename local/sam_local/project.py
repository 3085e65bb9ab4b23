"""What `sam local` is given: the built template, its variables and its options, as files.

The variables are those of the running stack's functions. SAM passes on a variable only where the
template declares it, so the template written here declares the same ones, and the one more that
leads to the local AWS. Function URLs, which `sam local start-api` does not know, become routes
of an HTTP API, whose events have the same form.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from local import aws
from local.aws import ARCHITECTURE, BUILT, STACK
from local.folder import ROOT, Folder, write_private
from local.sam_local.events import Event
from local.sam_local.images import DEPENDENCIES
from local.sam_local.reach import Routes
from local.services import StackError

NO_VALUE = {"Ref": "AWS::NoValue"}
COMMANDS = ("local_invoke", "local_start_lambda", "local_start_api")


@dataclass(frozen=True)
class Project:
    """The files of one folder."""

    folder: Folder

    @property
    def template(self) -> Path:
        """The built template with declared variables and routes."""
        return self.folder.path / "template.yaml"

    @property
    def variables(self) -> Path:
        """The functions' variables, as `--env-vars` takes them."""
        return self.folder.path / "env.json"

    @property
    def options(self) -> Path:
        """A configuration file with the options of each command."""
        return self.folder.path / "samconfig.yaml"

    def write(
        self,
        variables: dict[str, dict[str, str]],
        images: dict[str, str],
        host: str,
        events: list[Event],
    ) -> None:
        """Write all three.

        Args:
            variables: by the logical id of each function.
            images: by the logical id of each function.
            host: this machine's address for a container.
            events: the files whose HTTP calls become routes.
        """
        template = built()
        template["Parameters"]["Architecture"]["Default"] = ARCHITECTURE
        layers = template["Globals"]["Function"].pop("Layers")
        layers.remove({"Ref": DEPENDENCIES})  # it is in the image
        for name, function in functions(template).items():
            _prepare(
                function, layers, variables.get(name, {}), [e for e in events if e.function == name]
            )
        write_private(self.template, yaml.safe_dump(template, sort_keys=False))
        write_private(self.variables, json.dumps(variables, indent=2))
        write_private(self.options, yaml.safe_dump(self._options(images, host)))

    def _options(self, images: dict[str, str], host: str) -> dict[str, Any]:
        shared = {
            "template_file": str(self.template),
            "env_vars": str(self.variables),
            "skip_pull_image": True,
            "invoke_image": [f"{name}={image}" for name, image in images.items()],
            "add_host": [host],
            "layer_cache_basedir": str(self.folder.path / "layers"),
        }
        warm = {"warm_containers": "LAZY"}
        given = {
            name: {"parameters": shared | ({} if "invoke" in name else warm)} for name in COMMANDS
        }
        return {"version": 0.1, "default": given}


def built() -> dict[str, Any]:
    """The template as `sam build` wrote it, with absolute paths."""
    folder = ROOT / BUILT / "build"
    template: dict[str, Any] = yaml.safe_load((folder / "template.yaml").read_text("utf-8"))
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        for key in {"CodeUri", "ContentUri"} & properties.keys():
            properties[key] = str(folder / properties[key])
    return template


def functions(template: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The properties of each function of a template, by logical id."""
    return {
        name: resource["Properties"]
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    }


def runtime(template: dict[str, Any], function: dict[str, Any]) -> str:
    """A function's runtime, its own or that of the Globals."""
    return str(function.get("Runtime") or template["Globals"]["Function"]["Runtime"])


def stack_variables(url: str, routes: Routes, secret: str) -> dict[str, dict[str, str]]:
    """The variables of the deployed functions, with addresses that a container reaches.

    Raises:
        StackError: the stack is not deployed there.
    """
    client = aws.client("lambda", url)
    found = aws.client("cloudformation", url).describe_stack_resources(StackName=STACK)
    variables = {}
    for resource in found["StackResources"]:
        if resource["ResourceType"] == "AWS::Lambda::Function":
            name = resource["PhysicalResourceId"]
            deployed = client.get_function_configuration(FunctionName=name)
            given = deployed.get("Environment", {}).get("Variables", {})
            rewritten = {key: routes.text(value) for key, value in given.items()}
            more = {"SECRET_ID": secret, "AWS_ENDPOINT_URL": routes.text(url)}
            variables[resource["LogicalResourceId"]] = rewritten | more
    if not variables:
        raise StackError(f"{STACK} has no functions: `make down`, then again")
    return variables


def _prepare(
    function: dict[str, Any], layers: list[Any], variables: dict[str, str], events: list[Event]
) -> None:
    """Change a function's properties for `sam local`, which does not know AWS::NoValue."""
    wanted = function.get("Layers") != NO_VALUE
    for key in [key for key, value in function.items() if value == NO_VALUE]:
        del function[key]
    if wanted:
        function["Layers"] = layers
    if variables:
        function["Environment"] = {"Variables": dict.fromkeys(variables, "")}
    calls = {event.call for event in events if event.call}
    function["Events"] = {
        f"Call{number}": {"Type": "HttpApi", "Properties": {"Method": method, "Path": path}}
        for number, (method, path) in enumerate(sorted(calls))
    }
