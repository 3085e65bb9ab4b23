"""Is there the model, does Gemini take the key, is a price known, and may it be asked?"""

from datetime import UTC, datetime
from http import HTTPStatus

from filtermend import controls
from filtermend.checkup.finding import Seen, broken, in_secret, ok, unknown
from filtermend.faults import Fault, GeminiUnavailable, SettingMissing
from filtermend.gemini import NotReached, Refused, Throttled, look_up
from filtermend.rules.cost import price_of
from filtermend.settings import ControlSettings, GeminiSettings

ANSWER_SECONDS = 6.0
_KEY_REFUSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


def look_at_model(settings: GeminiSettings, api_key: str) -> Seen:
    """Gemini knows the model and takes the key; asking costs nothing."""
    if not api_key:
        return unknown("the secret has no gemini_api_key")
    try:
        found = look_up(settings, api_key, timeout_seconds=ANSWER_SECONDS)
    except NotReached as fault:
        return unknown(f"Gemini cannot be reached ({fault}): see outbound network")
    except GeminiUnavailable as fault:
        return broken(
            f"Gemini gives no answer: {fault}",
            "it is slow or down: look at Google's status page, and at GeminiBaseUrl if that is set",
        )
    match found:
        case Refused():
            return _refused(found, settings)
        case Throttled():
            return broken(
                "the quota of the key is used up (429)",
                "wait, or ask Google for more; RegenerateConcurrency makes fewer calls at once",
            )
    return ok(f"{settings.gemini_model} answers ({settings.gemini_api})")


def _refused(refused: Refused, settings: GeminiSettings) -> Seen:
    model = settings.gemini_model
    answered = f"{refused.code} {refused.reason or refused.status}".strip()
    if refused.code in _KEY_REFUSED or refused.reason.startswith("API_KEY"):
        return broken(
            f"Gemini refuses the key: {answered}",
            in_secret(f"put a good gemini_api_key, one for GeminiApi={settings.gemini_api}, into"),
        )
    if refused.code == HTTPStatus.NOT_FOUND:
        return broken(
            f"there is no model {model} ({answered})",
            "deploy with the name of one that there is (make deploy DEPLOY_FLAGS=--guided, "
            "GeminiModel); GeminiLocation and GeminiProject count too",
        )
    return broken(
        f"Gemini refuses the call: {answered}",
        "look at GeminiApi, GeminiProject, GeminiLocation and GeminiBaseUrl",
    )


def look_at_price(settings: GeminiSettings, control: ControlSettings) -> Seen:
    """The model has a price today; without one nothing is asked."""
    model = settings.gemini_model
    try:
        price = price_of(model, datetime.now(UTC).date(), controls.prices(control))
    except SettingMissing as fault:
        return broken(str(fault), "write a good table with make prices FILE=… STACK=<stack>")
    except Fault as fault:
        return unknown(str(fault))
    if price is None:
        return broken(
            f"{model} has no price: nothing is asked",
            "write one: make prices FILE=prices.json STACK=<stack> (docs/operations.md, Prices)",
        )
    return ok(f"{model}: ${price.input} in, ${price.output} out per million tokens")


def look_at_stop(control: ControlSettings) -> Seen:
    """The operator lets questions be asked."""
    try:
        stopped = controls.stopped(control)
    except SettingMissing as fault:
        return broken(str(fault), "nothing is asked without it: deploy the stack again")
    except Fault as fault:
        return unknown(str(fault))
    if stopped:
        return broken("all automatic calls are held", "make go STACK=<stack>")
    return ok("automatic calls may go on")
