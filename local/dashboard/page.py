"""The dashboard as an HTML page that loads nothing: pictures and tables on the same grid."""

from base64 import b64encode
from collections.abc import Sequence
from html import escape
from io import BytesIO

from local.dashboard.body import GRID_COLUMNS
from local.dashboard.drawing import alone
from local.dashboard.panels import Panel, Table
from local.dashboard.style import FAINT, GRID, INK, NO_DATA, PAPER, printable

_HEAD = f"""\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>{{heading}}</title>
<style>
  body {{{{ margin: 0 auto; padding: 12px; max-width: 1800px; background: {PAPER};
    color: {INK}; font: 13px system-ui, sans-serif; }}}}
  h1 {{{{ font-size: 18px; margin: 4px 6px 10px; }}}}
  main {{{{ display: grid; grid-template-columns: repeat({GRID_COLUMNS}, 1fr); }}}}
  img {{{{ width: 100%; display: block; }}}}
  section {{{{ background: white; border: 1px solid {GRID}; margin: 5px; padding: 8px 12px;
    overflow-x: auto; }}}}
  h2 {{{{ font-size: 13px; margin: 0 0 8px; }}}}
  table {{{{ border-collapse: collapse; width: 100%; font-size: 12px; }}}}
  th, td {{{{ text-align: left; vertical-align: top; padding: 3px 10px 3px 0;
    border-bottom: 1px solid {GRID}; }}}}
  th {{{{ color: {FAINT}; }}}}
</style>
<h1>{{heading}}</h1>
<main>
"""


def page(panels: Sequence[Panel], heading: str) -> str:
    """The page; texts from logs are escaped."""
    parts = [_HEAD.format(heading=_text(heading))]
    for panel in panels:
        place = panel.widget
        area = (
            f"grid-column: {place.x + 1} / span {place.width}; "
            f"grid-row: {place.y + 1} / span {place.height}"
        )
        content = panel.content
        inner = _table(content) if isinstance(content, Table) else _picture(panel)
        parts.append(f'<div style="{area}">{inner}</div>\n')
    return "".join([*parts, "</main>\n</html>\n"])


def _picture(panel: Panel) -> str:
    image = BytesIO()
    alone(panel).savefig(image, format="svg")
    encoded = b64encode(image.getvalue()).decode()
    title = _text(panel.widget.properties.title)
    return f'<img alt="{title}" src="data:image/svg+xml;base64,{encoded}">'


def _table(table: Table) -> str:
    head = "".join(f"<th>{_text(name)}</th>" for name in table.columns)
    rows = "".join(
        "<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in row) + "</tr>\n"
        for row in table.rows
    )
    body = f"<table><tr>{head}</tr>\n{rows}</table>" if table.rows else f"<p>{NO_DATA}</p>"
    return f"<section><h2>{_text(table.title)}</h2>{body}</section>"


def _text(text: str) -> str:
    return escape(printable(text))
