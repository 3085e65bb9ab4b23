"""`make eval-data`: cases.json and fixtures.json from the case files, by a real screener.

Another set of cases has a folder of its own, and its rows stand beside it: second/ in second.json.
With `--check` nothing is written: it fails when the committed files are not what would be.
"""

import argparse
import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from evals import fixtures, screener
from evals.case_files import CASES, Case, Refused, read
from evals.recording import Failure, record

CASES_AT_A_TIME = 3
type Row = dict[str, Any]


def splits(cases: Iterable[Case]) -> dict[str, str]:
    """dev or test by id: half of each class and difficulty, by the ids' hashes.

    What is odd goes to the half that has less of the class so far, so that a class of single
    difficulties is halved too; where a class begins is its own hash's to say.
    """
    groups: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for case in cases:
        groups[case.file.defect][case.file.difficulty].append(case.id)
    split: dict[str, str] = {}
    for defect, difficulties in groups.items():
        balance = int(_hash(defect), 16) % 2
        for _, ids in sorted(difficulties.items()):
            for case_id in sorted(ids, key=_hash):
                split[case_id] = "test" if balance > 0 else "dev"
                balance += 1 if split[case_id] == "dev" else -1
    return split


def build(cases: list[Case], markets: dict[str, str], recorded: list[Row]) -> list[Row]:
    """The rows of cases.json, each recorded now.

    Args:
        markets: the fixtures by name, each as JSON.
        recorded: the rows there are; what ended by a limit keeps its words while its code stays.

    Raises:
        Refused: cases that cannot be used; all of them in one message.
        NoScreener: the screener cannot be asked.
    """
    split = splits(cases)
    known = {(row["id"], row["failed_code"]): row for row in recorded}

    def one(case: Case) -> Row | Refused:
        try:
            failure = record(asked, case, markets)
        except Refused as refusal:
            return refusal
        before = known.get((case.id, case.file.failed_code))
        if failure.by_limit and before and before["error_type"] == failure.error_type:
            failure = replace(
                failure, message=before["error_message"], stack_trace=before["stack_trace"]
            )
        return row(case, split[case.id], failure)

    with screener.running() as asked, ThreadPoolExecutor(CASES_AT_A_TIME) as pool:
        rows = list(pool.map(one, cases))
    if refusals := [str(one) for one in rows if isinstance(one, Refused)]:
        raise Refused("\n".join(refusals))
    return [one for one in rows if not isinstance(one, Refused)]


def row(case: Case, split: str, failure: Failure) -> Row:
    """A case as the runner reads it."""
    file = case.file
    return {
        "id": case.id,
        "class": file.defect,
        "error_type": case.error_type,
        "difficulty": file.difficulty,
        "split": split,
        "error_message": failure.message,
        "stack_trace": failure.stack_trace,
        "strategy": file.strategy,
        "indicators": file.indicators,
        "timeframes": file.timeframes,
        "failed_code": file.failed_code,
        "reference_code": file.reference_code,
    }


def output_of(folder: Path = CASES) -> Path:
    """Where the rows of a folder of cases are kept."""
    return folder.with_suffix(".json")


def stale(made: dict[Path, str]) -> list[str]:
    """Names of files whose content is not what was made."""
    return [
        path.name for path, text in made.items() if not path.exists() or path.read_text() != text
    ]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make eval-data", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=CASES, help="where the cases are")
    parser.add_argument("--check", action="store_true", help="write nothing, fail when stale")
    asked = parser.parse_args(arguments)
    output = output_of(asked.folder)
    markets = fixtures.fixtures()
    try:
        recorded = json.loads(output.read_text()) if output.exists() else []
        rows = build(read(asked.folder), fixtures.encoded(markets), recorded)
    except (Refused, screener.NoScreener) as error:
        print(error, file=sys.stderr)
        return 1
    cases_text = json.dumps(rows, indent=1, ensure_ascii=False) + "\n"
    made = {fixtures.FIXTURES: fixtures.text(markets), output: cases_text}
    changed = stale(made)
    if asked.check and changed:
        print(f"{' and '.join(changed)}: not up to date: run `make eval-data`.", file=sys.stderr)
        return 1
    for path, text in made.items():
        if path.name in changed:
            path.write_text(text)
    print(f"{len(rows)} cases, {len(markets)} fixtures; {', '.join(changed) or 'nothing'} changed")
    return 0


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
