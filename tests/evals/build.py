"""`make eval-data`: cases.json and fixtures.json from the case files, by a real screener.

With `--check` nothing is written: it fails when the committed files are not what would be.
"""

import argparse
import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from evals import fixtures, screener
from evals.case_files import CASES, Case, Refused, read
from evals.recording import Failure, record

OUTPUT = Path(__file__).with_name("cases.json")


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


def build(cases: list[Case], markets: dict[str, str]) -> list[dict[str, Any]]:
    """The rows of cases.json, each recorded now.

    Args:
        markets: the fixtures by name, each as JSON.

    Raises:
        Refused: a case that cannot be used; all of them in one message.
        NoScreener: the screener cannot be asked.
    """
    split = splits(cases)
    rows, refusals = [], []
    with screener.running() as asked:
        for case in cases:
            try:
                rows.append(row(case, split[case.id], record(asked, case, markets)))
            except Refused as refusal:
                refusals.append(str(refusal))
    if refusals:
        raise Refused("\n".join(refusals))
    return rows


def row(case: Case, split: str, failure: Failure) -> dict[str, Any]:
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


def stale(made: dict[Path, str]) -> list[str]:
    """Names of files whose content is not what was made."""
    return [
        path.name for path, text in made.items() if not path.exists() or path.read_text() != text
    ]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make eval-data", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail when stale")
    check = parser.parse_args(arguments).check
    markets = fixtures.fixtures()
    try:
        rows = build(read(CASES), fixtures.encoded(markets))
    except (Refused, screener.NoScreener) as error:
        print(error, file=sys.stderr)
        return 1
    cases_text = json.dumps(rows, indent=1, ensure_ascii=False) + "\n"
    made = {fixtures.FIXTURES: fixtures.text(markets), OUTPUT: cases_text}
    changed = stale(made)
    if check and changed:
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
