"""The README is checked against what it speaks of, so that the two cannot drift."""

import re

from local.folder import ROOT

README = (ROOT / "README.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()


def test_every_make_target_it_names_exists() -> None:
    targets = set(re.findall(r"(?:^|`(?:\w+=\S+ )*)make ([\w-]+)", README, re.MULTILINE))
    assert {"demo", "test", "up", "down", "deploy"} <= targets
    for target in targets:
        assert re.search(rf"^(?:[\w-]+ )*{target}(?: [\w-]+)*:", MAKEFILE, re.MULTILINE), target


def test_every_path_it_names_exists() -> None:
    for path in re.findall(r"`((?:src|layers|prompts|tests|local)/[\w/.*-]+)`", README):
        assert (ROOT / path).exists(), path


def test_every_output_and_parameter_it_names_is_in_the_template() -> None:
    template = (ROOT / "template.yaml").read_text()
    names = set(re.findall(r"[<`]((?:[A-Z][a-z]+){2,})[>`]", README))
    assert "TriggerFunctionArn" in names
    for name in names:
        assert f"\n  {name}:" in template, name
