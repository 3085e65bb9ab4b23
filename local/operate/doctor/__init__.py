"""`make doctor`: what is broken in a stack, and how to mend it. It only looks."""

from collections.abc import Mapping

from filtermend.checkup.finding import Finding, Verdict
from filtermend.checkup.running import run_checks
from local.operate.doctor.inside import from_inside
from local.operate.doctor.outside import outside_checks
from local.operate.doctor.page import show
from local.operate.doctor.stack import find_stack, look_at_status

ALL_RIGHT, BROKEN, UNKNOWN = 0, 1, 2


def run(given: Mapping[str, str]) -> int:
    """Examine the stack that STACK names, else the local one, and print what was found.

    Returns:
        0 when all is right, 1 when something is broken, 2 when nothing is known to be broken and
        something could not be looked at.

    Raises:
        CannotOperate: there is no such stack, or it may not be looked at.
    """
    stack = find_stack(given)
    findings = [look_at_status(stack), *from_inside(stack), *run_checks(outside_checks(stack))]
    show(stack, findings)
    return _code(findings)


def _code(findings: list[Finding]) -> int:
    verdicts = {finding.verdict for finding in findings}
    if Verdict.BROKEN in verdicts:
        return BROKEN
    return UNKNOWN if Verdict.UNKNOWN in verdicts else ALL_RIGHT
