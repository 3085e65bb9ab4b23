"""Does the Go backend answer as its contract says?"""

from filtermend.checkup.finding import Seen, broken, in_secret, ok
from filtermend.faults import ValidatorUnavailable
from filtermend.settings import ValidatorSettings
from filtermend.validator import Validator

ANSWER_SECONDS = 4.0
GOOD = "return len(data.Klines) > 0"
BAD = "return nothingOfThisName(data)"


def look_at_backend(settings: ValidatorSettings, token: str) -> Seen:
    """It is there, lets us in, tells good code from bad, and has a filter contract or none."""
    limit = min(ANSWER_SECONDS, settings.validator_timeout_seconds)
    backend = Validator(settings.model_copy(update={"validator_timeout_seconds": limit}), token)
    try:
        good, bad = backend.validate(GOOD), backend.validate(BAD)
    except ValidatorUnavailable as fault:
        return broken(f"no verdict: {fault}", _mend(str(fault), settings))
    if not good.valid:
        return broken("good code is refused", _WRONG)
    if bad.valid:
        return broken("code that cannot compile is accepted", _WRONG)
    try:
        contract = backend.contract()
    except ValidatorUnavailable as fault:
        return broken(
            f"no filter contract: {fault}",
            "GET /api/filter-contract has to answer with text, or 404 for the bundled contract",
        )
    own = "its own filter contract" if contract else "the bundled filter contract"
    return ok(f"right verdicts on good and bad code, {own}")


_WRONG = (
    'POST /api/validate-filter {"code"} has to answer 200 when it compiles, else 400 with the '
    "reason: look at GoBackendUrl, and at what answers there"
)


def _mend(fault: str, settings: ValidatorSettings) -> str:
    if not fault.endswith((" 401", " 403")):
        return "look at the backend's log, at GoBackendUrl, and whether the functions can reach it"
    if settings.go_backend_auth == "bearer":
        return in_secret("put the backend's token as go_backend_token into")
    if settings.go_backend_auth == "sigv4":
        return (
            "let the functions' roles call it: lambda:InvokeFunctionUrl and lambda:InvokeFunction"
        )
    return "the backend wants a login: deploy with GoBackendAuth=bearer or sigv4"
