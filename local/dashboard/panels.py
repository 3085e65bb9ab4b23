"""What each widget shows: its lines' points, or its table's rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from local.dashboard import DashboardError
from local.dashboard.body import Body, Line, LogProperties, MetricProperties, Widget
from local.dashboard.expression import Expression
from local.dashboard.insights import parse
from local.dashboard.logs import LogLine
from local.dashboard.series import Points, Source, Window


@dataclass(frozen=True)
class Curve:
    """A line as it is shown; without points where they are not recorded here.

    Attributes:
        unit: CloudWatch's name of it, `None` for none.
    """

    label: str
    points: Points | None
    axis: Literal["left", "right"]
    unit: str

    @property
    def latest(self) -> float | None:
        """What CloudWatch shows as the single value: that of the last period with one."""
        return self.points[max(self.points)] if self.points else None


@dataclass(frozen=True)
class Chart:
    """A widget of metrics."""

    properties: MetricProperties
    window: Window
    curves: list[Curve]


@dataclass(frozen=True)
class Table:
    """A widget of log lines."""

    title: str
    columns: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Panel:
    """A widget's place and what it shows."""

    widget: Widget
    content: Chart | Table


@dataclass(frozen=True)
class Figures:
    """Where everything on a dashboard comes from: sources by namespace, log lines by group."""

    sources: Mapping[str, Source]
    lines: Callable[[str], Sequence[LogLine]]


def panels(
    body: Body, figures: Figures, start: float, end: float, period: int | None = None
) -> list[Panel]:
    """Everything that the dashboard shows for a range of time.

    Args:
        body: the dashboard.
        figures: where the figures come from.
        start: where the range begins, in seconds since 1970.
        end: where it ends.
        period: the graphs' period in seconds, instead of their own.

    Raises:
        DashboardError: a widget asks for what there is not.
    """
    shown: list[Panel] = []
    for widget in body.widgets:
        properties = widget.properties
        if isinstance(properties, LogProperties):
            shown.append(Panel(widget, _table(properties, figures)))
            continue
        own = period if period and properties.view == "timeSeries" else None
        window = Window(start, end, None if properties.whole_range else own or properties.period)
        curves = _Curves(properties, figures, window, own).shown()
        shown.append(Panel(widget, Chart(properties, window, curves)))
    return shown


def _table(properties: LogProperties, figures: Figures) -> Table:
    query = parse(properties.query)
    lines = [line for group in query.sources for line in figures.lines(group)]
    return Table(properties.title, query.fields, query.rows(lines))


class _Curves:
    """The lines of one widget: metrics first, then what is calculated of them."""

    def __init__(
        self, properties: MetricProperties, figures: Figures, window: Window, period: int | None
    ) -> None:
        self._properties, self._figures = properties, figures
        self._window, self._period = window, period
        self._by_id: dict[str | None, Curve] = {}

    def shown(self) -> list[Curve]:
        lines = self._properties.metrics
        metrics = {n: self._of_metric(line) for n, line in enumerate(lines) if line.metric}
        self._by_id = {
            line.id: metrics[n] for n, line in enumerate(lines) if n in metrics and line.id
        }
        both = [metrics.get(n) or self._of_expression(line) for n, line in enumerate(lines)]
        return [curve for curve, line in zip(both, lines, strict=True) if line.visible]

    def _of_metric(self, line: Line) -> Curve:
        assert line.metric
        source = self._figures.sources.get(line.metric.namespace)
        if source is None:
            raise DashboardError(f"there is no namespace {line.metric.namespace} ({line.metric})")
        window = self._window
        if line.period and not self._period and window.period:
            window = replace(window, period=line.period)
        stat = line.stat or self._properties.stat
        points = source.points(line.metric, stat, window)
        unit = "Count" if stat == "SampleCount" else source.unit(line.metric)
        return Curve(line.label or line.metric.name, points, line.axis, unit)

    def _of_expression(self, line: Line) -> Curve:
        assert line.expression
        expression = Expression(line.expression)
        series: dict[str, Points] = {}
        for name in expression.ids & self._by_id.keys():
            points = self._by_id[name].points
            if points is None:
                return Curve(line.label or expression.text, None, line.axis, "None")
            series[name] = points
        points = expression.points(series, self._window.periods())
        return Curve(line.label or expression.text, points, line.axis, "None")
