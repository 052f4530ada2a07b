"""What a secret looks like by its name and value, for settings in files."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

_NAMES = re.compile(
    r"(?:^|_)(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIALS?|APIKEY"
    r"|(?:API|ACCESS|SECRET|PRIVATE|AUTH|ENCRYPTION|SIGNING|JWT|ACCOUNT|SERVICE|MASTER|AWS|OPENAI|WANDB|HF)_KEY)$"
)
#: References, not values: a variable, a template, a file, a store.
_REFERENCE = re.compile(
    r"^\$|\$\{|\{\{|^\{|^%|^/|^(file|vault|arn|ssm|gs|s3|secretsmanager|valueFrom)[:/]|^!", re.IGNORECASE
)
_PLACEHOLDER = re.compile(
    r"^$|^<.*>$|^\[.*\]$|^\*+$|^x{3,}|^\.{3}|^(none|null|true|false|todo|tbd|dummy|secret_name)$"
    r"|^my[-_]|(?-i:^[A-Z][A-Z_]+$)|your[-_ ]|[-_ ]here$|placeholder|replace|example|insert|fill[-_ ]?in|redacted",
    re.IGNORECASE,
)
_WEAK = re.compile(
    r"^(change[-_ ]?me.*|pass|pwd|pw|passwd|user|password\d*|admin|postgres|root|secret|test\d*|minio(admin|123)?|airflow|mlflow)$",
    re.IGNORECASE,
)
#: Files that hold nothing but credentials.
FILES = re.compile(
    r"(^|/)(\.env(\.(local|prod|production|staging))?|id_(rsa|dsa|ecdsa|ed25519)|[^/]*\.(pem|key|p12|pfx|keystore|jks)|\.netrc|\.pypirc"
    r"|\.npmrc|kubeconfig|\.kube/config|\.aws(/credentials)?|\.ssh|credentials\.json|client_secrets?\.json"
    r"|(gcp|google|service)[-_]?(account|key|credentials)[^/]*\.json)$",
    re.IGNORECASE,
)


def named_secret(name: str) -> bool:
    """Does a setting's name say that its value is secret: `DB_PASSWORD`, not `MAX_TOKENS` or `TOKEN_URL`."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper().replace("-", "_").replace(".", "_")
    return bool(_NAMES.search(words))


def held(value: str) -> str:
    """`"secret"` for a value that stands there, `"default"` for a well-known one, else empty."""
    value = value.strip().strip("\"'")
    if _REFERENCE.search(value) or _PLACEHOLDER.search(value):
        return ""
    return "default" if _WEAK.match(value) else "secret"


#: Worth a closer look: what every credential of a known shape has.
_HINT = re.compile(
    r"AKIA|ASIA|aws_?secret|-----BEGIN|://[^/\s:@]+:[^@\s/]+@|gh[pousr]_|github_pat|xox[abprs]-|hooks\.slack|[rs]k_live",
    re.IGNORECASE,
)


@cache
def _detectors() -> tuple[Any, ...]:
    from detect_secrets.plugins.aws import AWSKeyDetector
    from detect_secrets.plugins.basic_auth import BasicAuthDetector
    from detect_secrets.plugins.github_token import GitHubTokenDetector
    from detect_secrets.plugins.private_key import PrivateKeyDetector
    from detect_secrets.plugins.slack import SlackDetector
    from detect_secrets.plugins.stripe import StripeDetector

    made = (AWSKeyDetector, BasicAuthDetector, GitHubTokenDetector, PrivateKeyDetector, SlackDetector, StripeDetector)
    return tuple(make() for make in made)


def in_text(line: str) -> str:
    """The kind of credential that a line holds by its own shape (a cloud key, a private key, a URL with a password)."""
    if not _HINT.search(line):
        return ""
    for detector in _detectors():
        for value in detector.analyze_string(line):
            if held(str(value)) == "secret" and "EXAMPLE" not in str(value).upper():
                return str(detector.secret_type)
    return ""


_ASSIGNED = re.compile(
    r"""^\s*(?:export\s+|[-]\s+|self\.)?["']?(?P<name>[A-Za-z_][\w.-]{2,60})["']?\s*(?::\s*str\s*)?[:=]\s*(?P<quote>["']?)(?P<value>[^\s"'#,;]{6,200})(?P=quote)\s*,?\s*(#.*)?$"""
)


#: `wandb.login(key="...")`: an argument that is a literal.
_PASSED = re.compile(r"[(,]\s*(\w*(?:key|token|password|secret))\s*=\s*([\"'])([^\"'\s{}$/]{12,})\2", re.IGNORECASE)


def in_setting(line: str, *, quoted: bool) -> tuple[str, str]:
    """(name, kind) of a secret that a line sets to a literal; in code only a quoted text is one."""
    if len(line) > 400:
        return "", ""
    for name, _, value in _PASSED.findall(line) if quoted else ():
        if (named_secret(name) and re.search(r"\d", value)) or (
            name == "key" and re.fullmatch(r"(?=.*\d)[0-9a-zA-Z]{32,}", value)
        ):
            return (name, "secret") if held(value) == "secret" else ("", "")
    match = _ASSIGNED.match(line)
    if match is None or (quoted and not match["quote"]) or not named_secret(match["name"]):
        return "", ""
    value = match["value"]
    if (re.fullmatch(r"[A-Za-z]+([_-][A-Za-z]+)*", value) and not match["quote"]) or re.search(
        r"[({]|env|getenv|vault", value
    ):
        return "", ""  # another setting's name, a call, a reference
    if not re.search(r"PASS|SECRET", match["name"], re.IGNORECASE) and not re.search(r"\d", value) and len(value) < 16:
        return "", ""  # a key or token is not a word: `CREDENTIALS: 'include'`
    return match["name"], held(value)
