"""What a rate of errors asks of each part, per second."""

from dataclasses import dataclass
from functools import cached_property

from filtermend.controls import PRICES_MAX_AGE_SECONDS, STOP_MAX_AGE_SECONDS
from filtermend.settings import SECRET_MAX_AGE_SECONDS
from local.scaling.deployment import Deployment
from local.scaling.paths import Path, paths
from local.scaling.workload import Workload

MONTH_SECONDS = 30 * 24 * 3600
FUNCTIONS = ("trigger", "regenerate", "validate", "propose", "sweep", "screener")
CONNECTED = ("trigger", "regenerate", "validate", "propose", "sweep")
"""Each environment of these has one connection to Postgres, measured."""
SWEEPS_PER_SECOND = 1 / 60


@dataclass(frozen=True)
class Load:
    """Per second, if nothing else is said; `errors` is the rate of rows."""

    errors: float
    workload: Workload
    machine: Deployment

    @cached_property
    def shares(self) -> list[tuple[float, Path]]:
        """The ways of a new problem, with their shares."""
        ways, given = paths(self.machine), self.workload
        asked = 1 - given.mechanical
        longest = 1 - given.one_turn - given.two_turns
        return [
            (given.mechanical, ways.mechanical),
            (asked * given.one_turn, ways.one_turn),
            (asked * given.two_turns, ways.two_turns),
            (asked * longest, ways.three_attempts),
        ]

    @property
    def problems(self) -> float:
        """Errors that are no duplicate: each is an execution."""
        return self.errors * (1 - self.workload.duplicates)

    @property
    def questions(self) -> float:
        """Calls of Gemini."""
        return self.problems * sum(share * path.questions for share, path in self.shares)

    @property
    def turns(self) -> float:
        """Candidates, by the model or by a certain change."""
        return self.problems * sum(share * path.turns for share, path in self.shares)

    @property
    def transitions(self) -> float:
        """State transitions."""
        return self.problems * sum(share * path.transitions for share, path in self.shares)

    @property
    def triggers(self) -> float:
        """Invocations of the trigger: one a statement."""
        return self.errors / self.workload.errors_per_statement

    @cached_property
    def invocations(self) -> dict[str, float]:
        """Invocations by function."""
        counted = {
            name: self.problems
            * sum(share * path.functions.count(name) for share, path in self.shares)
            for name in ("regenerate", "validate", "propose")
        }
        proposals = self.problems * sum(share * path.proposed for share, path in self.shares)
        screened = self.turns * self.workload.screener_calls_per_turn + proposals
        return counted | {
            "trigger": self.triggers,
            "sweep": SWEEPS_PER_SECOND,
            "screener": screened if "screener" in self.machine.memory_gb else 0,
        }

    def warm_seconds(self, function: str) -> float:
        """How long one invocation of a warm environment takes, without the answers of Gemini."""
        given = self.workload
        errors = given.errors_per_statement if function == "trigger" else 1
        slower = 1 if function == "screener" else given.slowdown
        return float(getattr(given, f"{function}_ms")) / 1000 * slower * errors

    def seconds(self, function: str) -> float:
        """How long one invocation takes in the mean, cold starts and Gemini included."""
        given, waits = self.workload, 0.0
        if function == "regenerate" and self.invocations[function]:
            waits = given.gemini_seconds * self.questions / self.invocations[function]
        return self.warm_seconds(function) + waits + given.cold_share * given.cold_seconds

    @cached_property
    def concurrency(self) -> dict[str, float]:
        """Invocations at once, by function, in the mean over time."""
        return {name: self.invocations[name] * self.seconds(name) for name in FUNCTIONS}

    @property
    def transactions(self) -> float:
        """Transactions on Postgres."""
        given = self.workload
        return self.errors * given.commits_per_admission + self.turns * given.commits_per_turn

    @property
    def open_seconds(self) -> float:
        """How long an execution is open, in the mean."""
        working = sum(
            self.seconds(name) * self.invocations[name]
            for name in ("regenerate", "validate", "propose")
        )
        waiting = sum(share * path.waits_seconds for share, path in self.shares)
        return waiting + (working / self.problems if self.problems else 0)

    @property
    def log_bytes(self) -> float:
        """Bytes that the functions log."""
        given, count = self.workload, self.invocations
        own = (
            count["trigger"] * given.errors_per_statement * given.trigger_log_bytes
            + count["regenerate"] * given.regenerate_log_bytes
            + count["validate"] * given.validate_log_bytes
            + self.problems * given.propose_log_bytes
            + count["sweep"] * given.sweep_log_bytes
            + count["screener"] * given.screener_log_bytes
        )
        return own + sum(count.values()) * given.platform_log_bytes

    @property
    def secret_reads(self) -> float:
        """GetSecretValue: by each environment that is used, as often as what it read gets old."""
        busy = ((self.invocations[name], self.concurrency[name]) for name in CONNECTED)
        return sum(min(rate, max(1, at_once) / SECRET_MAX_AGE_SECONDS) for rate, at_once in busy)

    @property
    def parameter_reads(self) -> float:
        """GetParameter: the stop and the prices, by regenerate alone."""
        rate = self.invocations["regenerate"]
        environments = max(1, self.concurrency["regenerate"])
        ages = (STOP_MAX_AGE_SECONDS, PRICES_MAX_AGE_SECONDS)
        return sum(min(rate, environments / age) for age in ages)
