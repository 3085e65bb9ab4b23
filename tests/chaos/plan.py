"""What happens to each error, drawn from a seed before anything runs.

A fault belongs to an error and to something that is sent for it: the n-th question to Gemini,
the n-th request to the screener, the n-th statement to Postgres that names it. So the same
seed gives the same faults, however fast the machine is.
"""

from dataclasses import dataclass
from enum import StrEnum
from random import Random
from uuid import UUID

ERRORS_PER_USER = 5
LONGEST_STORM = 6
REQUESTS = 8
"""So many questions to Gemini, and requests to the screener, may meet a fault; the rest go well."""
STATEMENTS = 20
"""About as many statements name an error on its way without a fault."""
DUPLICATES = 0.1
RESOLVED = 0.05
KINDS = (90, 5, 5)
"""Mended, hopeless and poor problems, in percent."""


class Fault(StrEnum):
    """Every fault, with the hop where it strikes."""

    LOST = "delivery: lost"
    DOUBLED = "delivery: doubled"
    OTHER_WAY = "delivery: another way in"
    EARLY = "delivery: before the commit"
    STORM = "delivery: storm"

    THROTTLED = "Gemini: 429"
    THROTTLED_FOR = "Gemini: 429 with RetryInfo"
    MODEL_ERROR = "Gemini: 500"
    MODEL_UNAVAILABLE = "Gemini: 503"
    MODEL_RESET = "Gemini: reset"
    CUT_OFF = "Gemini: cut off"
    TIME_OUT = "Gemini: time-out"
    EMPTY = "Gemini: empty answer"
    MALFORMED = "Gemini: malformed answer"
    SAFETY = "Gemini: SAFETY"
    MAX_TOKENS = "Gemini: MAX_TOKENS"
    NO_CODE = "Gemini: no code"
    DOES_NOT_COMPILE = "Gemini: does not compile"
    FAILED_CODE_AGAIN = "Gemini: the failed code again"
    ASKER_KILLED = "Gemini: asker killed"

    SCREENER_UNAVAILABLE = "screener: 503"
    SCREENER_RESET = "screener: reset"
    SCREENER_SLOW = "screener: slow"
    RUBBISH = "screener: rubbish"
    VALIDATOR_KILLED = "screener: asker killed"

    TERMINATED = "Postgres: connections terminated"
    CONNECTION_LOST = "Postgres: connection reset"
    OUTAGE = "Postgres: nobody let in"
    READ_ONLY = "Postgres: read-only"

    WORKER_KILLED = "Lambda: worker killed"
    ABORTED = "Step Functions: execution stopped"

    TRACES_FAIL = "Braintrust: 500"
    TRACES_HANG = "Braintrust: hangs"

    @property
    def hop(self) -> str:
        """Where it strikes."""
        return self.value.partition(":")[0]


AT_STATEMENTS = ("Postgres", "Lambda", "Step Functions", "Braintrust")
"""Hops whose faults strike when a statement for the error is on its way to Postgres."""


class Way(StrEnum):
    """A way in."""

    DATABASE = "database"
    EVENT = "event"
    QUEUE = "queue"
    DIRECT = "direct"
    WEBHOOK = "webhook"


OTHER_WAYS = tuple(way for way in Way if way is not Way.DATABASE)


class Kind(StrEnum):
    """What a problem would come to without any fault."""

    MENDED = "mended"
    HOPELESS = "hopeless"
    POOR = "poor"


@dataclass(frozen=True)
class Problem:
    """A filter that fails; each of its errors after the first is a duplicate.

    Attributes:
        marker: stands in its code, and so in every prompt and request to the screener.
        kind: `hopeless`: no answer ever compiles; `poor`: its user's budget is spent.
        model: what becomes of each question to Gemini, in order; the rest is answered well.
        screener: the same for requests to the screener.
    """

    marker: str
    user_id: UUID
    trader_id: UUID
    kind: Kind
    model: tuple[Fault | None, ...]
    screener: tuple[Fault | None, ...]


@dataclass(frozen=True)
class PlannedError:
    """An error, how it is brought in, and what strikes at which statement that names it."""

    error_id: UUID
    problem: Problem
    resolved: bool
    delivery: Fault | None
    ways: tuple[Way, ...]
    at_statement: tuple[tuple[int, Fault], ...]

    @property
    def ref(self) -> dict[str, str]:
        """What every way in says."""
        return {"error_id": str(self.error_id), "trader_id": str(self.problem.trader_id)}


def draw(seed: int, errors: int, faults: float) -> list[PlannedError]:
    """The errors of a run, in the order in which they come.

    Args:
        seed: the same one draws the same plan.
        errors: how many.
        faults: the probability of a fault at each hop, 0 to 1.
    """
    return _Draw(seed, faults).errors(errors)


class _Draw:
    def __init__(self, seed: int, faults: float) -> None:
        self._random = Random(seed)  # noqa: S311  a plan is no secret
        self._faults = faults
        self._problems: list[Problem] = []
        self._users: list[UUID] = []

    def errors(self, count: int) -> list[PlannedError]:
        return [self._error() for _ in range(count)]

    def _error(self) -> PlannedError:
        again = bool(self._problems) and self._chance(DUPLICATES)
        resolved = not again and self._chance(RESOLVED)
        problem = self._random.choice(self._problems) if again else self._problem()
        if not (again or resolved):
            self._problems.append(problem)
        delivery = self._fault("delivery")
        struck = [(self._random.randint(1, STATEMENTS), self._fault(hop)) for hop in AT_STATEMENTS]
        return PlannedError(
            error_id=self._id(),
            problem=problem,
            resolved=resolved,
            delivery=delivery,
            ways=self._ways(delivery),
            at_statement=tuple((number, fault) for number, fault in struck if fault),
        )

    def _problem(self) -> Problem:
        kind = self._random.choices(tuple(Kind), KINDS)[0]
        return Problem(
            marker=f"chaos{self._random.getrandbits(64):016x}",
            user_id=self._id() if kind is Kind.POOR else self._user(),
            trader_id=self._id(),
            kind=kind,
            model=self._each("Gemini"),
            screener=self._each("screener"),
        )

    def _user(self) -> UUID:
        """Users have several errors each: their days are written by several processes at once."""
        if len(self._problems) % ERRORS_PER_USER == 0 or not self._users:
            self._users.append(self._id())
        return self._users[-1]

    def _ways(self, delivery: Fault | None) -> tuple[Way, ...]:
        other = self._random.choice(OTHER_WAYS)
        storm = self._random.choices(tuple(Way), k=LONGEST_STORM - 1)
        match delivery:
            case Fault.LOST:
                return ()
            case Fault.DOUBLED:
                return (Way.DATABASE, other)
            case Fault.OTHER_WAY | Fault.EARLY:
                return (other,)
            case Fault.STORM:
                return (Way.DATABASE, *storm)
            case _:
                return (Way.DATABASE,)

    def _each(self, hop: str) -> tuple[Fault | None, ...]:
        return tuple(self._fault(hop) for _ in range(REQUESTS))

    def _fault(self, hop: str) -> Fault | None:
        """Always draws both numbers: a higher probability adds faults and changes no other."""
        fault = self._random.choice([fault for fault in Fault if fault.hop == hop])
        return fault if self._chance(self._faults) else None

    def _chance(self, probability: float) -> bool:
        return self._random.random() < probability

    def _id(self) -> UUID:
        return UUID(int=self._random.getrandbits(128), version=4)
