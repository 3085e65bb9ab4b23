"""With what an eval is run: the environment of the tools, and what a result depends on."""

import hashlib
import json
import os
import platform
import subprocess
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TextIO

from evals.options import HERE, Options
from evals.results import Configuration
from evals.services import Services
from filtermend import telemetry
from filtermend.settings import GeminiSettings, LimitSettings
from local.folder import ROOT, TOOLS
from local.stack import SCRIPTED_KEY, model_parameters, variable
from local.weights import qwen

CORE = ROOT / "layers/filtermend/filtermend"
UNLIMITED_USD = "1000000"
SCORERS = (
    "tools.py",
    "ablation.py",
    "pipeline.py",
    "outcome.py",
    "scoring.py",
    "recording.py",
    "rows.py",
)


def prepare(options: Options, services: Services) -> None:
    """Set the tools' environment, as the stack sets the Lambdas', with limits that stop no eval."""
    os.environ.update(
        {variable(name): value for name, value in model_parameters(options.model).items()}
    )
    os.environ.update(
        GEMINI_BASE_URL=services.gemini_url,
        GEMINI_SEED=str(options.seed),
        GO_BACKEND_URL=services.screener_url,
        MAX_ATTEMPTS=str(options.attempts),
        DAILY_COST_LIMIT_USD=UNLIMITED_USD,
    )
    for handler in telemetry.logger.handlers:
        vars(handler)["stream"] = core_log(options)


@cache
def core_log(options: Options) -> TextIO:
    """Where the core's log lines and metrics go: not between the progress bar's."""
    options.folder.logs.mkdir(parents=True, exist_ok=True)
    return (options.folder.logs / "core.log").open("a", encoding="utf-8")


def api_key() -> str:
    """Gemini's; the local endpoint takes any."""
    return os.environ.get("GEMINI_API_KEY") or SCRIPTED_KEY


def configuration(options: Options, fixtures: Mapping[str, str]) -> Configuration:
    """Hashes and names of all that a result depends on beside its case; after `prepare`."""
    prompts = (CORE / "prompts").resolve()
    own = {HERE / name for name in SCORERS}
    return {
        "model": _model(options),
        "sampling": GeminiSettings.load().model_dump_json(exclude={"gemini_base_url"}),
        "limits": LimitSettings.load().model_dump_json(),
        "without": ", ".join(options.without) or "nothing",
        "prompt": _hash_of(prompts.rglob("*.md")),
        "core": _hash_of([*CORE.rglob("*.py"), *CORE.glob("*.json")]),
        "screener": os.environ.get("SCREENER_URL") or _hash_of([TOOLS / "screener"]),
        "fixtures": _hash(json.dumps(fixtures, sort_keys=True).encode()),
        "scorers": _hash_of(own),
    } | ({"script": _hash_of([options.script])} if options.script else {})


def about(options: Options, known: Configuration) -> dict[str, object]:
    """What a reader of the report wants to know of how it came to be."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "git_commit": _git_commit(),
        "machine": f"{platform.node()}: {platform.platform()}, {os.cpu_count()} cores",
        "model": options.model,
        "seed": options.seed,
        "attempts": options.attempts,
        "without": list(options.without),
        "trials": options.trials,
        "split": options.split,
        "limit": options.limit,
        "cases": str(options.cases),
        "fixtures": str(options.fixtures),
        "configuration": known,
    }


def _model(options: Options) -> str:
    """Which model answers, with its weights' checksum where we have them."""
    name = GeminiSettings.load().gemini_model
    given = os.environ.get("GEMINI_BASE_URL") if options.model == "gemini" else None
    if options.model == "local":
        return f"{name}, sha256 {qwen().sha256}, xllamacpp {version('xllamacpp')}"
    return f"{name} at {given}" if given else name


def _git_commit() -> str:
    """The commit, with a + when the files differ from it."""
    commit = _git("rev-parse", "HEAD")
    return f"{commit}+" if _git("status", "--porcelain", "--untracked-files=no") else commit


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()


def _hash_of(files: Iterable[Path]) -> str:
    parts = [f"{path.name} {_hash(path.read_bytes())}" for path in sorted(files)]
    return _hash("\n".join(parts).encode())


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
