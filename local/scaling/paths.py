"""The ways a run goes through the state machine, counted on its own definition."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from local.scaling.deployment import Deployment, States

_OUTCOME = re.compile(r"input\.outcome = '(\w+)'")
_FUNCTION = re.compile(r"\$\{(\w+)FunctionArn\}")


@dataclass(frozen=True)
class Path:
    """One way to the end.

    Attributes:
        states: the states that an execution enters, in order.
        functions: those that these states invoke, in order, by their names in small letters.
        turns: how often a candidate is made.
        asked: whether the model makes them; a certain change costs no question.
        proposed: whether it ends with a proposed fix.
        waits_seconds: what it waits between attempts.
    """

    states: tuple[str, ...]
    functions: tuple[str, ...]
    turns: int
    asked: bool
    proposed: bool
    waits_seconds: int

    @property
    def questions(self) -> int:
        """Questions to the model."""
        return self.turns if self.asked else 0

    @property
    def transitions(self) -> int:
        """What Step Functions bills: each step, and the one out of the start."""
        return len(self.states) + 1


@dataclass(frozen=True)
class Paths:
    """The four ways that the arithmetic tells apart; anything longer is as long as it can be."""

    mechanical: Path
    one_turn: Path
    two_turns: Path
    three_attempts: Path


@cache
def paths(machine: Deployment) -> Paths:
    """The ways through this state machine with these attempts and turns."""
    longest = [
        (attempt, turn)
        for attempt in range(1, machine.attempts + 1)
        for turn in range(1, machine.turns_per_attempt + 1)
    ]
    return Paths(
        mechanical=_path(machine, 1, asked=False),
        one_turn=_path(machine, 1),
        two_turns=_path(machine, 2),
        three_attempts=_path(machine, len(longest), proposed=False),
    )


def visited(machine: Deployment, outcomes: Iterable[str]) -> tuple[str, ...]:
    """The states that an execution enters when its tasks return these outcomes, in order."""
    left = iter(outcomes)
    name, outcome, seen = machine.start, "", list[str]()
    while True:
        seen.append(name)
        state = machine.states[name]
        if state["Type"] == "Task":
            outcome = next(left)
        if state.get("End"):
            return tuple(seen)
        name = _chosen(state, outcome) if state["Type"] == "Choice" else state["Next"]


def _chosen(state: dict[str, object], outcome: str) -> str:
    choices = state["Choices"]
    assert isinstance(choices, list)
    for choice in choices:
        match = _OUTCOME.search(choice["Condition"])
        if match and match[1] == outcome:
            return str(choice["Next"])
    return str(state["Default"])


def _invoked(states: States, entered: Iterable[str]) -> Iterator[str]:
    for name in entered:
        function = _FUNCTION.search(states[name].get("Arguments", {}).get("FunctionName", ""))
        if function:
            yield function[1].lower()


def _path(machine: Deployment, turns: int, *, asked: bool = True, proposed: bool = True) -> Path:
    """So many turns: feedback within an attempt, a wait between two, then the end."""
    attempts = -(-turns // machine.turns_per_attempt)
    outcomes = [
        outcome
        for turn in range(1, turns + 1)
        for outcome in ("candidate", "candidate", _follows(machine, turn, turns))
    ]
    states = visited(machine, outcomes)
    return Path(
        states=states,
        functions=tuple(_invoked(machine.states, states)),
        turns=turns,
        asked=asked,
        proposed=proposed,
        waits_seconds=sum(machine.backoff_seconds[1:attempts]),
    )


def _follows(machine: Deployment, turn: int, turns: int) -> str:
    if turn == turns:
        return "done"
    return "retry" if turn % machine.turns_per_attempt == 0 else "feedback"
