"""A template as CloudFormation sees it with given parameters: conditions decided, branches taken."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Values = Mapping[str, str]
GONE = {"Ref": "AWS::NoValue"}


def resolved(template: dict[str, Any], given: Values) -> dict[str, Any]:
    """The template without conditions, its parameters' defaults replaced by what is given."""
    parameters = {
        name: {**parameter, "Default": given.get(name, parameter["Default"])}
        for name, parameter in template["Parameters"].items()
    }
    values = {name: str(parameter["Default"]) for name, parameter in parameters.items()}
    conditions: dict[str, Any] = template["Conditions"]

    def there(entry: dict[str, Any]) -> bool:
        name = entry.get("Condition")
        return name is None or _holds(conditions[name], conditions, values)

    def part(name: str) -> dict[str, Any]:
        kept = {n: e for n, e in template[name].items() if there(e)}
        bare = {n: {k: v for k, v in e.items() if k != "Condition"} for n, e in kept.items()}
        found: dict[str, Any] = _taken(bare, conditions, values)
        return found

    rest = {n: v for n, v in template.items() if n not in {"Conditions", "Rules"}}
    parts = {name: part(name) for name in ("Resources", "Outputs")}
    return {**rest, "Parameters": parameters, **parts}


def references(value: Any) -> Iterator[str]:
    """Every name that something below refers to: by Ref, GetAtt, Sub or DependsOn."""
    if isinstance(value, list):
        for inner in value:
            yield from references(inner)
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _NAMED.get(key, references)(inner)


def _of_attribute(value: str | list[str]) -> Iterator[str]:
    yield value.partition(".")[0] if isinstance(value, str) else value[0]


def _of_substitution(value: str | list[Any]) -> Iterator[str]:
    text, own = (value, {}) if isinstance(value, str) else value
    places = {place.partition(".")[0] for place in re.findall(r"\$\{([^!}][^}]*)\}", text)}
    yield from places - own.keys()
    yield from references(own)


def _of_order(value: str | list[str]) -> Iterator[str]:
    yield from [value] if isinstance(value, str) else value


_NAMED: dict[str, Callable[[Any], Iterator[str]]] = {
    "Ref": lambda name: iter([name]),
    "Fn::GetAtt": _of_attribute,
    "Fn::Sub": _of_substitution,
    "DependsOn": _of_order,
}


def _holds(condition: Any, conditions: dict[str, Any], values: Values) -> bool:
    [(function, argument)] = condition.items()
    match function:
        case "Condition":
            return _holds(conditions[argument], conditions, values)
        case "Fn::Not":
            return not _holds(argument[0], conditions, values)
        case "Fn::And":
            return all(_holds(each, conditions, values) for each in argument)
        case "Fn::Or":
            return any(_holds(each, conditions, values) for each in argument)
        case "Fn::Equals":
            one, other = (_text(each, values) for each in argument)
            return one == other
    raise AssertionError(f"unknown condition {function}")


def _text(value: Any, values: Values) -> str:
    match value:
        case {"Ref": name}:
            return values[name]
        case {"Fn::Join": ["", {"Ref": name}]}:
            return values[name].replace(",", "")
    assert not isinstance(value, dict), value
    return str(value)


def _taken(value: Any, conditions: dict[str, Any], values: Values) -> Any:
    """With the branch of each Fn::If that is taken, and without what is no value."""
    if isinstance(value, list):
        items = [_taken(inner, conditions, values) for inner in value]
        return [item for item in items if item != GONE]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"Fn::If"}:
        name, then, otherwise = value["Fn::If"]
        branch = then if _holds(conditions[name], conditions, values) else otherwise
        return _taken(branch, conditions, values)
    fields = {key: _taken(inner, conditions, values) for key, inner in value.items()}
    return {key: inner for key, inner in fields.items() if inner != GONE}
