"""The findings as a person reads them: a line for each check, and below a broken one its mend."""

import re
from collections import Counter

from filtermend.checkup.finding import Finding, Verdict
from local.operate.doctor.stack import Stack

_NAME = re.compile(r"<(\w+)>")
_OF_DEPLOYED = re.compile(r"make (?:deploy|migrate|secret) ENV=….*", re.DOTALL)
_OF_LOCAL = "make down && make up"
"""It deploys, fills in the secret and migrates, all anew."""
_WORDS = {
    Verdict.OK: "ok",
    Verdict.BROKEN: "BROKEN",
    Verdict.NOT_USED: "not used",
    Verdict.UNKNOWN: "not checked",
}


def show(stack: Stack, findings: list[Finding]) -> None:
    """Print them, and how many are broken."""
    width = max(len(finding.check) for finding in findings)
    for finding in findings:
        print(f"{_WORDS[finding.verdict]:<11}  {finding.check:<{width}}  {_visible(finding.seen)}")
        if finding.mend:
            print(f"{'':<11}  {'':<{width}}  -> {_visible(mend(stack, finding))}")
    print(f"\n{stack.name}: {_summary(findings)}")


def mend(stack: Stack, finding: Finding) -> str:
    """The mend with the stack's own names in it."""
    text = finding.mend
    if stack.local:
        text = _OF_DEPLOYED.sub(_OF_LOCAL, text.replace(" STACK=<stack>", ""))
    known = stack.outputs | {"stack": stack.name}
    return _NAME.sub(lambda name: known.get(name[1], name[0]), text)


def _visible(text: str) -> str:
    """On one line, and nothing that a terminal would obey: some of it is read from elsewhere."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _summary(findings: list[Finding]) -> str:
    verdicts = Counter(finding.verdict for finding in findings)
    if not verdicts[Verdict.BROKEN] and not verdicts[Verdict.UNKNOWN]:
        return "all right"
    told = [f"{verdicts[Verdict.BROKEN]} of {len(findings)} broken"]
    if verdicts[Verdict.UNKNOWN]:
        told.append(f"{verdicts[Verdict.UNKNOWN]} could not be checked")
    return ", ".join(told)
