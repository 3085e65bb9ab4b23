"""Everything that `sam local` needs, made ready and taken down again.

An engine, images, a way from the containers to the stack, the secret with addresses that hold
there, and the files of `local.sam_local.project`.
"""

import json
import shlex
import sys
from dataclasses import dataclass

from filelock import FileLock

from local import aws, stack
from local.folder import TOOLS, Folder, write_private
from local.sam_local import engine as engines
from local.sam_local.engine import Engine
from local.sam_local.events import EVENTS, Event, events_of
from local.sam_local.images import image, prune
from local.sam_local.project import Project, built, functions, runtime, stack_variables
from local.sam_local.reach import HOST, Routes, elsewhere
from local.sam_local.sample import Sample
from local.services import StackError, State, start, stop, wait_until
from local.stack import Options, Report

SECRET = "filtermend-local/sam-local"  # noqa: S105  its name
ADDRESSES = ("GEMINI_BASE_URL", "BRAINTRUST_API_URL", "SCREENER_URL")
READY_SECONDS = 10


@dataclass(frozen=True)
class Session:
    """What is ready.

    Attributes:
        project: the files.
        variables: what a command needs in its environment.
        stack: the variables of the running stack.
        events: each function's events.
    """

    project: Project
    variables: dict[str, str]
    stack: dict[str, str]
    events: list[Event]

    def event(self, name: str) -> Event:
        """The event of that name."""
        return next(event for event in self.events if event.name == name)


def home(folder: Folder) -> Folder:
    """Where a stack's `sam local` keeps what it has."""
    return Folder(folder.path / "sam-local")


def up(folder: Folder, options: Options, report: Report) -> Session:
    """Make everything ready; starts the stack where it is not up.

    Raises:
        NoEngineError: there is no container engine.
        StackError: something else could not be started; engine and forwarder are ended again.
    """
    own = home(folder)
    own.path.mkdir(parents=True, exist_ok=True)
    with FileLock(own.path / "lock"):
        _take_down(own, State.read(own))
        state = State()
        try:
            engine = _engine(own, state, report)
            session = _prepare(folder, engine, state, options, report)
        except BaseException:
            _take_down(own, state)
            raise
        state.write(own)
        return session


def down(folder: Folder, report: Report) -> None:
    """End what `up` has started beside the stack; images stay."""
    own = home(folder)
    if not own.state.exists():
        report("nothing is ready for sam local here")
        return
    with FileLock(own.path / "lock"):
        _take_down(own, State.read(own))
    report("sam local: ended")


def _engine(own: Folder, state: State, report: Report) -> Engine:
    found = engines.find()
    if found:
        report(f"container engine: {found.host}")
        return found
    report("container engine: none runs, one is started here")
    found = engines.start_own(own, state)
    state.env["DOCKER_HOST"] = found.host
    state.write(own)
    return found


def _prepare(
    folder: Folder, engine: Engine, state: State, options: Options, report: Report
) -> Session:
    running = State.read(folder)
    if running.env and not running.dead():
        aws.build()  # the code may be younger than the stack
    env = stack.up(folder, options, report)
    _refuse_what_is_out_of_reach(env, state)
    own, routes = home(folder), Routes()
    variables = stack_variables(env["AWS_ENDPOINT_URL"], routes, SECRET)
    _put_secret(env, routes)
    _forward(own, state, engine, routes)
    template = built()
    found = functions(template)
    events = events_of(found)
    runtimes = {name: runtime(template, function) for name, function in found.items()}
    images = {each: image(engine, each, report) for each in sorted(set(runtimes.values()))}
    prune(engine)
    project = Project(own)
    address = engine.bridge.partition("/")[0] if engine.bridge else "host-gateway"
    names = {name: images[each] for name, each in runtimes.items()}
    project.write(variables, names, f"{HOST}:{address}", events)
    session = Session(project, _variables(env, engine), env, events)
    _write_env(own, session)
    _insert_sample(env)
    return session


def _refuse_what_is_out_of_reach(env: dict[str, str], state: State) -> None:
    """A container of the engine that is started here reaches this machine and no other."""
    if "BRIDGE" not in state.env:
        return
    names = elsewhere({name: env[name] for name in ADDRESSES})
    if env["MODEL"] == "gemini" and not env["GEMINI_BASE_URL"]:
        names.append("MODEL=gemini")
    if Routes().database(env["DATABASE_URL"]) == env["DATABASE_URL"]:
        names.append("DATABASE_URL")
    if names:
        raise StackError(
            f"{', '.join(names)}: not on this machine, and the container engine that is started "
            "here has no way out of it. Start Docker yourself, then again."
        )


def _put_secret(env: dict[str, str], routes: Routes) -> None:
    """The stack's secret with the database's address, and the token of the webhook's event."""
    manager = aws.client("secretsmanager", env["AWS_ENDPOINT_URL"])
    stored = json.loads(manager.get_secret_value(SecretId=env["SECRET_ID"])["SecretString"])
    event = json.loads((EVENTS / "trigger-webhook.json").read_text("utf-8"))
    stored["database_url"] = routes.database(env["DATABASE_URL"])
    stored["webhook_token"] = event["headers"]["authorization"].removeprefix("Bearer ")
    value = json.dumps(stored)
    try:
        manager.create_secret(Name=SECRET, SecretString=value)
    except manager.exceptions.ResourceExistsException:
        manager.put_secret_value(SecretId=SECRET, SecretString=value)


def _forward(own: Folder, state: State, engine: Engine, routes: Routes) -> None:
    bridge = ["--bridge", engine.bridge] if engine.bridge else []
    pairs = [f"{port}={target}" for target, port in routes.ports.items()]
    command = [sys.executable, "-m", "local.sam_local.forward", *bridge, *pairs]
    service = start(own, state, "forward", command, {})
    log = own.logs / "forward.log"
    wait_until(own, service, lambda: "listening" in log.read_text(), READY_SECONDS)


def _insert_sample(env: dict[str, str]) -> None:
    sample = Sample.of(env["DATABASE_URL"])
    with sample.conn:
        if env["MODEL"] == "scripted":
            sample.script(env["GEMINI_BASE_URL"])
        sample.reset()


def _variables(env: dict[str, str], engine: Engine) -> dict[str, str]:
    """So that SAM finds the engine, and asks the local AWS what it wants to know of one."""
    local = {"AWS_ENDPOINT_URL": env["AWS_ENDPOINT_URL"], **aws.CREDENTIALS}
    return {"DOCKER_HOST": engine.host, "SAM_CLI_TELEMETRY": "0"} | local


def _write_env(own: Folder, session: Session) -> None:
    lines = [f"export {name}={shlex.quote(value)}" for name, value in session.variables.items()]
    lines.append(f'export PATH={shlex.quote(str(TOOLS / "sam/bin"))}:"$PATH"')
    write_private(own.env, "\n".join(lines) + "\n")


def _take_down(own: Folder, state: State) -> None:
    for service in reversed([s for s in state.services if s.name == "forward"]):
        stop(service)
    engines.stop_own(state)
    own.state.unlink(missing_ok=True)
    own.env.unlink(missing_ok=True)
