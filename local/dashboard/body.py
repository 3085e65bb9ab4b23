"""A dashboard's JSON: widgets and what they ask for.

What is not known here is refused by name: a widget that is drawn is drawn as CloudWatch would.
"""

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from local.dashboard import DashboardError
from local.dashboard.series import Metric

GRID_COLUMNS = 24
_SHORTHAND = {".", "..."}


class Part(BaseModel):
    """Anything in the JSON; a property that is not known here is an error."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)


class Line(Part):
    """A metric or an expression over other lines' ids; `visible` false: only for expressions."""

    metric: Metric | None = None
    expression: str | None = None
    id: Annotated[str | None, Field(pattern=r"^[a-z][A-Za-z0-9_]*$")] = None
    label: str = ""
    stat: str | None = None
    period: Annotated[int | None, Field(ge=1)] = None
    visible: bool = True
    axis: Annotated[Literal["left", "right"], Field(alias="yAxis")] = "left"

    @model_validator(mode="before")
    @classmethod
    def _of_array(cls, array: Any) -> Any:
        """From CloudWatch's `[namespace, name, dimension, value, …, {options}]`."""
        if not isinstance(array, list) or not array:
            raise ValueError("a line is an array")
        options = array[-1] if isinstance(array[-1], dict) else {}
        words = array[:-1] if isinstance(array[-1], dict) else array
        if not words:
            if "expression" not in options:
                raise ValueError("a line without a metric needs an expression")
            return options
        texts = all(isinstance(word, str) for word in words)
        if not texts or len(words) % 2 or _SHORTHAND & set(words):
            raise ValueError(f"write namespace, name and dimensions out, in {words}")
        namespace, name, *pairs = words
        dimensions = frozenset(zip(pairs[::2], pairs[1::2], strict=True))
        return options | {"metric": Metric(namespace, name, dimensions)}


class Axis(Part):
    """Limits of an axis."""

    min: float | None = None
    max: float | None = None
    label: str = ""
    showUnits: bool = True  # noqa: N815  CloudWatch's name


class Axes(Part):
    """Both axes."""

    left: Axis = Axis()
    right: Axis = Axis()


class HorizontalAnnotation(Part):
    """A line across the graph."""

    label: str = ""
    value: float


class Annotations(Part):
    """Lines across the graph."""

    horizontal: list[HorizontalAnnotation] = []


class MetricProperties(Part):
    """A graph, or values in big figures."""

    title: str
    region: str
    metrics: list[Line]
    view: Literal["timeSeries", "singleValue"] = "timeSeries"
    stat: str = "Average"
    period: Annotated[int, Field(ge=1)] = 300
    whole_range: Annotated[bool, Field(alias="setPeriodToTimeRange")] = False
    axes: Annotated[Axes, Field(alias="yAxis")] = Axes()
    annotations: Annotations = Annotations()


class LogProperties(Part):
    """A table of log lines."""

    title: str
    region: str
    query: str
    view: Literal["table"] = "table"


class Placed(Part):
    """Where a widget is, in columns and rows of the grid."""

    x: Annotated[int, Field(ge=0, lt=GRID_COLUMNS)]
    y: Annotated[int, Field(ge=0)]
    width: Annotated[int, Field(ge=1, le=GRID_COLUMNS)]
    height: Annotated[int, Field(ge=1)]


class MetricWidget(Placed):
    """A widget of metrics."""

    type: Literal["metric"]
    properties: MetricProperties


class LogWidget(Placed):
    """A widget of log lines."""

    type: Literal["log"]
    properties: LogProperties


Widget = Annotated[MetricWidget | LogWidget, Field(discriminator="type")]


class Body(Part):
    """A whole dashboard; `start` is how long before now its range of time begins."""

    start: timedelta
    periodOverride: Literal["inherit"] = "inherit"  # noqa: N815  CloudWatch's name
    widgets: list[Widget]


def parse(text: str) -> Body:
    """Read a dashboard's JSON.

    Raises:
        DashboardError: it is no JSON, or says something that is not known here; names it.
    """
    try:
        return Body.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise DashboardError(
            f"the dashboard's JSON at {place or 'its beginning'}: {first['msg']} "
            f"({str(first['input'])[:80]})"
        ) from None
