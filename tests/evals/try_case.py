"""`python -m evals.try_case PART-OF-AN-ID [FOLDER]`: how cases fail, where references are true."""

import sys
from pathlib import Path

from evals import screener
from evals.case_files import CASES, Case, Refused, read
from evals.fixtures import encoded, fixtures
from evals.recording import fails, record, results


def main(part: str, folder: Path = CASES) -> int:
    """Show the cases of a folder whose id contains `part`; 1 when one of them is refused."""
    markets = encoded(fixtures())
    refused = 0
    try:
        cases = [case for case in read(folder, whole=False) if part in case.id]
        with screener.running() as asked:
            for case in cases:
                refused += show(asked, case, markets)
    except (Refused, screener.NoScreener) as error:
        print(error, file=sys.stderr)
        return 1
    return 1 if refused else 0


def show(asked: screener.Screener, case: Case, markets: dict[str, str]) -> bool:
    """Print one case; whether it is refused."""
    print(f"\n{case.error_type}/{case.id} ({case.file.difficulty})")
    try:
        failure = fails(asked, case, markets)
        print(f"  {failure.error_type}: {failure.message}".replace("\n", "\n    "))
        record(asked, case, markets)
        ran = results(asked, case.file.reference_code, list(markets.values()))
        matched = [name for name, one in zip(markets, ran, strict=True) if one["matched"]]
        print(f"  reference is true on: {', '.join(matched) or 'none'}")
    except (Refused, screener.NoScreener) as refusal:
        print(f"  REFUSED {refusal}")
        return True
    return False


if __name__ == "__main__":
    part = sys.argv[1] if len(sys.argv) > 1 else ""
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else CASES
    sys.exit(main(part, folder))
