"""Secrets in text: what leaves the account or is logged has placeholders in their place.

A secret is known by its form (a vendor's prefix, a key block) or by the name before it (password,
API key). The text comes from strangers: no pattern here takes more than linear time.
"""

import re
from hashlib import sha256

_QUOTE = r"\\{0,3}[\"'`]"
_IS = rf"(?:{_QUOTE})?[ \t]{{0,8}}(?:string[ \t]{{0,8}})?(?::=|=>|[=:]|(?<=[\"'`]),)[ \t]{{0,8}}"
"""Between a name and its value: in Go, JSON, an environment, a URL, a call's arguments."""
_REST = r"[\w-]{0,20}"
"""Of a name: apiKeyBinance, AWS_SECRET_ACCESS_KEY."""
_PASSWORD = r"(?:passw(?:or)?d|pwd|passphrase)"  # noqa: S105  a name, no value
_KEY = r"(?:(?:api|access|private)[ _-]?key|secret(?: key)?|passphrase|signature|credential)"

_CHARACTER = r"[\w+/.~=-]"
_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![\w-])"
_COIN = r"0x[0-9a-fA-F]{40}(?!\w)"
_HAS_DIGIT_AND_LETTER = rf"(?={_CHARACTER}{{0,100}}?[0-9])(?={_CHARACTER}{{0,100}}?[A-Za-z])"
_RANDOM = rf"(?!{_UUID}|{_COIN}){_HAS_DIGIT_AND_LETTER}{_CHARACTER}{{16,}}+(?![(\[])"
"""What cannot be a word, an expression, an id, or the address of a coin's contract."""
_HAS_SMALL_LETTER = rf"(?={_CHARACTER}{{0,100}}?[a-z])"
"""A token is often a coin."""

_PEM = r"(?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----"
_KEY_BLOCK = (
    rf"-----BEGIN {_PEM}(?:[^-]*+(?:-(?!----)[^-]*+)*+-----END {_PEM}|[A-Za-z0-9+/=\s\\]*+)"
)
_CONNECTION = (
    r"[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s:/?#@\"'`<>\\\[\]]{0,100}:[^\s/?#\"'`<>\\\[\]]{1,200}@"
    r"[^\s\"'`<>\\\[\](){}|,;]*+"
)
_HOOK = r"https://(?:hooks\.slack\.com/\w{1,20}|discord(?:app)?\.com/api/webhooks)/[\w/-]{20,}+"
_VENDORS = (
    r"(?:AKIA|ASIA)[A-Z0-9]{16}(?!\w)",  # AWS
    r"(?:AIza|AQ\.)[\w-]{30,}+",  # Google
    r"(?:ya29\.|GOCSPX-)[\w-]{20,}+",
    r"sk-(?=[\w-]{0,100}?[0-9])[\w-]{20,}+",  # OpenAI, Anthropic, Braintrust
    r"(?:gh[opsur]|github_pat)_\w{30,}+",
    r"glpat-[\w-]{20,}+",  # GitLab
    r"(?:xox[a-z]|xapp)-[\w-]{10,}+",  # Slack
    r"(?:[prs]k_(?:live|test)|whsec)_\w{16,}+",  # Stripe
    r"sb_secret_[\w-]{20,}+",  # Supabase
    r"[0-9]{8,10}:AA[\w-]{33}(?!\w)",  # Telegram
)
_LONG = (
    r"(?=[A-Za-z0-9]{0,60}?[a-z])(?=[A-Za-z0-9]{0,60}?[A-Z])(?=[A-Za-z0-9]{0,60}?[0-9])"
    r"[A-Za-z0-9]{60,}+(?![\w(])"
)
"""Of small and capital letters and digits, as exchanges have them; no hash looks so."""
_JWT = r"eyJ[\w-]{10,}+\.[\w-]{10,}+(?:\.[\w-]*+)?"
_EMAIL = r"[\w.%+-]++@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}\.[A-Za-z]{2,24}(?!\w)"

_AUTHORIZATION = rf"(?i:authorization{_IS}(?:{_QUOTE})?(?:bearer|basic|token)[ \t]{{1,8}})"
_QUOTED = rf"(?!\[masked )[^\"'`\\\n]{{4,200}}+(?={_QUOTE})"
_UNQUOTED = r"(?![*$%])[^\s\"'`\\,;&(){}\[\]<>]{5,200}+(?![(\[])"
_SOON_A_DIGIT = r"(?=[^\s\"'`,;&]{0,100}?[0-9])"

_FORMS = (  # kind, what stands before the secret, the secret
    ("private key", "", _KEY_BLOCK),
    ("connection string", r"(?<![A-Za-z0-9+.-])", _CONNECTION),
    ("webhook", r"(?<![A-Za-z0-9])", _HOOK),
    ("token", r"(?<![\w-])", _JWT),
    ("api key", r"(?<![A-Za-z0-9])", "|".join(_VENDORS)),
    ("authorization", _AUTHORIZATION, rf"{_CHARACTER}{{6,}}+"),
    ("authorization", r"\b(?i:bearer|basic)[ \t]{1,8}", _RANDOM),
    ("secret", rf"(?i:{_PASSWORD}|secret){_REST}{_IS}{_QUOTE}", _QUOTED),
    ("secret", rf"(?i:{_PASSWORD}){_REST}(?:=|{_IS}{_SOON_A_DIGIT})", _UNQUOTED),
    ("secret", rf"(?i:{_KEY}){_REST}{_IS}(?:{_QUOTE})?", _RANDOM),
    ("secret", r"(?i:(?:api|access|private|secret)[ _-]key|api[ _-]secret)(?: is)? ", _RANDOM),
    ("secret", rf"(?i:token){_REST}{_IS}(?:{_QUOTE})?", _HAS_SMALL_LETTER + _RANDOM),
    ("api key", r"(?<![\w+/=-])", _LONG),
    ("email", r"(?<![\w.%+-])", _EMAIL),
)
_APART = r"(?:(?<!\])|(?<![0-9a-f]{6}\]))"
"""Not right behind a placeholder: what was a part of something longer stays one."""
_ANY = "|".join(f"{before}({secret})" for _, before, secret in _FORMS)
_SECRET = f"(?a){_APART}(?:{_ANY})"
"""As text: it takes milliseconds to compile, which only what masks is to wait for."""
_PLACEHOLDER = r"\[masked [a-z ]{1,20} (?P<digest>[0-9a-f]{6})\]"


def mask(text: str) -> str:
    """The text with a placeholder for each secret, such as `[masked api key 3f9a2c]`.

    Its six digits are a hash of the secret, so that it can be put back. It may stand wherever the
    secret stood: in prose, JSON, a Go string. Masking twice changes nothing more.
    """
    return re.sub(_SECRET, _masked, text)


def mask_all(value: object) -> object:
    """The value with every text in it masked, in lists and in objects' values too.

    What JSON does not know becomes text, as a log's writer would make it.
    """
    match value:
        case str():
            return mask(value)
        case dict():
            return {key: mask_all(item) for key, item in value.items()}
        case list() | tuple():
            return [mask_all(item) for item in value]
        case None | bool() | int() | float():
            return value
        case _:
            return mask(str(value))


def unmask(text: str, original: str) -> str:
    """The text with the secrets of `original` in the place of their placeholders.

    A placeholder that `original` does not explain stays.
    """
    if not re.search(_PLACEHOLDER, text):
        return text  # most of the time: the original need not be searched
    secrets = {_digest(_secret(match)): _secret(match) for match in re.finditer(_SECRET, original)}
    return re.sub(_PLACEHOLDER, lambda match: secrets.get(match["digest"], match[0]), text)


def _masked(match: re.Match[str]) -> str:
    kind = _FORMS[(match.lastindex or 0) - 1][0]
    secret = _secret(match)
    return f"{match[0].removesuffix(secret)}[masked {kind} {_digest(secret)}]"


def _secret(match: re.Match[str]) -> str:
    return match[match.lastindex or 0]


def _digest(secret: str) -> str:
    return sha256(secret.encode(errors="replace")).hexdigest()[:6]
