"""Does Braintrust take the key, and is its prompt one that can serve?"""

import httpx
from pydantic import ValidationError

from filtermend.checkup.finding import Seen, broken, in_secret, not_used, ok, unknown
from filtermend.prompt import SLUG, bundled_template, check_template
from filtermend.prompt_store import newest_prompt
from filtermend.settings import TracingSettings

ANSWER = httpx.Timeout(4, connect=3)
_REFUSED = (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN)
NO_KEY = "the secret has no braintrust_api_key"


def look_at_braintrust(settings: TracingSettings, api_key: str) -> Seen:
    """It takes the key and knows the project."""
    if not api_key:
        return not_used(f"{NO_KEY}: nothing is traced")
    name = settings.braintrust_project
    try:
        answer = httpx.get(
            f"{settings.braintrust_api_url}/v1/project",
            params={"project_name": name, "limit": 1},
            headers={"Authorization": f"Bearer {api_key}"},
            timeout=ANSWER,
        ).raise_for_status()
        found = answer.json().get("objects")
    except httpx.HTTPStatusError as error:
        return _refused(error.response.status_code)
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        return unknown(f"it cannot be reached ({type(error).__name__}): see outbound network")
    except (httpx.HTTPError, ValueError, AttributeError) as error:
        return broken(
            f"no answer that can be read: {type(error).__name__}",
            "look at BraintrustApiUrl, and at Braintrust's status page; repairs go on without it",
        )
    if not found:
        return ok(f"the key is good; the project {name} will be made with the first trace")
    return ok(f"the key is good, and there is the project {name}")


def _refused(code: int) -> Seen:
    if code in _REFUSED:
        return broken(
            f"the key is refused: {code}",
            in_secret("put a good braintrust_api_key into") + "; without traces, empty it there",
        )
    return broken(f"it answers {code}", "look at BraintrustApiUrl, and at Braintrust's status page")


def look_at_prompt(settings: TracingSettings, api_key: str) -> Seen:
    """Braintrust's prompt, where there is one, shows all that a model needs; so does ours."""
    shipped = bundled_template()
    try:
        check_template(shipped)
    except ValueError as error:
        return broken(f"the bundled prompt: {error}", "deploy a release whose tests have passed")
    serving = f"the bundled prompt ({shipped.version}) serves"
    return _braintrust_s(settings, api_key, serving) if api_key else ok(f"{serving}: {NO_KEY}")


def _braintrust_s(settings: TracingSettings, api_key: str, serving: str) -> Seen:
    try:
        newest = newest_prompt(settings, api_key, ANSWER)
    except httpx.HTTPStatusError as error:
        return unknown(f"Braintrust answers {error.response.status_code}; {serving}")
    except httpx.HTTPError as error:
        return unknown(f"Braintrust cannot be asked: {type(error).__name__}; {serving}")
    except ValueError as error:
        wrong = "it has not the form" if isinstance(error, ValidationError) else str(error)
        return broken(
            f"Braintrust's prompt {SLUG} cannot serve: {wrong}; {serving}",
            "mend it in Braintrust, or upload ours: BRAINTRUST_API_KEY=… make prompts",
        )
    if newest is None:
        return ok(f"Braintrust has none; {serving}")
    return ok(f"Braintrust's version {newest.version} serves, complete")
