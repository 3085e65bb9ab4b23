"""The pipeline without some of its steps, to see what each of them is worth."""

import dataclasses
from collections.abc import Collection
from typing import Any

from filtermend.regeneration import Regenerator
from filtermend.rules.missing_data import MissingData
from filtermend.validation import Validation
from filtermend.validator import MarketData, Mended, Validator, Verdict

STEPS = ("mechanical", "diagnosis", "mending", "intent", "contract")
"""What can be left out.

mechanical: the certain changes to the failed code, as a fix and in the prompt. diagnosis: what is
wrong with the failed code, in the prompt, and with it the certain changes. mending: the certain
changes to the model's answers. intent: the refusal of answers that give up. contract: what a
filter may use, in the prompt.
"""


def without(
    steps: Collection[str], regenerator: Regenerator, validation: Validation
) -> tuple[Regenerator, Validation]:
    """The tools that do without these steps."""
    if "mechanical" in steps:
        backend = _Unmended(regenerator.backend)
        regenerator = dataclasses.replace(regenerator, backend=backend)
    if "diagnosis" in steps:
        regenerator = dataclasses.replace(regenerator, backend=_Silent(regenerator.backend))
    if "contract" in steps:
        regenerator = dataclasses.replace(regenerator, contract=lambda: "")
    if "mending" in steps:
        validation = dataclasses.replace(validation, validator=_Unmended(validation.validator))
    if "intent" in steps:
        validation = dataclasses.replace(validation, validator=_Trusting(validation.validator))
    return regenerator, validation


class _Wrapped(Validator):
    """A backend whose answers are changed on their way."""

    def __init__(self, backend: Validator) -> None:
        self._backend = backend

    def validate(self, code: str, *, replaces: str | None = None) -> Verdict:
        return self._backend.validate(code, replaces=replaces)

    def mend(
        self, code: str, market_data: MarketData, missing: MissingData, **how: Any
    ) -> Mended | None:
        return self._backend.mend(code, market_data, missing, **how)


class _Unmended(_Wrapped):
    """Finds what is wrong, and changes nothing."""

    def mend(
        self, code: str, market_data: MarketData, missing: MissingData, **how: Any
    ) -> Mended | None:
        found = super().mend(code, market_data, missing, **how)
        if found is None:
            return None
        body = self.validate(code).normalized_code or code
        before = found.before
        return Mended(code=body, changes=[], before=before, **before.model_dump())


class _Silent(_Wrapped):
    """Says nothing about the code that failed."""

    def mend(self, code: str, market_data: MarketData, missing: MissingData, **how: Any) -> None:
        return None


class _Trusting(_Wrapped):
    """Has no objection to answers that give up."""

    def validate(self, code: str, *, replaces: str | None = None) -> Verdict:
        return super().validate(code)
