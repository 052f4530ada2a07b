"""Are inputs, predictions and the metric itself watched after the release: what the files say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding
from mlready_nb.project import Project, Said, good, settle

_INPUTS = re.compile(
    r"DataDrift\w*|whylogs|why\.log|nannyml|alibi_detect|frouros|data_drift|feature_drift|input_drift|ModelMonitor\b|DefaultModelMonitor|DriftDetector|KSDrift|MMDDrift|TabularDrift"
)
_TESTS = re.compile(
    r"ks_2samp|DataDriftPreset|DataDriftTable|population_stability|\bpsi\b|calculate_psi|wasserstein_distance|jensenshannon|KSDrift|chi2_contingency|UnivariateDriftCalculator|TabularDrift|TestShareOfDriftedColumns|ValueDrift",
    re.IGNORECASE,
)
_OUTPUTS = re.compile(
    r"TargetDrift\w*|PredictionDrift|prediction_drift|output_drift|score_drift|concept_drift|(psi|ks_2samp|drift)\w*\([^)]*(pred|score|proba)|prediction_(score|value|distribution)",
    re.IGNORECASE,
)
_QUALITY = re.compile(
    r"ClassificationPreset|RegressionPreset|ClassificationQuality\w*|RegressionQuality\w*|\bCBPE\b|\bDLE\(|performance_(drop|degradation|monitor)|ModelQualityMonitor|accuracy_(drop|monitor)|(accuracy|f1|auc)\w*\s*<\s*\w*(threshold|baseline|limit|min)"
)
_LIVE = re.compile(r"(ground_?truth|actuals?|feedback|labels?_(delayed|arriv))\w*", re.IGNORECASE)
_WATCHES = re.compile(r"monitor|drift|watch|observ", re.IGNORECASE)


@check("OBS-01.1", "OBS-02.1", "OBS-02.2", "OBS-03.1", "OBS-03.2")
def drift_watch(project_files: Project) -> Finding:
    """Code or configuration that compares production with training: inputs, predictions, quality.

    What it measures: Evidently, whylogs, NannyML, Alibi Detect, SageMaker Model Monitor, or own tests (KS, PSI,
    Wasserstein) in modules that monitor; comparison of predictions with arriving labels.

    Why it matters: The world moves on; the model's answers stay confident.

    Blind spots: Whether it runs, and on what data; monitoring done by a service.

    How to mend: Report([DataDriftPreset()]).run(current, reference) on a schedule, with an alert on its result.
    """
    return settle(
        project_files.tree,
        {
            "OBS-02.1": list(_seen(project_files, _INPUTS, "watches its inputs")),
            "OBS-02.2": list(_seen(project_files, _TESTS, "tests for drift")),
            "OBS-03.1": list(_seen(project_files, _OUTPUTS, "watches its predictions")),
            "OBS-03.2": list(_seen(project_files, _QUALITY, "watches its quality")),
            "OBS-01.1": list(_seen(project_files, _QUALITY, "tracks its metric", also=_LIVE)),
        },
        "no code that watches for drift (Evidently, whylogs, NannyML, PSI, KS)",
    )


def _seen(
    project: Project, pattern: re.Pattern[str], words: str, also: re.Pattern[str] | None = None
) -> Iterator[Said]:
    for module in project.code:
        match = pattern.search(module.text)
        library = module.packages & {
            "evidently",
            "whylogs",
            "nannyml",
            "alibi_detect",
            "frouros",
            "sagemaker",
            "deepchecks",
        }
        if (
            match
            and (library or _WATCHES.search(module.path) or any(_WATCHES.search(f) for f in module.functions))
            and (also is None or also.search(module.text))
        ):
            yield good(f"{words}: {match[0][:40]}", f"{module.path}:{module.text[: match.start()].count(chr(10)) + 1}")
            return
