"""`python -m local.deploy COMMAND ENV`: check, deploy, secret, migrate."""

import argparse
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from getpass import getpass

from local.deploy import CannotDeploy, migration, secret
from local.deploy.environment import CONFIG, Environment
from local.deploy.stack import NOT_BEGUN, Stack, describe, obstacle, unexecuted
from local.folder import ROOT, TOOLS

COMMANDS = ("check", "deploy", "secret", "migrate")


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns the exit code, 2 when it could not be done or is not finished."""
    parser = argparse.ArgumentParser(prog="local.deploy", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("environment")
    asked = parser.parse_args(arguments)
    try:
        environment = Environment.read(asked.environment, os.environ.get("PARAMETERS", ""))
        if asked.command == "check":
            _ready(environment)
        elif asked.command == "deploy":
            _deploy(environment, os.environ)
        elif asked.command == "secret":
            _secret(environment)
        else:
            _migrate(environment)
    except CannotDeploy as problem:
        print(f"{asked.command}: {problem}", file=sys.stderr)
        return 2
    except (KeyboardInterrupt, EOFError):
        return 130
    return 0


def _ready(environment: Environment) -> Stack | None:
    """The stack as it is before a deploy.

    Raises:
        CannotDeploy: it cannot be deployed to.
    """
    stack = describe(environment.session(), environment.stack)
    if problem := obstacle(stack):
        raise CannotDeploy(problem)
    return stack


def _deploy(environment: Environment, given: Mapping[str, str]) -> None:
    """`sam deploy`, then the migrations and the settings row."""
    stack = _ready(environment)
    first = stack is None or stack.status == NOT_BEGUN
    guided = first and sys.stdin.isatty() and not given.get("PARAMETERS")
    session = environment.session()
    before = unexecuted(session, stack)
    command = sam_deploy(environment, given, guided=guided)
    if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
        _ready(environment)  # a first deploy that failed has to be cleared away
        raise CannotDeploy(
            "sam deploy failed: what it says above is the cause. What ran before still runs; mend "
            f"it and run `make deploy ENV={environment.name}` again"
        )
    if unexecuted(session, stack) - before:
        raise CannotDeploy(
            "its change set was not confirmed: nothing was changed, and nothing was migrated"
        )
    chosen = Environment.read(environment.name, given.get("PARAMETERS", ""))  # guided wrote it
    if chosen.architecture != environment.architecture:
        raise CannotDeploy(
            f"what was deployed as {chosen.architecture} was built for {environment.architecture}: "
            f"run `make deploy ENV={environment.name}` again, it builds anew"
        )
    _migrate(chosen)


def sam_deploy(
    environment: Environment, given: Mapping[str, str], *, guided: bool = False
) -> list[str]:
    """The command; PARAMETERS of the caller come on top of those of samconfig.toml.

    Guided, it asks for each parameter and offers these values.

    Each deploy has a Release of its own, by the clock: with SnapStart on, snapshots are taken anew.
    """
    template = f".aws-sam/{environment.architecture}/build/template.yaml"
    command = [str(TOOLS / "sam/bin/sam"), "deploy", "--template-file", template]
    command += ["--config-file", str(CONFIG), "--config-env", environment.name]
    release = f"Release={datetime.now(UTC):%Y%m%dT%H%M%S}"
    parameters = [environment.parameters, release, given.get("PARAMETERS", "")]
    command += ["--parameter-overrides", " ".join(filter(None, parameters))]
    if guided:
        command.append("--guided")
    return command + shlex.split(given.get("DEPLOY_FLAGS", ""))


def _deployed(environment: Environment) -> Stack:
    """The stack that is there.

    Raises:
        CannotDeploy: there is none yet.
    """
    stack = describe(environment.session(), environment.stack)
    if stack is None or stack.status == NOT_BEGUN:
        raise CannotDeploy(
            f"there is no stack {environment.stack} yet: `make deploy ENV={environment.name}`, "
            "and confirm its change set"
        )
    return stack


def _secret(environment: Environment) -> None:
    stack = _deployed(environment)
    session = environment.session()
    current = secret.read(session, stack)
    typed = sys.stdin.isatty()
    given = secret.ask(current, getpass) if typed else secret.parse(sys.stdin.read())
    values = secret.merge(current, given)
    changed = sorted(name for name in values if values[name] != current.get(name))
    if changed:
        secret.write(session, stack, values)
    missing = secret.lacks(stack, values)
    print(f"{stack.name}: the secret has {', '.join(changed) or 'nothing'} anew")
    if missing:
        print(f"it still lacks {', '.join(missing)}")
    else:
        print(f"next: make migrate ENV={environment.name}")


def _migrate(environment: Environment) -> None:
    """The second half of a deploy: tables, then how the database reaches the stack."""
    stack = _deployed(environment)
    session = environment.session()
    if missing := secret.lacks(stack, secret.read(session, stack)):
        raise CannotDeploy(
            f"the stack {stack.name} is there and does not work yet: its secret lacks "
            f"{', '.join(missing)}. Type next:\n"
            f"  make secret ENV={environment.name}     # asks for them, and shows nothing\n"
            f"  make migrate ENV={environment.name}    # the tables, and how errors get here"
        )
    applied = migration.migrate(session, stack)
    print(f"{stack.name}: the database has {len(applied)} migrations; {_way(stack)}")
    print(f"operators subscribe to the alarms at {stack.output('AlarmTopicArn')}")


def _way(stack: Stack) -> str:
    method = stack.output("Dispatch")
    if method != "none":
        return f"it tells of new errors by {method}"
    return (
        f"errors come as events on the bus {stack.output('EventBusName')}, by queue or stream, "
        "or are found by the sweep within a minute (Dispatch=none)"
    )


if __name__ == "__main__":
    sys.exit(main())
