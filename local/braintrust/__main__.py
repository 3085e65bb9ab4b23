"""`python -m local.braintrust --port N [--store FILE.jsonl]`."""

import argparse
import sys
from pathlib import Path

from local.braintrust.app import create_app
from local.braintrust.store import Store
from local.gemini.serving import serve


def main(arguments: list[str] | None = None) -> int:
    """Serve until stopped; returns the exit code."""
    parser = argparse.ArgumentParser(prog="local.braintrust", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="0 takes a free one")
    parser.add_argument("--store", type=Path, help="keeps what is sent across restarts")
    options = parser.parse_args(arguments)
    try:
        store = Store(options.store)
    except OSError as error:
        print(f"braintrust: the store cannot be read: {error}", file=sys.stderr)
        return 2
    return serve(create_app(store), "braintrust", "127.0.0.1", options.port)


if __name__ == "__main__":
    sys.exit(main())
