"""Cards for others: judged by the hub's own parser, by CycloneDX's own schema, and by a tracker that records."""

import json
import sys
import types

import pytest

from mlready_nb.finding import Run
from mlready_nb.session import UsageError
from mlready_nb.views.bom import bom
from mlready_nb.views.hub import hub_card, metadata
from tests.notebooks import FIT, LOAD, SCORE, write
from tests.views.cases import BINARY, CLASSES, GROUPS, LEAK, REGRESSION, checklist

hub = pytest.importorskip("huggingface_hub")

HOSTILE = "a: b\n---\nlicense: evil\n# [x](javascript:1) {{7*7}} \x1b[31m 'quoted' \"twice\" ]}"


def full(*findings, **card):
    """A checklist with findings, and facts as discovery gives them."""
    facts = {
        "model_details.model_type": ("RandomForestClassifier (scikit-learn 1.7.0), binary classification", "clf"),
        "training_data.size": ("8,141 rows × 13 columns", "X_train"),
        "evaluation_data.dataset": ("data/adult.csv", "read in cell 2"),
    }
    return checklist(*findings, facts=facts, card=card)


def test_the_hub_reads_our_card_and_its_results():
    """`huggingface_hub` parses metadata and model-index, writes them back, and loses nothing."""
    text = hub_card(full(BINARY, CLASSES, GROUPS, LEAK))
    card = hub.ModelCard(text)
    results = {r.metric_type: r for r in card.data.eval_results}

    assert card.data.library_name == "sklearn"
    assert card.data.pipeline_tag == "tabular-classification"
    assert results["accuracy"].metric_value == 0.912
    assert results["accuracy"].dataset_name == "data/adult.csv"
    assert "95 % interval 0.884 to 0.934" in results["accuracy"].metric_name
    assert {r.task_type for r in results.values()} == {"tabular-classification"}
    assert hub.ModelCard(str(card)).data.to_dict() == card.data.to_dict()
    assert "# Model Card" in card.text


def test_a_regression_and_an_empty_checklist():
    """Other metrics, or none: no model-index is made up."""
    card = hub.ModelCard(hub_card(full(REGRESSION)))
    assert {r.metric_type for r in card.data.eval_results} == {"r_squared", "mae", "rmse"}

    empty = hub.ModelCard(hub_card(checklist()))
    assert empty.data.eval_results is None
    assert "gate:unknown" in empty.data.tags


def test_stale_numbers_are_not_passed_on():
    """What was measured on another model is no result of this one."""
    stale = checklist(BINARY, stale=("overall-metrics",))

    assert "model-index" not in metadata(stale)
    assert "quantitativeAnalysis" not in bom(stale)["components"][0]["modelCard"]


def test_hostile_words_stay_words():
    """Text from people and data ends neither the metadata nor a string."""
    made = full(BINARY, **{"evaluation_data.dataset": HOSTILE, "intended_use.primary_use": HOSTILE})
    card = hub.ModelCard(hub_card(made))

    assert card.data.license is None
    assert card.data.eval_results[0].dataset_name.startswith("a: b")
    assert valid(json.loads(json.dumps(bom(made)))) is None


def valid(document):
    """What CycloneDX's own schema says against it; `None` when nothing."""
    cyclonedx = pytest.importorskip("cyclonedx.validation.json")
    from cyclonedx.schema import SchemaVersion

    return cyclonedx.JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(document))


@pytest.mark.parametrize("findings", [(), (BINARY, CLASSES, GROUPS, LEAK), (REGRESSION,)])
def test_the_bill_of_materials_fits_the_schema(findings):
    """CycloneDX 1.6, with and without anything measured."""
    assert valid(bom(full(*findings))) is None
    assert valid(bom(checklist(*findings))) is None


def test_the_validator_would_say_so():
    """A wrong component is refused: the test above can fail."""
    broken = bom(full(BINARY))
    broken["components"][0]["type"] = "oracle"

    assert valid(broken) is not None


def test_the_bill_holds_metrics_with_intervals_and_limitations():
    """As a model card for whoever reads bills of materials."""
    model = bom(full(BINARY, CLASSES, **{"intended_use.primary_use": "Rank requests"}))["components"][0]
    card = model["modelCard"]
    metrics = {m["type"]: m for m in card["quantitativeAnalysis"]["performanceMetrics"]}

    assert metrics["accuracy"]["confidenceInterval"] == {"lowerBound": "0.884", "upperBound": "0.934"}
    assert card["considerations"]["useCases"] == ["Rank requests"]
    assert any("recall of 'yes' is 0.2" in t for t in card["considerations"]["technicalLimitations"])
    assert card["modelParameters"]["architectureFamily"] == "scikit-learn"
    assert {"name": "mlready-nb:item:DAT-03", "value": "open"} in card["properties"]


class Tracker(types.ModuleType):
    """What of MLflow is used, recording."""

    def __init__(self, active=None):
        super().__init__("mlflow")
        self.texts, self.tags, self.metrics, self.started = {}, {}, {}, []
        self._active = active

    def active_run(self):
        """The run under way."""
        return self._active

    def start_run(self, run_id=None):
        """A run as a context."""
        from contextlib import contextmanager

        @contextmanager
        def run():
            self.started.append(run_id)
            yield types.SimpleNamespace(info=types.SimpleNamespace(run_id=run_id or "new"))

        return run()

    def log_text(self, text, path):
        """An artefact."""
        self.texts[path] = text

    def set_tags(self, tags):
        """Tags."""
        self.tags |= tags

    def log_metrics(self, metrics):
        """Numbers."""
        assert all(isinstance(v, float) for v in metrics.values())
        self.metrics |= metrics


def test_mlflow_gets_documents_numbers_and_the_gate(tmp_path, monkeypatch):
    """From a saved notebook, into a new run, a named one, or the one under way."""
    import mlready_nb
    from mlready_nb.state import State
    from mlready_nb.stores.ipynb import IpynbStore

    path = write(tmp_path / "nb.ipynb", LOAD, FIT, SCORE)
    IpynbStore(path).save(State(run=Run(findings=(BINARY,), started="2026-01-01T00:00:00+00:00")))
    tracker = Tracker()
    monkeypatch.setitem(sys.modules, "mlflow", tracker)

    assert mlready_nb.log_to_mlflow(path) == "new"
    assert set(tracker.texts) == {
        f"mlready/{n}"
        for n in (
            "MODEL_CARD.md",
            "RUNBOOK.md",
            "READINESS.html",
            "readiness.json",
            "HF_MODEL_CARD.md",
            "model.cdx.json",
        )
    }
    assert tracker.tags["mlready.gate"] == "unknown"
    assert tracker.metrics["mlready.overall-metrics.accuracy"] == 0.912
    assert mlready_nb.log_to_mlflow(path, run_id="abc") == "abc"
    tracker._active = types.SimpleNamespace(info=types.SimpleNamespace(run_id="mine"))
    assert mlready_nb.log_to_mlflow(path, folder="gate") == "mine"
    assert "gate/MODEL_CARD.md" in tracker.texts


def test_without_mlflow_or_a_session_there_is_advice(tmp_path, monkeypatch):
    """What to install, what to name."""
    import mlready_nb

    monkeypatch.setitem(sys.modules, "mlflow", None)
    with pytest.raises(UsageError, match="pip install mlflow"):
        mlready_nb.log_to_mlflow("nb.ipynb")
    monkeypatch.setitem(sys.modules, "mlflow", Tracker())
    with pytest.raises(UsageError, match="nothing is saved"):
        mlready_nb.log_to_mlflow(write(tmp_path / "nb.ipynb", "x = 1"))


def test_the_command_writes_both(tmp_path, capsys):
    """`mlready export NB --hf F --bom F`."""
    from mlready_nb.cli import main
    from mlready_nb.state import State
    from mlready_nb.stores.ipynb import IpynbStore

    path = write(tmp_path / "nb.ipynb", LOAD)
    IpynbStore(path).save(State(run=Run(findings=(BINARY,))))

    assert main(["export", str(path), "--hf", str(tmp_path / "README.md"), "--bom", str(tmp_path / "m.json")]) == 0
    assert hub.ModelCard.load(tmp_path / "README.md").data.eval_results
    assert valid(json.loads((tmp_path / "m.json").read_text())) is None
