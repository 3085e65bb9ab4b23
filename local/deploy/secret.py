"""`make secret`: values into the stack's secret, which are never shown; and what it still lacks."""

import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any

import boto3
import psycopg
from psycopg.conninfo import conninfo_to_dict

from filtermend.settings import Secret
from local.deploy import CannotDeploy
from local.deploy.stack import Stack, asking

FIELDS = tuple(Secret.model_fields)
MADE = "webhook_token"
"""Nobody types it: it is made with the secret, or here where an older one lacks it."""
HINTS = {
    "database_url": "postgresql://user:password@host:5432/database",
    "gemini_api_key": "of Google AI Studio or Vertex AI",
    "braintrust_api_key": "only for traces in Braintrust",
    "go_backend_token": "only for GoBackendAuth=bearer",
}
Values = dict[str, str]


def needed(parameters: Mapping[str, str]) -> list[str]:
    """The fields without which a stack with these parameters repairs nothing."""
    own = bool(parameters.get("GoBackendUrl"))  # else the screener, which takes no token
    return Secret.needed(parameters.get("GoBackendAuth", "none") if own else "none")


def lacks(stack: Stack, values: Mapping[str, str]) -> list[str]:
    """The fields that are needed and empty."""
    return [field for field in needed(stack.parameters) if not values.get(field)]


def read(session: boto3.Session, stack: Stack) -> Values:
    """The secret's fields.

    Raises:
        CannotDeploy: it cannot be read, or is no JSON object of strings.
    """
    secret_id = stack.output("SecretId")
    with asking(f"read the secret {secret_id}"):
        answer = session.client("secretsmanager").get_secret_value(SecretId=secret_id)
    return _strings(answer.get("SecretString", ""), f"the secret {secret_id}")


def write(session: boto3.Session, stack: Stack, values: Values) -> None:
    """Replace the secret's value.

    Raises:
        CannotDeploy: it cannot be written.
    """
    secret_id = stack.output("SecretId")
    with asking(f"write the secret {secret_id}"):
        session.client("secretsmanager").put_secret_value(
            SecretId=secret_id, SecretString=json.dumps(values)
        )


def parse(text: str) -> Values:
    """The new values of a JSON object, as it comes on standard input.

    Raises:
        CannotDeploy: it is none, or has a field that the secret has not.
    """
    given = _strings(text, "standard input")
    unknown = sorted(given.keys() - set(FIELDS))
    if unknown:
        raise CannotDeploy(
            f"the secret has no field {', '.join(unknown)}: it has {', '.join(FIELDS)}"
        )
    return given


def ask(current: Mapping[str, str], prompt: Callable[[str], str]) -> Values:
    """The new values, asked for one by one; `prompt` shows nothing of what is typed."""
    given: Values = {}
    for field in FIELDS:
        if field != MADE:
            state = "empty keeps the present one" if current.get(field) else "not set"
            given[field] = prompt(f"{field} ({HINTS[field]}; {state}): ")
    return given


def merge(current: Values, given: Mapping[str, str]) -> Values:
    """The secret with the new values; an empty one keeps the old, and a missing token is made.

    Raises:
        CannotDeploy: database_url is no connection string of a Postgres.
    """
    new = {field: value.strip() for field, value in given.items() if value.strip()}
    if "database_url" in new:
        _check_database_url(new["database_url"])
    merged = current | new
    if not merged.get(MADE):
        merged[MADE] = secrets.token_urlsafe(36)
    return merged


def _check_database_url(value: str) -> None:
    try:
        fields = conninfo_to_dict(value)
    except psycopg.ProgrammingError:  # its text quotes the string, with the password
        fields = {}
    if not fields.get("host"):
        raise CannotDeploy(
            f"database_url is no connection string of a Postgres: {HINTS['database_url']}"
        )


def _strings(text: str, what: str) -> Values:
    try:
        found: Any = json.loads(text)
    except ValueError:  # its text may quote a value
        found = None
    if not isinstance(found, dict) or not all(isinstance(v, str) for v in found.values()):
        raise CannotDeploy(f'{what} is no JSON object of strings: {{"gemini_api_key": "…"}}')
    return found
