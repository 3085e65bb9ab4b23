"""What a check found. No text of a finding holds a secret."""

from enum import StrEnum

from filtermend.models import Value


class Verdict(StrEnum):
    """How a part of the stack is; `unknown` is a check that could not be made."""

    OK = "ok"
    BROKEN = "broken"
    NOT_USED = "not used"
    UNKNOWN = "unknown"


class Seen(Value):
    """What was seen of a part, in a sentence.

    `mend` says how to mend it. A name in angle brackets, such as `<SecretId>`, is an output of the
    stack, and `<stack>` the stack's own: whoever shows it puts in the value. `make … ENV=…` and
    what comes after it is for a deployed stack: whoever shows it knows what a local one needs.
    """

    verdict: Verdict
    seen: str
    mend: str = ""


class Finding(Seen):
    """What was seen, under the name of its check."""

    check: str


class Checkup(Value):
    """The doctor function's answer."""

    findings: list[Finding]


def ok(seen: str) -> Seen:
    """All is well."""
    return Seen(verdict=Verdict.OK, seen=seen)


def broken(seen: str, mend: str) -> Seen:
    """Something has to be mended, and how."""
    return Seen(verdict=Verdict.BROKEN, seen=seen, mend=mend)


def not_used(seen: str) -> Seen:
    """The stack does without this part."""
    return Seen(verdict=Verdict.NOT_USED, seen=seen)


def unknown(seen: str, mend: str = "") -> Seen:
    """It could not be looked at."""
    return Seen(verdict=Verdict.UNKNOWN, seen=seen, mend=mend)


def in_secret(what: str) -> str:
    """A mend that is made in the stack's secret; `what` comes before its name."""
    return f"{what} the secret <SecretId>: make secret ENV=…"
