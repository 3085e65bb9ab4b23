"""How chaos is run: SEED, ERRORS and FAULTS."""

import os
from dataclasses import dataclass
from random import SystemRandom


class BadOption(Exception):
    """A variable that is none of the choices; the message says which and what it may be."""


@dataclass(frozen=True)
class Options:
    """A run.

    Attributes:
        seed: draws the plan; without one, a new one each time.
        errors: how many.
        faults: the probability of a fault at each hop.
    """

    seed: int
    errors: int
    faults: float

    @classmethod
    def from_environment(cls) -> "Options":
        """Read the variables.

        Raises:
            BadOption: naming the variable that cannot be used.
        """
        try:
            seed = int(os.environ.get("SEED") or SystemRandom().randrange(10**6))
            errors = int(os.environ.get("ERRORS") or 200)
            faults = float(os.environ.get("FAULTS") or 0.2)
        except ValueError:
            raise BadOption("SEED and ERRORS are integers, FAULTS is a number") from None
        if errors < 1 or not 0 <= faults <= 1:
            raise BadOption("ERRORS is at least 1, FAULTS between 0 and 1")
        return cls(seed, errors, faults)
