"""docs/metrics.md names every metric, and none that is not emitted."""

import re

from local.folder import ROOT

EMITTED = re.compile(r'\b(?:count|seconds|dollars|count_by_type)\(\s*"(\w+)"')
NAMED = re.compile(r'"(filter_regeneration_\w+_total)"')


def test_the_page_has_exactly_what_is_emitted() -> None:
    sources = [path.read_text() for path in (ROOT / "layers/filtermend").rglob("*.py")]
    emitted = {name for text in sources for form in (EMITTED, NAMED) for name in form.findall(text)}
    page = (ROOT / "docs/metrics.md").read_text()
    assert set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) == emitted
    assert len(emitted) > 15
