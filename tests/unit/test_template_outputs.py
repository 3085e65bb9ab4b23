"""Each output is there for somebody, and what the pages name is there."""

import re

import pytest

from local.folder import ROOT
from local.stack import variable
from tests.unit.cloudformation import PARAMETERS, TEMPLATE

OUTPUTS = TEMPLATE["Outputs"]
PAGES = {
    path.name: path.read_text("utf-8") for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
}
CODE = [
    path.read_text("utf-8")
    for folder in ("local", "tests/e2e", "tests/chaos")
    for path in (ROOT / folder).rglob("*.py")
]


@pytest.mark.parametrize("name", OUTPUTS)
def test_an_output_says_what_it_is_for(name: str) -> None:
    assert OUTPUTS[name]["Description"].endswith(".")


@pytest.mark.parametrize("name", OUTPUTS)
def test_an_output_is_used(name: str) -> None:
    used = re.compile(rf"\b({name}|{variable(name)})\b")
    assert [text for text in [*PAGES.values(), *CODE] if used.search(text)]


@pytest.mark.parametrize("page", PAGES)
def test_an_output_that_a_page_names_is_there(page: str) -> None:
    named = set(re.findall(r"[`<]((?:[A-Z][a-z]+){2,}(?:Arn|Url|Name|Id))[`>]", PAGES[page]))
    assert named <= OUTPUTS.keys() | PARAMETERS.keys()


def test_the_pages_name_outputs() -> None:
    assert "`StopParameterName`" in PAGES["operations.md"]
    assert "<SecretId>" in PAGES["deploy.md"]
