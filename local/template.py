"""template.yaml as plain values, as it is written and as CloudFormation gets it."""

from typing import Any

import boto3
import yaml
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from local.folder import ROOT


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short forms as well."""


def _intrinsic(loader: Any, tag: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    return {tag if tag in {"Ref", "Condition"} else f"Fn::{tag}": value}


yaml.add_multi_constructor("!", _intrinsic, Loader=_Loader)


def template() -> dict[str, Any]:
    """As it is written: `!Ref x` is {"Ref": "x"}, `!GetAtt a.b` {"Fn::GetAtt": "a.b"}."""
    text = (ROOT / "template.yaml").read_text("utf-8")
    document: dict[str, Any] = yaml.load(text, _Loader)  # noqa: S506  a safe loader
    return document


def translated() -> dict[str, Any]:
    """What CloudFormation gets: Globals merged, events, roles and permissions written out."""
    document = template()
    for resource in document["Resources"].values():
        for key in {"CodeUri", "ContentUri", "DefinitionUri"} & resource["Properties"].keys():
            resource["Properties"][key] = "s3://bucket/key"  # as after packaging
    session = boto3.Session(region_name="us-east-1")
    result: dict[str, Any] = Translator({}, Parser(), boto_session=session).translate(document, {})
    return result
