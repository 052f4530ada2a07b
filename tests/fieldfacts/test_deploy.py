"""The runbook's fields from project files: pipelines, manifests, images; nothing from an empty folder."""

import pytest

from mlready_nb import fieldfacts
from mlready_nb.fieldfacts import deploy, fact, field_facts
from mlready_nb.rules import checklist_of, rules_of
from mlready_nb.state import State
from mlready_nb.subjects import Subjects
from mlready_nb.views.document import to_markdown
from mlready_nb.views.runbook import runbook

FILES = {
    ".github/workflows/ci.yml": """
on: push
jobs:
  test:
    steps:
      - uses: actions/checkout@v4
      - run: pip install -r requirements.txt
      - run: pytest -q tests
  deploy-production:
    needs: test
    steps:
      - uses: actions/checkout@v4
      - run: |
          docker build -t registry.local/loans:$GITHUB_SHA .
          kubectl set image deployment/loans api=registry.local/loans:$GITHUB_SHA
""",
    "k8s/deployment.yaml": """
apiVersion: apps/v1
kind: Deployment
metadata: { name: loans }
spec:
  template:
    spec:
      containers:
        - name: api
          readinessProbe: { httpGet: { path: /healthz, port: 8000 } }
""",
    "Dockerfile": "FROM python:3.12-slim\nEXPOSE 8080\nHEALTHCHECK CMD curl -f http://localhost:8080/live || exit 1\n",
}


@pytest.fixture(autouse=True)
def forget():
    """Nothing is kept between two tests."""
    fieldfacts._KEPT.clear()
    deploy._read.cache_clear()


def project(folder, *names):
    """A repository with these files."""
    (folder / ".git").mkdir()
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(FILES[name])
    return Subjects(project=folder)


def test_pipelines_and_manifests_fill_the_runbook(tmp_path):
    """Tests, steps, health and rollback, each with its file."""
    found = field_facts(project(tmp_path, *FILES))

    assert found["runbook_pre_deployment.1"] == ("pytest -q tests", ".github/workflows/ci.yml")
    steps, source = found["runbook_deployment_steps.1"]
    assert steps.splitlines()[0].startswith("docker build -t registry.local/loans")
    assert "deploy-production" in source
    assert found["runbook_verification.health_check_passing"][0] == "GET /healthz"
    assert found["runbook_rollback.2"][0] == "kubectl rollout undo deployment/loans"


def test_an_image_alone_gives_its_own_commands(tmp_path):
    """Build, run, the probe of the image; no rollback is made up."""
    found = field_facts(project(tmp_path, "Dockerfile"))

    assert "docker build" in found["runbook_deployment_steps.1"][0]
    assert "127.0.0.1:8080:8080" in found["runbook_deployment_steps.1"][0]
    assert found["runbook_verification.health_check_passing"][0] == "GET /live"
    assert "runbook_rollback.2" not in found


def test_an_empty_folder_and_hostile_files_give_nothing(tmp_path):
    """No files; a link that leads out; YAML that is none."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "Makefile").write_text("deploy:\n\trm -rf /\n")
    inside = tmp_path / "in"
    inside.mkdir()
    subjects = project(inside)
    (inside / "Makefile").symlink_to(tmp_path / "out" / "Makefile")
    (inside / "bad.yml").write_text("a: [1\n: :")
    (inside / "compose.json").write_text("{}")

    assert field_facts(subjects) == {}


def test_the_runbook_shows_them_with_their_source_and_ticks_no_box(tmp_path):
    """What a file says is no proof that the service answers."""
    facts = field_facts(project(tmp_path, *FILES))
    text = to_markdown(runbook(checklist_of(State(facts=facts), rules_of(tmp_path))))

    assert "Verify all tests passing: pytest" in text
    assert "2. kubectl set image" in text
    assert "kubectl rollout undo deployment/loans" in text
    assert "- [ ] Health check passing (GET /healthz" in text
    assert "[x]" not in text


def test_a_function_of_ones_own_and_one_that_raises(tmp_path, monkeypatch):
    """It asks by name; who raises is passed over."""
    monkeypatch.setattr(fieldfacts, "_FACTS", {"runbook_contacts.on_call": []})

    @fact("runbook_contacts.on_call")
    def broken(project):
        raise RuntimeError

    @fact("runbook_contacts.on_call")
    def rota(project, cells=()):
        return f"see {project.name}", "the rota"

    subjects = Subjects(project=tmp_path, cells=("a cell",))
    assert field_facts(subjects)["runbook_contacts.on_call"] == (f"see {tmp_path.name}", "the rota")
