"""The documents are checked against what they speak of, so that the two cannot drift."""

import re
from pathlib import Path

import pytest

from local.folder import ROOT

README = ROOT / "README.md"
DEPLOY = ROOT / "docs/deploy.md"
PAGES = [README, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted(ROOT.glob("docs/*.md"))]
PAGES += [ROOT / "tests/evals/README.md", ROOT / "src/screener/README.md"]
MAKEFILE = (ROOT / "Makefile").read_text()


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


every_page = pytest.mark.parametrize("page", PAGES, ids=named)


def slug(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors(page: Path) -> set[str]:
    text = re.sub(r"^ *```.*?^ *```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    return {slug(heading) for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}


@every_page
def test_every_make_target_it_names_exists(page: Path) -> None:
    if page.parent.name == "screener":
        pytest.skip("it has a Makefile of its own")
    assigned = r"(?:[A-Z_]+=\S+ )*"
    targets = set(
        re.findall(rf"(?:^ *|`{assigned}|&& )make ([\w-]+)", page.read_text(), re.MULTILINE)
    )
    if page == README:
        assert {"demo", "test", "up", "down", "deploy"} <= targets
    for target in targets:
        assert re.search(rf"^(?:[\w-]+ )*{target}(?: [\w-]+)*:", MAKEFILE, re.MULTILINE), target


@every_page
def test_every_path_it_names_exists(page: Path) -> None:
    folders = "src|layers|prompts|tests|local|docs|events|requirements|[.]github"
    for path in re.findall(rf"`((?:{folders})/[\w/.*-]+)`", page.read_text()):
        assert list(ROOT.glob(path)) or list(page.parent.glob(path)), path


@every_page
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if link.startswith(("http://", "https://")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target), link


@pytest.mark.parametrize("page", [README, DEPLOY], ids=named)
def test_every_output_and_parameter_it_names_is_in_the_template(page: Path) -> None:
    template = (ROOT / "template.yaml").read_text()
    names = set(re.findall(r"[<`]((?:[A-Z][a-z]+){2,})(?:[>`]|=)", page.read_text()))
    assert names
    of_aws = {"AccessDenied", "InputTransformer"}
    for name in names - of_aws:
        assert f"\n  {name}:" in template, name


def test_what_is_changed_by_hand_is_said_to_be_unreleased() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text()
    versions = re.findall(r"^## \[([^\]]+)\]", changelog, re.MULTILINE)
    assert versions[0] == "Unreleased"
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions[1:])


@every_page
def test_nothing_in_it_is_left_to_be_filled_in(page: Path) -> None:
    assert not re.search(r"@[A-Z]+@|\bTODO\b|\bTBD\b", page.read_text())
