"""Can a release be switched off without a deployment, or run beside the old one unseen: what the files say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding
from mlready_nb.project import Project, Said, good, settle
from mlready_nb.project.yamls import visit

_FLAGS = re.compile(
    r"\b(openfeature|UnleashClient|ldclient|launchdarkly|flagsmith|growthbook|splitio|posthog\.feature_enabled|statsig|configcat|feature_flags?|flipper|waffle)\b",
    re.IGNORECASE,
)
_SWITCH = re.compile(
    r"(os\.(environ\.get|getenv)\(\s*|Field\([^)]*env\s*=\s*)['\"](ENABLE|USE|FEATURE|FF|DISABLE)_\w+|\b(enable|use)_new_model\b"
)
_SHADOW = re.compile(
    r"shadow(_mode|_model|_predict\w*|_deployment|_traffic)|dark_launch|challenger_model|mirror_traffic", re.IGNORECASE
)


@check("NICE-02", "NICE-03")
def release_switches(project_files: Project) -> Finding:
    """A feature flag around the model, and a way to run it in shadow.

    What it measures: Clients of OpenFeature, Unleash, LaunchDarkly and their like, switches in the environment; mirrored
    traffic in Istio, Envoy, nginx and SageMaker, shadow models in Seldon and in code.

    Why it matters: A switch turns a bad release into a non-event; in shadow it cannot hurt anybody.

    Blind spots: Switches that a platform has of its own.

    How to mend: client.get_boolean_value("new-model", False); mirror: {host: model-v2} in the VirtualService.
    """
    flags, shadow = list(_flags(project_files)), list(_shadow(project_files))
    if flags and shadow:
        return settle(project_files.tree, {"NICE-02": flags, "NICE-03": shadow}, "no flag")
    found = settle(project_files.tree, {"NICE-02": flags, "NICE-03": shadow}, "no feature flag and no shadow mode")
    return found.stamped(items=("NICE-02",) if flags else ("NICE-03",)) if flags or shadow else found


def _flags(project: Project) -> Iterator[Said]:
    for module in project.code:
        match = _FLAGS.search(module.text) or _SWITCH.search(module.text)
        if match:
            yield good(
                f"has a feature flag: {match[0][:40]}",
                f"{module.path}:{module.text[: match.start()].count(chr(10)) + 1}",
            )
            return


def _shadow(project: Project) -> Iterator[Said]:
    for doc in project.manifests:
        for path, value, line in visit(doc.body):
            if (
                path[-1]
                in ("mirror", "mirrors", "request_mirror_policies", "requestMirror", "ShadowProductionVariants")
                and value
            ):
                yield good(f"mirrors traffic: {path[-1]}", doc.at(line))
                return
            if path[-1] in ("shadow", "shadowMode") and value is True:
                yield good("runs in shadow", doc.at(line))
                return
    for module in project.code:
        if match := _SHADOW.search(module.text):
            yield good(
                f"runs in shadow: {match[0]}", f"{module.path}:{module.text[: match.start()].count(chr(10)) + 1}"
            )
            return
    for file in project.tree.named("nginx*.conf", "*.nginx"):
        if re.search(r"^\s*mirror\s+/", project.tree.text(file), re.MULTILINE):
            yield good("mirrors traffic at nginx", file.path)
            return
