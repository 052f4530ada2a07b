"""Who may touch what, is data encrypted at rest, and are accesses and changes recorded: what the files say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding
from mlready_nb.project import Project, Said, bad, good, settle, weak
from mlready_nb.project.manifests import kinds
from mlready_nb.project.yamls import listed, visit

_SCRUBS = re.compile(
    r"presidio|scrubadub|\b(mask|redact|scrub|anonymi[sz]e|pseudonymi[sz]e|strip|remove)_(pii|emails?|names?|phones?|personal\w*|sensitive\w*|logs?)\w*\(|class \w*(Redact|Mask|PII|Pii|Scrub)\w*(Filter|Formatter|Processor)",
    re.IGNORECASE,
)
_ACCESS = re.compile(
    r"access_log|accesslog|--access-logfile|access_logs|accessLogFile|CloudTrail|aws_cloudtrail|audit_?log|logs\.access|AccessLogSettings",
    re.IGNORECASE,
)


@check("SEC-01.1", "SEC-01.3", "SEC-02.1", "SEC-06.2", "SEC-06.3")
def access_and_audit(project_files: Project) -> Finding:
    """Encryption of stores, roles, personal data kept out of logs, records of access and of changes.

    What it measures: Encryption settings of buckets, volumes and databases; Role and RoleBinding, service accounts, IAM
    policies (a star on everything is a fault); filters that mask personal data in logs; access logs; a history in git
    together with a registry or tracker.

    Why it matters: What everybody may do, somebody will do by mistake.

    Blind spots: Roles and keys that are set in a console; whether the masks catch all.

    How to mend: A ServiceAccount with a Role that names its verbs; server_side_encryption_configuration on the bucket.
    """
    return settle(
        project_files.tree,
        {
            "SEC-01.1": list(_rest(project_files)),
            "SEC-01.3": list(_masked(project_files)),
            "SEC-02.1": list(_roles(project_files)),
            "SEC-06.2": list(_changes(project_files)),
            "SEC-06.3": list(_accesses(project_files)),
        },
        "no manifest, policy or logging configuration that tells",
    )


def _rest(project: Project) -> Iterator[Said]:
    for resource in project.terraform:
        body = str(resource.body)[:6000]
        if re.search(r"server_side_encryption|_kms_key$|kms_crypto_key", resource.kind) or re.search(
            r"kms_key|storage_encrypted'?: (True|'true')|encrypted'?: (True|'true')|encryption_configuration|encryption_key",
            body,
        ):
            yield good(f"encrypts at rest: {resource.kind}.{resource.name}", resource.at)
        elif re.search(r"'(storage_)?encrypted'?: (False|'false')", body):
            yield bad(f"stores in clear: {resource.kind}.{resource.name}", resource.at, "Set storage_encrypted = true.")
    for doc in project.manifests:
        for path, value, line in visit(doc.body):
            key = path[-1].lower()
            if key in ("encrypted", "storageencrypted", "sseenabled") and value in (False, "false"):
                yield bad(f"stores in clear: {path[-1]} is false", doc.at(line), f"Set {path[-1]}: true.")
            elif key in (
                "encrypted",
                "storageencrypted",
                "sseenabled",
                "bucketencryption",
                "kmskeyid",
                "kmsmasterkeyid",
                "ssealgorithm",
            ) and value not in (None, "", False):
                yield good(f"encrypts at rest: {path[-1]}", doc.at(line))


def _masked(project: Project) -> Iterator[Said]:
    for module in (*project.service.modules, *project.code):
        if match := _SCRUBS.search(module.text):
            yield good("masks personal data", f"{module.path}:{module.text[: match.start()].count(chr(10)) + 1}")
            return


def _roles(project: Project) -> Iterator[Said]:
    for doc in kinds(project.manifests, "Role", "ClusterRole"):
        for rule in listed(doc.body.get("rules")):
            wide = [
                k
                for k in ("verbs", "resources")
                if "*" in map(str, listed(rule.get(k) if isinstance(rule, dict) else None))
            ]
            if len(wide) == 2:
                yield weak(
                    f"lets {doc.kind} {doc.dig('metadata', 'name')} do everything",
                    doc.at(),
                    "Name the verbs and resources.",
                )
                break
        else:
            yield good(f"has {doc.kind} {doc.dig('metadata', 'name')}", doc.at())
    for doc in kinds(project.manifests, "RoleBinding", "ClusterRoleBinding", "AuthorizationPolicy")[:2]:
        if doc.dig("roleRef", "name") == "cluster-admin":
            yield bad("binds cluster-admin", doc.at(), "Bind a Role with the verbs that are needed.")
        else:
            yield good(f"has a {doc.kind}", doc.at())
    for resource in project.terraform:
        if re.search(r"iam_(role_)?policy|iam_role|role_assignment|iam_member|iam_binding", resource.kind):
            body = re.sub(r"[\\\s]", "", str(resource.body)[:6000])
            if re.search(r"Action['\"]?[:=]+\[?['\"]+\*['\"]+", body) and re.search(
                r"Resource['\"]?[:=]+\[?['\"]+\*['\"]+", body
            ):
                yield weak(
                    f"allows everything: {resource.kind}.{resource.name}", resource.at, "Name actions and resources."
                )
            else:
                yield good(f"sets roles: {resource.kind}.{resource.name}", resource.at)


def _changes(project: Project) -> Iterator[Said]:
    text = next(
        (
            m
            for m in project.code
            if re.search(r"register_model|registered_model_name|log_model|wandb\.log_artifact|link_model", m.text)
        ),
        None,
    )
    if project.tree.repository and text is not None:
        yield good("records each version of the model, and git each change of code", text.path)
    elif next(iter(project.tree.named("dvc.lock")), None):
        yield good("records each version of data and model with DVC", "dvc.lock")


def _accesses(project: Project) -> Iterator[Said]:
    for doc in project.manifests:
        for path, value, line in visit(doc.body):
            if _ACCESS.search(path[-1]) and value not in (None, False, "off", ""):
                yield good(f"records accesses: {path[-1]}", doc.at(line))
                return
    for file in project.tree.named("nginx*.conf", "*.nginx", "gunicorn*.py", "dockerfile", "*.tf", "*.sh"):
        text = project.tree.text(file)
        match = _ACCESS.search(text)
        if match and not re.search(r"access_log\s+off", text):
            yield good(f"records accesses: {match[0]}", f"{file.path}:{text[: match.start()].count(chr(10)) + 1}")
            return
