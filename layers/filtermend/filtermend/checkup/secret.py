"""Is the secret there, and does it have what this stack needs?"""

from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from filtermend.checkup.finding import Finding, Seen, broken, in_secret, ok
from filtermend.faults import SettingMissing, SettingUnavailable
from filtermend.settings import Secret, ValidatorSettings

SHORTEST_SECRET = 8
"""A shorter value is no secret, and may be a part of any word."""
_FILL_IN = in_secret("put them into") + "; it is read anew within minutes"


def look_at_secret(load: Callable[[], Secret], backend: ValidatorSettings) -> Seen:
    """The fields that this stack needs have values."""
    try:
        secret = load()
    except SettingMissing as fault:
        return broken(
            str(fault),
            "the secret <SecretId> has to be a JSON object that the functions may read: look at "
            "its value and at the parameter SecretArn",
        )
    except SettingUnavailable as fault:
        return broken(
            str(fault),
            "in a VPC the functions need a NAT or an endpoint for Secrets Manager: look at the "
            "routes of SubnetIds and at SecurityGroupIds",
        )
    needed = Secret.needed(backend.go_backend_auth)
    empty = [name for name in Secret.model_fields if not getattr(secret, name)]
    if lacking := [name for name in needed if name in empty]:
        return broken(f"empty: {', '.join(lacking)}", _FILL_IN)
    unused = f"; not used: {', '.join(empty)}" if empty else ""
    return ok(f"{', '.join(needed)} have values{unused}")


def without_secrets(finding: Finding, secret: Secret) -> Finding:
    """The finding, with no value of the secret in its texts, should one have got there."""
    url = urlsplit(secret.database_url) if "://" in secret.database_url else None
    password = (url.password or "") if url else ""
    values = [*secret.model_dump().values(), password, unquote(password)]

    def scrub(text: str) -> str:
        for value in sorted(values, key=len, reverse=True):
            text = text.replace(value, "***") if len(value) >= SHORTEST_SECRET else text
        return text

    return finding.model_copy(update={"seen": scrub(finding.seen), "mend": scrub(finding.mend)})
