"""The files in events/: one for each way into a function, named `<function>[-<way>].json`."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.folder import ROOT
from local.services import StackError

EVENTS = ROOT / "events"


@dataclass(frozen=True)
class Event:
    """An event file and the function that it is for, by logical id."""

    path: Path
    function: str

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.path.stem

    @property
    def content(self) -> Any:
        """What the function gets."""
        return json.loads(self.path.read_text("utf-8"))

    @property
    def call(self) -> tuple[str, str] | None:
        """Method and path where it is a call over HTTP."""
        content = self.content
        if not isinstance(content, dict) or "requestContext" not in content:
            return None
        return content["requestContext"]["http"]["method"], content["rawPath"]


def events_of(functions: Iterable[str], folder: Path = EVENTS) -> list[Event]:
    """The events of some functions, function by function.

    Raises:
        StackError: a function has none, or a file belongs to none of them.
    """
    paths = sorted(folder.glob("*.json"))
    found = []
    for function in functions:
        way = function.removesuffix("Function").lower()
        own = [path for path in paths if path.stem == way or path.stem.startswith(f"{way}-")]
        if not own:
            raise StackError(f"{function} has no event: put one into {folder}/{way}.json")
        found += [Event(path, function) for path in own]
    for path in paths:
        if path not in {event.path for event in found}:
            raise StackError(f"{path} is for no function of the template: name it after one")
    return found
