"""The whole stack on one machine: up, down, and what runs.

Postgres, a Gemini and a Braintrust endpoint, the screener and an AWS are started here unless
the environment names another one (DATABASE_URL, GEMINI_BASE_URL, BRAINTRUST_API_URL,
SCREENER_URL); then the real SAM CLI deploys template.yaml, the migrate function sets the
database up, and a relay stands in for the database's own Lambda invocation.
"""

import os
import shlex
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import httpx
from filelock import FileLock

from local import aws, postgres
from local.folder import TOOLS, Folder, write_private
from local.relay import CHANNEL
from local.services import StackError, State, free_port, start, stop, wait_until

Report = Callable[[str], None]

ENDPOINT_READY_SECONDS = 30
MODEL_READY_SECONDS = 300
SCRIPTED_KEY = "local"
MODELS = ("local", "scripted", "gemini")


@dataclass(frozen=True)
class Options:
    """How the stack is started.

    Attributes:
        model: `local` (a real small model), `gemini` (the real thing) or `scripted`.
        wait_scale: factor on the state machine's waits; 1 waits 300 s and 1800 s.
        parameters: template parameters on top of the stack's own.
    """

    model: str
    wait_scale: float = 1.0
    parameters: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_environment(cls) -> "Options":
        """MODEL, WAIT_SCALE; without MODEL, gemini where there is a key, else the local model.

        Raises:
            StackError: a value that is none of the choices.
        """
        given = os.environ.get("GEMINI_API_KEY")
        model = os.environ.get("MODEL") or ("gemini" if given else "local")
        if model not in MODELS:
            raise StackError(f"MODEL is {model!r}: take one of {', '.join(MODELS)}")
        if model == "gemini" and not given:
            raise StackError("MODEL=gemini needs GEMINI_API_KEY in the environment")
        try:
            return cls(model, float(os.environ.get("WAIT_SCALE") or 1))
        except ValueError:
            raise StackError("WAIT_SCALE is a number, such as 0.001") from None


def up(folder: Folder, options: Options, report: Report) -> dict[str, str]:
    """Start what is not running yet and deploy; a second call finds the first.

    Returns:
        The variables that are written to `env`.

    Raises:
        StackError: something could not be started; what was started is stopped again.
    """
    folder.path.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.path / "lock"):
        state = State.read(folder)
        if state.env and not state.dead():
            if state.env["MODEL"] != options.model:
                raise StackError(
                    f"the stack runs with MODEL={state.env['MODEL']}: `make down` first"
                )
            report("the stack is up already")
            return state.env
        _stop_all(folder, state)
        state = State()
        try:
            state.env = _start_all(folder, state, options, report)
        except BaseException:
            _stop_all(folder, state)
            raise
        state.write(folder)
        _write_env(folder, state.env)
        return state.env


def down(folder: Folder, report: Report) -> None:
    """Stop everything this folder's stack has started; data and logs stay."""
    if not folder.path.exists():
        report("there is no stack here")
        return
    with FileLock(folder.path / "lock"):
        state = State.read(folder)
        _stop_all(folder, state)
        report(f"stopped {len(state.services)} services; logs are in {folder.logs}")


def _start_all(folder: Folder, state: State, options: Options, report: Report) -> dict[str, str]:
    env = {"MODEL": options.model, **aws.CREDENTIALS}
    env["DATABASE_URL"] = _database(folder)
    report("Postgres is up")
    env["GEMINI_BASE_URL"] = gemini(folder, state, options.model)
    env["BRAINTRUST_API_URL"] = os.environ.get("BRAINTRUST_API_URL") or _braintrust(folder, state)
    env["SCREENER_URL"] = os.environ.get("SCREENER_URL") or screener(folder, state)
    report("Gemini endpoint, Braintrust endpoint and screener are up")
    env["AWS_ENDPOINT_URL"] = aws.serve(folder, state, options.wait_scale)
    env["ERROR_STREAM_ARN"] = aws.create_stream(env["AWS_ENDPOINT_URL"])
    report("AWS is up; sam build")
    aws.build()
    report("sam deploy")
    outputs = aws.deploy(env["AWS_ENDPOINT_URL"], parameters(env, options))
    applied = configure(env, outputs, {"method": "notify", "target": CHANNEL})
    report(f"the database has {applied} migrations")
    relay = {**env, "TRIGGER_FUNCTION": outputs["TriggerFunctionArn"]}
    service = start(folder, state, "relay", [sys.executable, "-m", "local.relay"], relay)
    _warm(env)
    log = folder.logs / "relay.log"
    wait_until(folder, service, lambda: "listening" in log.read_text(), ENDPOINT_READY_SECONDS)
    report("the stack is up")
    return env


def _database(folder: Folder) -> str:
    """The user's own database, where no deployment is told of its errors; else a local one."""
    given = os.environ.get("DATABASE_URL")
    if not given:
        return postgres.start(folder)
    dispatch = postgres.stored_dispatch(given)
    if dispatch not in (None, "none", "notify"):
        raise StackError(
            f"DATABASE_URL names a database whose errors a deployment gets, by {dispatch}: the "
            "local stack would take them away from it. Name another database."
        )
    return given


def configure(env: dict[str, str], outputs: dict[str, str], dispatch: dict[str, str]) -> int:
    """Fill in a stack's secret, migrate its database, and add the outputs to its variables.

    Args:
        env: the stack's variables; DATABASE_URL and AWS_ENDPOINT_URL are there.
        outputs: what its deployment said.
        dispatch: how its database tells of an error, for the migrate function.

    Returns:
        How many migrations the database has.

    Raises:
        StackError: the migrate function failed.
    """
    url = env["AWS_ENDPOINT_URL"]
    secret = {
        "database_url": env["DATABASE_URL"],
        "gemini_api_key": os.environ.get("GEMINI_API_KEY") or SCRIPTED_KEY,
        "braintrust_api_key": os.environ.get("BRAINTRUST_API_KEY") or SCRIPTED_KEY,
    }
    aws.put_secret(url, outputs["SecretId"], secret)
    applied = aws.invoke(url, outputs["MigrateFunctionName"], {"dispatch": dispatch})["applied"]
    env["STATE_MACHINE_ARN"] = outputs["StateMachineArn"]
    env |= {variable(name): value for name, value in outputs.items()}
    return len(applied)


def _warm(env: dict[str, str]) -> None:
    """Invoke the functions once with an error that does not exist: the first start is slow."""
    url = env["AWS_ENDPOINT_URL"]
    nobody = {"error_id": str(UUID(int=0)), "trader_id": str(UUID(int=0)), "run": 1}
    names = (
        *("TRIGGER_FUNCTION_NAME", "REGENERATE_FUNCTION_NAME"),
        *("VALIDATE_FUNCTION_NAME", "PROPOSE_FUNCTION_NAME"),
    )
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda name: aws.invoke(url, env[name], nobody), names))


def parameters(env: dict[str, str], options: Options) -> dict[str, str]:
    """Template parameters of a local stack."""
    own = {
        "GoBackendUrl": env["SCREENER_URL"],
        "BraintrustApiUrl": env["BRAINTRUST_API_URL"],
        "BraintrustAppUrl": os.environ.get("BRAINTRUST_APP_URL") or env["BRAINTRUST_API_URL"],
        "ErrorStreamArn": env["ERROR_STREAM_ARN"],
        "LogLevel": "DEBUG",
        "SuccessAlarmMinRuns": "0",  # the local AWS knows no metric math
    }
    if env["GEMINI_BASE_URL"]:
        own["GeminiBaseUrl"] = env["GEMINI_BASE_URL"]
    return own | model_parameters(options.model) | options.parameters


def model_parameters(model: str) -> dict[str, str]:
    """Template parameters that go with a model; a small one is slow and answers briefly."""
    if model == "scripted":
        return {"GeminiModel": "scripted", "GeminiThinkingBudget": "0"}
    if model == "local":
        return {
            "GeminiModel": "qwen2.5-coder-1.5b-instruct",
            "GeminiThinkingBudget": "0",
            "GeminiMaxOutputTokens": "700",
            "GeminiTimeoutSeconds": "600",
            "RegenerateTimeoutSeconds": "660",
        }
    return {}


def gemini(
    folder: Folder,
    state: State,
    model: str,
    answers: Path | None = None,
    *,
    yields: bool = True,
) -> str:
    """The Gemini endpoint's address; "" for Google's own.

    Args:
        folder: whose logs it writes to.
        state: what it is remembered in.
        model: one of `MODELS`.
        answers: where the local model's answers are kept and found again; None: nowhere.
        yields: the local model, which computes on every core, lets the others go first.
    """
    given = os.environ.get("GEMINI_BASE_URL", "")
    if given or model == "gemini":
        return given
    command = [sys.executable, "-m", "local.gemini", "--backend", model]
    if model == "local":
        first = ["nice", "-n", "10"] if yields else []
        keep = ["--answers", str(answers)] if answers else []
        command = [*first, *command, *keep]
    return _endpoint(folder, state, "gemini", command, MODEL_READY_SECONDS)


def _braintrust(folder: Folder, state: State) -> str:
    store = str(folder.path / "braintrust.jsonl")
    command = [sys.executable, "-m", "local.braintrust", "--store", store]
    return _endpoint(folder, state, "braintrust", command, ENDPOINT_READY_SECONDS)


def screener(folder: Folder, state: State) -> str:
    """The address of a screener that was started for it."""
    command = [str(TOOLS / "screener")]
    return _endpoint(folder, state, "screener", command, ENDPOINT_READY_SECONDS)


def _endpoint(folder: Folder, state: State, name: str, command: list[str], seconds: float) -> str:
    """Start an HTTP service on a free port and wait until its /health is good."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    service = start(folder, state, name, [*command, "--port", str(port)], {})
    wait_until(folder, service, lambda: healthy(url), seconds)
    return url


def healthy(url: str) -> bool:
    """True when an HTTP service says that it is ready."""
    try:
        return httpx.get(f"{url}/health", timeout=2).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def _stop_all(folder: Folder, state: State) -> None:
    for service in reversed(state.services):
        stop(service)
    postgres.stop(folder)
    folder.state.unlink(missing_ok=True)
    folder.env.unlink(missing_ok=True)


def _write_env(folder: Folder, env: dict[str, str]) -> None:
    lines = [f"export {name}={shlex.quote(value)}" for name, value in sorted(env.items())]
    write_private(folder.env, "\n".join(lines) + "\n")


def variable(name: str) -> str:
    """An output or parameter as a variable: `GeminiModel` as `GEMINI_MODEL`."""
    return "".join(f"_{c}" if c.isupper() else c.upper() for c in name).lstrip("_")
