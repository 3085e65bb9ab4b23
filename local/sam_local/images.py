"""The images that functions run in: AWS's, or a stand-in where they cannot be pulled."""

import platform
from pathlib import Path
from tempfile import TemporaryDirectory

from local.aws import ARCHITECTURE, BUILT
from local.folder import ROOT
from local.sam_local import stand_in
from local.sam_local.engine import Engine
from local.services import StackError
from local.stack import Report

PULL_SECONDS = 900
BUILD_SECONDS = 300
LABEL = "filtermend.sam-local"
DEPENDENCIES = "DependenciesLayer"
"""The layer of third-party packages: large, and the same for months."""


def image(engine: Engine, runtime: str, report: Report) -> str:
    """The image that functions of a runtime are invoked in.

    With the dependencies where functions have layers: SAM makes the image of a function with
    layers anew for each invocation, and that takes seconds for a layer of a hundred megabytes.

    Raises:
        StackError: it is not here, cannot be pulled, and there is no stand-in on this machine.
    """
    name = _base(engine, runtime, report)
    if not runtime.startswith("python"):
        return name
    whole = f"filtermend/{runtime}:with-dependencies"
    with TemporaryDirectory() as scratch:
        steps = Path(scratch) / "Dockerfile"
        steps.write_text(f"FROM {name}\nLABEL {LABEL}={runtime}\nCOPY . /opt/\n")
        layer = str(ROOT / BUILT / "build" / DEPENDENCIES)
        engine.docker(
            "build", "--quiet", "--tag", whole, "--file", str(steps), layer, seconds=BUILD_SECONDS
        )
    return whole


def prune(engine: Engine) -> None:
    """Remove what was made here before and has lost its name, SAM's images on top of it too."""
    engine.docker("image", "prune", "--force", "--filter", f"label={LABEL}")


def _base(engine: Engine, runtime: str, report: Report) -> str:
    """The image of a runtime: the one that is here, else pulled, else a stand-in.

    Raises:
        StackError: it is not here, cannot be pulled, and there is no stand-in on this machine.
    """
    name = aws_name(runtime)
    if _here(engine, name):
        return name
    try:
        engine.docker("pull", "--quiet", name, seconds=PULL_SECONDS)
    except StackError as error:
        if platform.system() != "Linux":
            raise
        report(f"{name} cannot be pulled ({error})")
        report(f"{runtime}: a STAND-IN made of this machine's parts takes its place")
        return _stand_in(engine, runtime)
    return name


def aws_name(runtime: str) -> str:
    """The name that SAM gives the image: `python3.13` is `…/python:3.13-x86_64`."""
    if runtime.startswith("provided."):
        return f"public.ecr.aws/lambda/{runtime.replace('.', ':')}-{ARCHITECTURE}"
    language = runtime.rstrip("0123456789.")
    return f"public.ecr.aws/lambda/{language}:{runtime.removeprefix(language)}-{ARCHITECTURE}"


def _stand_in(engine: Engine, runtime: str) -> str:
    """Make it anew: it is of this machine's Python, which changes."""
    name = f"filtermend/{runtime}:stand-in"
    settings = [f"ENV {key}={value}" for key, value in stand_in.ENVIRONMENT.items()]
    changes = [
        word
        for setting in [*settings, "WORKDIR /var/task", f"LABEL {LABEL}={runtime}"]
        for word in ("--change", setting)
    ]
    with TemporaryDirectory() as scratch:
        archive = Path(scratch) / "root.tar"
        stand_in.write(runtime, archive)
        engine.docker("import", *changes, str(archive), name, seconds=BUILD_SECONDS)
    return name


def _here(engine: Engine, name: str) -> bool:
    return bool(engine.docker("images", "--quiet", name).strip())
