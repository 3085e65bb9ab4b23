"""`python -m local.gemini --port N --backend local|scripted [--script FILE] [--answers FOLDER]`."""

import argparse
import sys
from pathlib import Path

from pydantic import ValidationError

from local.gemini.app import create_app
from local.gemini.backend import Backend
from local.gemini.llama import LocalBackend
from local.gemini.script import Script
from local.gemini.scripted import ScriptedBackend
from local.gemini.serving import serve
from local.gemini.stored import StoredAnswers


def main(arguments: list[str] | None = None) -> int:
    """Serve until stopped; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        script = _script(options.script)
    except (OSError, ValidationError) as error:
        print(f"gemini: the script {options.script} cannot be read: {error}", file=sys.stderr)
        return 2
    app = create_app(_backend(options, script))
    return serve(app, "gemini", options.host, options.port)


def _backend(options: argparse.Namespace, script: Script) -> Backend:
    if options.backend == "scripted":
        return ScriptedBackend(script)
    local = LocalBackend(options.threads)
    return StoredAnswers(local, options.answers) if options.answers else local


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="local.gemini", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--backend", choices=["local", "scripted"], default="scripted")
    parser.add_argument("--threads", type=int, default=2, help="of the local backend")
    parser.add_argument("--script", type=Path, help="JSON, see local/gemini/script.py")
    parser.add_argument("--answers", type=Path, help="keep the local backend's answers there")
    return parser


def _script(path: Path | None) -> Script:
    return Script() if path is None else Script.model_validate_json(path.read_bytes())


if __name__ == "__main__":
    sys.exit(main())
