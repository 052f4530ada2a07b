"""What stands before the service: authentication, limits, time-outs and TLS at ingress, mesh or cloud gateway."""

from __future__ import annotations

import re

from mlready_nb.project.files import Tree
from mlready_nb.project.manifests import Doc
from mlready_nb.project.yamls import visit

_AUTH_KEYS = re.compile(
    r"auth-(url|type|signin|realm|secret)|authorizers?$|auth_type|forwardAuth|basicAuth|jwtRules|apiKeyRequired|api_key_required|securityDefinitions",
    re.IGNORECASE,
)
_AUTH_KINDS = frozenset(("RequestAuthentication", "AuthorizationPolicy", "SecurityPolicy"))
_AUTH_PLUGINS = re.compile(r"^(key-auth|jwt|oauth2|basic-auth|openid-connect|hmac-auth)$")
_LIMIT_KEYS = re.compile(
    r"limit-(rps|rpm|connections|req)|rateLimit|ThrottlingRateLimit|throttle|local_rate_limit|ThrottlingBurstLimit|usagePlan|rate_limit",
    re.IGNORECASE,
)
_NGINX = re.compile(r"^\s*limit_req\s", re.MULTILINE)
_NGINX_AUTH = re.compile(r"^\s*auth_(basic|request|jwt)\s+(?!off)", re.MULTILINE)
#: `az ml`, Cloud Run: only those with an identity may call.
_CLOUD = re.compile(
    r"--no-allow-unauthenticated|auth_mode:\s*(key|aml_token|aad_token)|authorization\s*=\s*\"(AWS_IAM|JWT|CUSTOM)\"",
    re.IGNORECASE,
)


def auth(tree: Tree, docs: list[Doc]) -> str:
    """Where a gateway asks for credentials; empty when none does."""
    for doc in docs:
        if doc.kind in _AUTH_KINDS:
            return doc.at()
        for path, value, line in visit(doc.body):
            if _AUTH_KEYS.search(path[-1]) and value not in (None, False, "", "NONE"):
                return doc.at(line)
            if doc.kind == "KongPlugin" and path[-1] == "plugin" and _AUTH_PLUGINS.match(str(value)):
                return doc.at(line)
    return _in_text(tree, _NGINX_AUTH, ("nginx*.conf", "*.nginx", "*.conf")) or _in_text(
        tree, _CLOUD, ("*.sh", "*.yml", "*.yaml", "*.tf", "makefile")
    )


def limit(tree: Tree, docs: list[Doc]) -> str:
    """Where a gateway limits requests; empty when none does."""
    for doc in docs:
        for path, value, line in visit(doc.body):
            if _LIMIT_KEYS.search(path[-1]) and value not in (None, False, "", 0):
                return doc.at(line)
            if path[-1] in ("plugin", "name") and str(value) in ("rate-limiting", "rate-limiting-advanced"):
                return doc.at(line)
    return _in_text(tree, _NGINX, ("nginx*.conf", "*.nginx", "*.conf"))


def _in_text(tree: Tree, pattern: re.Pattern[str], names: tuple[str, ...]) -> str:
    for file in tree.named(*names):
        if file.size < 200_000 and (hit := pattern.search(tree.text(file))):
            return f"{file.path}:{tree.text(file)[: hit.start()].count(chr(10)) + 1}"
    return ""
