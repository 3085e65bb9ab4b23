"""How the load is run: LOAD and ERRORS."""

import os
from dataclasses import dataclass

ALL = "all"
KINDS = {"once": 100, "bursts": 1000, "growth": 100}
"""What can be measured, and with how many errors."""
MOST = {"once": 200, "bursts": 1500, "growth": 200}
"""Without the emulator, each error has a process. And the Gemini endpoint remembers 2,000 calls."""


class BadOption(Exception):
    """A variable that is none of the choices; the message says which and what it may be."""


@dataclass(frozen=True)
class Options:
    """What is measured, with so many errors each."""

    errors: dict[str, int]

    @classmethod
    def from_environment(cls) -> "Options":
        """Read the variables.

        Raises:
            BadOption: naming the variable that cannot be used.
        """
        kind = os.environ.get("LOAD") or "once"
        if kind not in (*KINDS, ALL):
            raise BadOption(f"LOAD is {kind!r}: take one of {', '.join(KINDS)} or {ALL}")
        chosen = KINDS if kind == ALL else {kind: KINDS[kind]}
        given = os.environ.get("ERRORS")
        try:
            errors = {kind: int(given or usual) for kind, usual in chosen.items()}
        except ValueError:
            raise BadOption(f"ERRORS is {given!r}: take a whole number") from None
        most = min(MOST[kind] for kind in errors)
        if given and not 1 <= int(given) <= most:
            raise BadOption(f"ERRORS is {given}: take a number from 1 to {most}")
        return cls(errors)
