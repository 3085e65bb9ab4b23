"""`python -m local.architecture ENV`: what an environment of samconfig.toml is built for.

The one place that says so is the environment's own `parameter_overrides`, which `sam deploy`
reads too, and before it the caller's own PARAMETERS: what is built and what is deployed cannot
differ.
"""

import os
import re
import sys
import tomllib

from local.folder import ROOT
from local.services import StackError


def architecture(environment: str, config: str, more: str = "") -> str:
    """The parameter Architecture of `sam deploy` in that environment; one in `more` comes first.

    Raises:
        StackError: samconfig.toml has no such environment, or it names no architecture.
    """
    try:
        parameters = tomllib.loads(config)[environment]["deploy"]["parameters"]
    except KeyError:
        raise StackError(f"samconfig.toml has no environment {environment}") from None
    overrides = f"{parameters.get('parameter_overrides')} {more}"
    found: list[str] = re.findall(r'\bArchitecture="?(\w+)', overrides)
    if not found or found[-1] not in ("arm64", "x86_64"):
        raise StackError(f"samconfig.toml: {environment} needs Architecture=arm64 or x86_64")
    return found[-1]


def main() -> int:
    """Print it; returns the exit code."""
    try:
        config = (ROOT / "samconfig.toml").read_text()
        print(architecture(sys.argv[1], config, os.environ.get("PARAMETERS", "")))
    except StackError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
