"""Our own metrics: the functions' log lines in the embedded metric format."""

import json
import re
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import BaseModel, Field

from filtermend.telemetry import NAMESPACE as NAMESPACE  # noqa: PLC0414  of these metrics
from local.dashboard import DashboardError
from local.dashboard.logs import LogLine
from local.dashboard.series import Metric, Points, Sample, Sampled, Window
from local.folder import ROOT

_PAGE = ROOT / "docs/metrics.md"
_ROW = re.compile(r"^\| `(\w+)` \| [^|]* \| ([^|]*) \|", re.MULTILINE)


class _Definition(BaseModel):
    name: Annotated[str, Field(alias="Name")]
    unit: Annotated[str, Field(alias="Unit")] = "None"


class _Directive(BaseModel):
    namespace: Annotated[str, Field(alias="Namespace")]
    dimensions: Annotated[list[list[str]], Field(alias="Dimensions")]
    metrics: Annotated[list[_Definition], Field(alias="Metrics")]


class _Metadata(BaseModel):
    milliseconds: Annotated[int, Field(alias="Timestamp")]
    directives: Annotated[list[_Directive], Field(alias="CloudWatchMetrics")]


class _EmbeddedMetrics(BaseModel, extra="allow"):
    metadata: Annotated[_Metadata, Field(alias="_aws")]

    def samples(self) -> Iterable[Sample]:
        """A sample per value and set of dimensions."""
        fields: dict[str, Any] = self.model_extra or {}
        time = self.metadata.milliseconds / 1000
        for directive in self.metadata.directives:
            for names in directive.dimensions:
                dimensions = frozenset((name, str(fields[name])) for name in names)
                for definition in directive.metrics:
                    metric = Metric(directive.namespace, definition.name, dimensions)
                    values = fields[definition.name]
                    for value in values if isinstance(values, list) else [values]:
                        yield Sample(metric, time, float(value), definition.unit)


def samples(lines: Iterable[LogLine]) -> list[Sample]:
    """The samples in log lines; lines of another form have none.

    Raises:
        DashboardError: a line in this form lacks what it announces.
    """
    found: list[Sample] = []
    for line in lines:
        content = _content(line)
        if "_aws" not in content:
            continue
        try:
            found.extend(_EmbeddedMetrics.model_validate(content).samples())
        except (ValueError, KeyError, TypeError) as error:
            raise DashboardError(f"a line's embedded metrics are broken: {error}") from None
    return found


def _content(line: LogLine) -> dict[str, Any]:
    try:
        content = json.loads(line.message)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


class OwnMetrics(Sampled):
    """The namespace of this system; docs/metrics.md says which metrics there are."""

    def points(self, metric: Metric, stat: str, window: Window) -> Points:
        """A statistic per period that has samples.

        Raises:
            DashboardError: docs/metrics.md has no such metric with such dimensions.
        """
        rows = dict(_ROW.findall(_PAGE.read_text("utf-8")))
        names = {name for name, _ in metric.dimensions}
        if names not in [set(re.findall(r"\w+", s)) for s in rows.get(metric.name, "").split(";")]:
            raise DashboardError(f"docs/metrics.md has no metric {metric} with these dimensions")
        return super().points(metric, stat, window)
