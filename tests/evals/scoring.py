"""The scorers: what the screener says of a fix, and how much of the filter it left alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from evals.dataset import EvalCase
from evals.options import CannotEvaluate
from evals.recording import results
from evals.results import Scores
from evals.screener import Screener


@dataclass(frozen=True)
class Conduct:
    """Whether a filter compiles, and its answer on each fixture; None where it failed."""

    compiles: bool
    answers: tuple[bool | None, ...] = ()

    @property
    def runs(self) -> bool:
        """It compiles and failed nowhere."""
        return self.compiles and None not in self.answers


class Judge:
    """Asks the screener, and remembers what it said.

    Args:
        screener: validates and replays.
        fixtures: the markets by name, each as JSON.
    """

    def __init__(self, screener: Screener, fixtures: Mapping[str, str]) -> None:
        self._screener = screener
        self._fixtures = fixtures
        self._known: dict[str, Conduct] = {}

    def conduct(self, code: str) -> Conduct:
        """What a filter does."""
        if code not in self._known:
            self._known[code] = self._ask(code)
        return self._known[code]

    def check_reference(self, case: EvalCase) -> None:
        """See that the reference is one.

        Raises:
            CannotEvaluate: it does not compile, or fails on a fixture.
        """
        conduct = self.conduct(case.reference_code)
        if conduct.runs:
            return
        problem = "does not compile"
        if conduct.compiles:
            failed = conduct.answers.index(None)
            problem = f"fails on the fixture {list(self._fixtures)[failed]!r}"
        raise CannotEvaluate(
            f"the reference_code of {case.id!r} {problem}: correct it, or leave the case out"
        )

    def scores(self, case: EvalCase, fix: str | None, *, extracted: bool) -> Scores:
        """How good a fix for the case is."""
        if fix is None:
            return Scores(extracted=extracted)
        conduct = self.conduct(fix)
        wanted = self.conduct(case.reference_code).answers
        return Scores(
            extracted=extracted,
            validates=conduct.compiles,
            replays=conduct.runs,
            behaves=conduct.runs and conduct.answers == wanted,
            kept=kept(case.failed_code, fix, case.reference_code),
        )

    def _ask(self, code: str) -> Conduct:
        if self._screener.validate(code):
            return Conduct(compiles=False)
        ran = results(self._screener, code, list(self._fixtures.values()))
        return Conduct(True, tuple(None if one["error"] else bool(one["matched"]) for one in ran))


def kept(failed: str, fix: str, reference: str) -> float:
    """1 when the fix changes no more lines than the reference does, less the more it changes."""
    changed, needed = changed_lines(failed, fix), changed_lines(failed, reference)
    return 1.0 if changed <= needed else needed / changed


def changed_lines(before: str, after: str) -> int:
    """Lines that went and lines that came; space, empty lines and comments count for nothing."""
    old, new = _lines(before), _lines(after)
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks())
    return len(old) + len(new) - 2 * same


def _lines(code: str) -> list[str]:
    stripped = ("".join(line.split()) for line in code.splitlines())
    return [line for line in stripped if line and not line.startswith("//")]
