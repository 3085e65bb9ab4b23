"""Figures with a unit and a source, each of which a variable of the same name replaces."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from local.scaling import ScalingError


class Figure(NamedTuple):
    """One figure, as it is shown."""

    name: str
    value: str
    unit: str
    source: str


def figure(value: float | str, unit: str, source: str, **limits: Any) -> Any:
    """A field of a model of figures; numbers may not be negative."""
    least = {} if isinstance(value, str) else {"ge": 0}
    return Field(value, title=unit, description=source, **(least | limits))


class Figures(BaseModel):
    """Fields are variables of the same name in capitals; empty means the figure given here."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @classmethod
    def from_variables(cls, given: Mapping[str, str]) -> Self:
        """The figures, with those replaced that the variables name.

        Raises:
            ScalingError: naming the variable that cannot be used, and why.
        """
        values = {name: given[name.upper()] for name in cls.model_fields if given.get(name.upper())}
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            problem = error.errors()[0]
            name = f"{problem['loc'][0]}: ".upper() if problem["loc"] else ""
            raise ScalingError(name + problem["msg"].removeprefix("Value error, ")) from None

    def listed(self) -> list[Figure]:
        """Every figure with its unit and source."""
        return [
            Figure(
                name.upper(), f"{getattr(self, name)}", field.title or "", field.description or ""
            )
            for name, field in type(self).model_fields.items()
        ]
