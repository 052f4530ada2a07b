"""Each project check against folders and their near twins: what a person reads, the check must say."""

import subprocess

import pytest

from mlready_nb.checks.registry import load_checks
from mlready_nb.runner import run
from mlready_nb.subjects import Cell, Subjects, Target
from mlready_nb.testing import find
from tests.project.folders import BLUEPRINT, CAREFUL, CARELESS, LONE, OTHER_TOOLS, SUBTLE, write

CHECKS = {c.name: c for c in load_checks() if "project_files" in c.needs}

#: (folder, check) -> sub-bullet -> what a person says of it; a sub-bullet that is not there stays open.
READING = {
    ("careful", "api-code"): "API-01.1 pass, API-01.2 pass, API-01.3 pass",
    ("careful", "api-guards"): "SEC-03.2 pass, SEC-03.3 pass, API-02.3 pass, THR-01.3 pass",
    ("careful", "api-documentation"): "API-02.1 pass, API-02.2 pass, DOC-04.1 pass, DOC-04.2 pass, DOC-04.3 pass",
    ("careful", "api-tests"): "API-03.1 pass, API-03.2 pass",
    ("careful", "test-results"): "FIN-04 pass",
    ("careful", "input-validation"): "SEC-04.2 pass",
    ("careful", "image-build"): "CON-01.1 pass, CON-01.2 pass",
    ("careful", "image-size"): "CON-02.1 pass, CON-02.2 pass",
    ("careful", "image-secrets"): "CON-03.1 pass",
    ("careful", "image-user"): "CON-03.2 pass",
    ("careful", "image-tested"): "CON-01.3 pass, CON-03.3 pass",
    ("careful", "declared-dependencies"): "PKG-02.1 pass, TRN-01.2 pass",
    ("careful", "python-version"): "PKG-02.2 pass",
    ("careful", "system-packages"): "PKG-02.3 pass",
    ("careful", "pipeline"): "DEP-01.1 pass, DEP-01.2 pass, DEP-01.3 pass",
    ("careful", "staging"): "STG-01.1 pass, STG-01.2 pass",
    ("careful", "rollout"): "STG-03.1 pass, STG-03.2 pass, DEP-02.1 pass, DEP-02.3 pass, DEP-03.1 pass",
    ("careful", "compute"): "INF-01.1 pass, INF-01.2 pass, INF-01.3 pass, THR-01.2 pass, CST-01.2 pass",
    ("careful", "platform"): "INF-02.2 pass, INF-03.1 pass, INF-03.2 pass, INF-03.3 pass, SEC-01.2 pass",
    ("careful", "load-test"): "API-03.3 pass, STG-02.1 pass, STG-02.2 pass, THR-01.1 pass",
    ("careful", "logging-setup"): "MON-01.1 pass, MON-01.2 pass, MON-01.3 pass, SEC-06.1 pass",
    ("careful", "metrics-setup"): "MON-02.1 pass, MON-02.2 pass, MON-02.3 pass, MON-02.4 pass",
    ("careful", "alerts-and-dashboards"): "MON-03.1 pass, MON-03.2 pass, MON-04.1 pass, MON-04.2 pass, OBS-01.2 pass",
    ("careful", "retraining"): "MNT-01.1 pass, MNT-01.2 pass, MNT-01.3 pass",
    ("careful", "model-registry"): "MNT-02.1 pass",
    ("careful", "kept-documents"): "MNT-03.1 pass, MNT-03.2 pass, MNT-03.3 pass",
    ("careful", "guides"): "DOC-03.1 pass, DOC-03.2 pass, DOC-03.3 pass, RBK-01.1 pass, RBK-01.2 pass, RBK-01.3 pass, "
    "RBK-02.1 pass, RBK-02.2 pass, RBK-02.3 pass",
    ("careful", "timeouts-and-caches"): "LAT-01.3 pass",
    ("careful", "training-entry"): "TRN-01.3 pass",
    ("careful", "file-secrets"): "RED-10 pass",
    ("careful", "drift-watch"): "",
    ("careful", "release-switches"): "",
    ("careless", "api-code"): "API-01.1 pass, API-01.2 warn, API-01.3 fail",
    ("careless", "api-guards"): "SEC-03.2 fail, SEC-03.3 warn, API-02.3 warn, THR-01.3 warn",
    ("careless", "api-documentation"): "API-02.1 warn, API-02.2 warn, DOC-04.1 warn, DOC-04.2 warn, DOC-04.3 warn",
    ("careless", "api-tests"): "API-03.1 fail",
    ("careless", "input-validation"): "SEC-04.2 warn",
    ("careless", "image-build"): "CON-01.1 pass, CON-01.2 warn",
    ("careless", "image-size"): "CON-02.1 warn, CON-02.2 warn",
    ("careless", "image-secrets"): "CON-03.1 fail",
    ("careless", "image-user"): "CON-03.2 fail",
    ("careless", "image-tested"): "",
    ("careless", "declared-dependencies"): "PKG-02.1 warn, TRN-01.2 warn",
    ("careless", "python-version"): "PKG-02.2 warn",
    ("careless", "pipeline"): "DEP-01.1 pass, DEP-01.2 fail, DEP-01.3 warn",
    ("careless", "compute"): "INF-01.1 pass, INF-01.2 fail, INF-01.3 warn, THR-01.2 warn, CST-01.2 warn",
    ("careless", "platform"): "INF-02.1 pass, INF-03.1 pass, INF-03.2 pass, INF-03.3 warn, SEC-01.2 warn",
    ("careless", "load-test"): "API-03.3 fail, STG-02.1 fail, STG-02.2 fail, THR-01.1 fail",
    ("careless", "logging-setup"): "MON-01.1 warn, MON-01.2 warn, MON-01.3 pass, SEC-06.1 warn",
    ("careless", "metrics-setup"): "MON-02.1 warn, MON-02.2 warn, MON-02.3 warn, MON-02.4 warn",
    ("careless", "kept-documents"): "MNT-03.1 warn, MNT-03.2 warn",
    ("careless", "guides"): "RBK-01.3 warn, RBK-02.3 warn",
    ("careless", "model-files"): "PKG-01.1 pass, PKG-01.3 warn, TRN-03.1 pass",
    ("careless", "file-secrets"): "RED-10 fail",
    ("careless", "retraining"): "",
    ("careless", "rollout"): "",
    ("careless", "staging"): "",
    ("subtle", "api-code"): "API-01.1 pass, API-01.2 warn, API-01.3 warn",
    ("subtle", "api-guards"): "SEC-03.2 fail, SEC-03.3 warn, API-02.3 warn, THR-01.3 warn",
    ("subtle", "api-tests"): "API-03.1 warn, API-03.2 fail",
    ("subtle", "test-results"): "FIN-04 fail",
    ("subtle", "input-validation"): "SEC-04.2 warn",
    ("subtle", "image-build"): "CON-01.1 pass, CON-01.2 pass",
    ("subtle", "image-size"): "CON-02.1 warn, CON-02.2 warn",
    ("subtle", "image-secrets"): "CON-03.1 fail",
    ("subtle", "image-user"): "CON-03.2 fail",
    ("subtle", "image-tested"): "CON-03.3 warn",
    ("subtle", "declared-dependencies"): "PKG-02.1 fail, TRN-01.2 fail",
    ("subtle", "pipeline"): "DEP-01.1 pass, DEP-01.2 warn, DEP-01.3 warn",
    ("subtle", "rollout"): "STG-03.1 warn, DEP-02.1 warn, DEP-02.3 pass",
    ("subtle", "compute"): "INF-01.1 pass, INF-01.2 warn, INF-01.3 warn, THR-01.2 warn, CST-01.2 warn",
    ("subtle", "access-and-audit"): "SEC-02.1 warn",
    ("subtle", "load-test"): "API-03.3 warn, STG-02.1 warn",
    ("subtle", "logging-setup"): "MON-01.1 warn, MON-01.2 warn, MON-01.3 warn, SEC-06.1 warn",
    ("subtle", "metrics-setup"): "MON-02.1 pass, MON-02.2 warn, MON-02.3 warn, MON-02.4 warn",
    ("subtle", "alerts-and-dashboards"): "MON-03.1 warn, MON-03.2 warn, MON-04.1 warn, OBS-01.2 warn",
    ("subtle", "kept-documents"): "MNT-03.1 pass, MNT-03.2 pass, MNT-03.3 warn",
    ("subtle", "guides"): "DOC-03.1 pass, DOC-03.2 pass, DOC-03.3 pass, RBK-01.1 warn, RBK-01.2 warn, RBK-01.3 warn, "
    "RBK-02.1 warn, RBK-02.2 warn, RBK-02.3 warn",
    ("other tools", "api-code"): "API-01.1 pass, API-01.2 pass, API-01.3 pass",
    ("other tools", "api-guards"): "SEC-03.2 pass, SEC-03.3 warn, API-02.3 warn, THR-01.3 warn",
    ("other tools", "api-tests"): "API-03.1 pass",
    ("other tools", "input-validation"): "SEC-04.2 pass",
    ("other tools", "declared-dependencies"): "PKG-02.1 pass, TRN-01.2 pass",
    ("other tools", "python-version"): "PKG-02.2 pass",
    ("other tools", "pipeline"): "DEP-01.1 pass, DEP-01.2 pass, DEP-01.3 pass",
    ("other tools", "staging"): "STG-01.1 pass",
    ("other tools", "rollout"): "STG-03.1 pass, STG-03.2 pass, DEP-02.1 pass, DEP-03.1 pass",
    ("other tools", "compute"): "INF-01.1 pass, INF-01.2 pass, INF-01.3 pass, THR-01.2 pass, CST-01.2 pass",
    ("other tools", "platform"): "INF-02.2 pass, INF-03.1 pass, INF-03.2 pass, INF-03.3 pass, SEC-01.2 pass",
    ("other tools", "load-test"): "API-03.3 pass, STG-02.1 pass, STG-02.2 pass, THR-01.1 pass",
    ("other tools", "logging-setup"): "MON-01.1 pass, MON-01.2 pass, MON-01.3 pass, SEC-06.1 pass",
    ("other tools", "drift-watch"): "OBS-02.1 pass, OBS-02.2 pass",
    ("other tools", "retraining"): "MNT-01.1 pass, MNT-01.2 pass, MNT-01.3 pass",
    ("other tools", "release-switches"): "NICE-03 pass",
    ("other tools", "timeouts-and-caches"): "LAT-01.3 pass",
    ("blueprint", "api-code"): "API-01.1 pass, API-01.2 pass, API-01.3 pass",
    ("blueprint", "api-guards"): "SEC-03.2 pass, SEC-03.3 pass, API-02.3 pass, THR-01.3 pass",
    ("blueprint", "api-documentation"): "API-02.1 pass, API-02.2 pass, DOC-04.1 pass, DOC-04.2 pass, DOC-04.3 pass",
    ("blueprint", "api-tests"): "API-03.1 pass",
    ("blueprint", "input-validation"): "SEC-04.2 pass",
    ("blueprint", "declared-dependencies"): "PKG-02.1 pass, TRN-01.2 pass",
    ("blueprint", "python-version"): "PKG-02.2 pass",
    ("blueprint", "pipeline"): "DEP-01.1 pass, DEP-01.2 pass, DEP-01.3 pass",
    ("blueprint", "logging-setup"): "MON-01.1 pass, MON-01.2 pass, MON-01.3 pass, SEC-06.1 pass",
    ("blueprint", "metrics-setup"): "MON-02.1 warn, MON-02.2 warn, MON-02.3 warn, MON-02.4 warn",
    ("blueprint", "compute"): "INF-01.3 pass, THR-01.2 pass, CST-01.2 pass",
    ("blueprint", "platform"): "INF-02.1 pass, INF-03.3 pass, SEC-01.2 pass",
    ("blueprint", "access-and-audit"): "SEC-01.1 pass",
    ("blueprint", "alerts-and-dashboards"): "MON-03.1 pass, MON-03.2 warn, CST-01.4 pass, OBS-01.2 warn",
    ("blueprint", "retraining"): "",
}
FOLDERS = {
    "careful": CAREFUL,
    "careless": CARELESS,
    "subtle": SUBTLE,
    "other tools": OTHER_TOOLS,
    "blueprint": BLUEPRINT,
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Each folder, judged by every project check."""
    said = {}
    for name, files in FOLDERS.items():
        folder = write(tmp_path_factory.mktemp("folders") / "project", files)
        said[name] = run(Subjects(project=folder), list(CHECKS.values()))
    return said


@pytest.mark.parametrize(("folder", "check"), READING, ids=lambda x: x)
def test_it_says_what_a_person_reads(runs, folder, check):
    """Every sub-bullet as in the table, and no other."""
    expected = dict(p.split(" ") for p in READING[folder, check].split(", ") if p)
    found = runs[folder][check]

    assert {code: str(outcome) for code, outcome in found.points.items()} == expected, found.message
    assert (found.outcome == "not_run") is not bool(expected)


def test_every_check_is_read_both_ways():
    """No check is in the table with good verdicts or bad ones alone, but those that only ever confirm."""
    confirms = {"system-packages", "staging", "training-entry", "model-registry", "drift-watch", "release-switches",
                "timeouts-and-caches", "retraining", "version-control"}  # fmt: skip
    for name in CHECKS.keys() - confirms:
        verdicts = " ".join(v for (_, c), v in READING.items() if c == name)
        assert "warn" in verdicts or "fail" in verdicts, name
        assert "pass" in verdicts, name


@pytest.mark.parametrize("name", CHECKS)
def test_a_lone_notebook_is_no_project(tmp_path, name):
    """Nothing is asked of a notebook with its data; the folder and what would settle it are named."""
    folder = write(tmp_path / "alone", LONE)
    found = find(name, project=folder)

    assert found.outcome == "not_run", found.message
    assert "alone" in found.message
    assert found.message.startswith("no ")


@pytest.mark.parametrize("name", CHECKS)
def test_without_a_folder_it_names_what_is_missing(name):
    """No project at all."""
    found = find(name)

    assert found.outcome == "not_run"
    assert "project" in found.message


def judged(tmp_path, check, files, **more):
    """The finding of one check on these files alone."""
    return find(check, project=write(tmp_path / "project", files), **more)


TWINS = [
    ("image-user", {"Dockerfile": "FROM python:3.12-slim\nRUN x\n"}, "fail"),
    ("image-user", {"Dockerfile": "FROM python:3.12-slim\nUSER 1001\n"}, "pass"),
    ("image-user", {"Dockerfile": "FROM python:3.12-slim AS a\nUSER app\nFROM a\nRUN x\n"}, "pass"),
    ("image-user", {"Dockerfile": "FROM python:3.12-slim AS a\nUSER app\nFROM python:3.12-slim\nCOPY --from=a /x /x\n"}, "fail"),
    ("image-user", {"Dockerfile": "FROM gcr.io/distroless/python3:nonroot\nCOPY a b\n"}, "pass"),
    ("image-user", {"Dockerfile": "FROM registry.example.org/team/base:1\nCOPY a b\n"}, "inconclusive"),
    ("image-size", {"Dockerfile": "FROM python:3.12-slim\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY src src\n"}, "pass"),
    ("image-size", {"Dockerfile": "FROM python:3.12-slim\nCOPY src src\nRUN pip install -r src/requirements.txt\n"}, "warn"),
    ("image-size", {"Dockerfile": "FROM python\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n"}, "warn"),
    ("image-secrets", {"Dockerfile": "FROM a:1\nENV MAX_TOKENS=512 TOKEN_URL=https://x.org API_KEY_HEADER=X-Key\n"}, "pass"),
    ("image-secrets", {"Dockerfile": "FROM a:1\nENV API_KEY=$API_KEY\nARG DB_PASSWORD\n"}, "pass"),
    ("image-secrets", {"Dockerfile": "FROM a:1\nENV DB_PASSWORD kdjf8237hdf\n"}, "fail"),
    ("image-secrets", {"Dockerfile": "FROM a:1\nCOPY .env /app/\n"}, "fail"),
    ("image-secrets", {"Dockerfile": "FROM a:1\nCOPY . .\n", ".env": "API_KEY=kdjf8237hdf\n"}, "fail"),
    ("image-secrets", {"Dockerfile": "FROM a:1\nCOPY . .\n", ".env": "API_KEY=kdjf8237hdf\n", ".dockerignore": ".env\n"}, "pass"),
    ("image-secrets", {"Dockerfile": "FROM a:1\nRUN git clone https://bob:kdjf8237hdf@git.example.net/x\n"}, "fail"),
    ("declared-dependencies", {"requirements.txt": "numpy==2.1.0\n"}, "pass"),
    ("declared-dependencies", {"requirements.txt": "numpy\n"}, "warn"),
    ("declared-dependencies", {"requirements.txt": "numpy=2.1.0\n"}, "fail"),
    ("declared-dependencies", {"environment.yml": "dependencies: [python=3.11, numpy=2.1, pip: [torch==2.4.0]]\n"}, "pass"),
    ("declared-dependencies", {"environment.yml": "dependencies: [python, numpy, pandas]\n"}, "warn"),
    ("declared-dependencies", {"Pipfile": '[packages]\nnumpy = "*"\n'}, "warn"),
    ("declared-dependencies", {"Pipfile": '[packages]\nnumpy = "*"\n', "Pipfile.lock": '{"default": {"numpy": {"version": "==2.1.0"}}}'}, "pass"),
    ("declared-dependencies", {"setup.py": "from setuptools import setup\nsetup(install_requires=['numpy>=1'])\n"}, "warn"),
    ("file-secrets", {"a.py": 'TOKEN_URL = "https://x.org/token"\nPASSWORD_FIELD = "password"\nMAX_TOKENS = "512"\n', "b.py": ""}, "pass"),
    ("file-secrets", {"a.py": 'import os\nAPI_KEY = os.environ["API_KEY"]\n', "b.py": ""}, "pass"),
    ("file-secrets", {"a.py": 'API_KEY = "sk-9a8b7c6d5e4f3a2b1c"\n', "b.py": ""}, "fail"),
    ("file-secrets", {"c.yaml": "url: postgres://app:Zx81qq0PlM@db.internal/x\n", "b.py": ""}, "fail"),
    ("file-secrets", {"c.yaml": "url: postgres://user:password@localhost/x\n", "b.py": ""}, "pass"),
    ("timeouts-and-caches", {"k8s/a.yaml": "apiVersion: apps/v1\nkind: Deployment\nspec: {template: {spec: {containers: [{livenessProbe: {timeoutSeconds: 3}}]}}}\n"}, "not_run"),
    ("retraining", {".github/workflows/x.yml": "on: {schedule: [{cron: '0 0 * * *'}]}\njobs: {stale: {steps: [{uses: actions/stale@v9}]}}\n"}, "not_run"),
    ("retraining", {"k8s/cron.yaml": "apiVersion: batch/v1\nkind: CronJob\nspec: {schedule: '0 3 * * 1', suspend: true, jobTemplate: {command: [python, train.py]}}\n"}, "warn"),
    ("test-results", {"r.xml": '<testsuite tests="4" failures="0" errors="0" skipped="4"/>'}, "warn"),
    ("load-test", {"wrk.txt": "  Latency Distribution\n  50% 10.00ms\n  99% 1.20s\n  9000 requests in 30.00s, 2MB read\nRequests/sec: 300.1\n"}, "pass"),
    ("load-test", {"a.jtl": "timeStamp,elapsed,label,responseCode,success\n" + "".join(f"{1000 * i},{20 + i},p,200,{'true' if i % 10 else 'false'}\n" for i in range(300))}, "fail"),
    ("platform", {"k8s/i.yaml": "apiVersion: networking.k8s.io/v1\nkind: Ingress\nspec: {rules: []}\n"}, "warn"),
    ("kept-documents", {"MODEL_CARD.md": "# Model Card\n\n[More Information Needed]\n\n[More Information Needed]\n\n[More Information Needed]\n"}, "warn"),
]  # fmt: skip


@pytest.mark.parametrize(("check", "files", "outcome"), TWINS)
def test_near_twins_are_told_apart(tmp_path, check, files, outcome):
    """The fault is found, and what only looks like it is not."""
    found = judged(tmp_path, check, files)

    assert found.outcome == outcome, found.message


def test_pins_are_compared_with_what_this_kernel_runs(tmp_path):
    """A version that is not the kernel's, and an import that no file names."""
    import numpy as np
    import pandas as pd

    cells = (Cell(number=1, source="import numpy as np\nimport pandas as pd"),)
    right = judged(
        tmp_path / "a",
        "declared-dependencies",
        {"requirements.txt": f"numpy=={np.__version__}\npandas=={pd.__version__}\n"},
        cells=cells,
    )
    wrong = judged(tmp_path / "b", "declared-dependencies", {"requirements.txt": "numpy==1.0.0\n"}, cells=cells)

    assert right.outcome == "pass", right.message
    assert wrong.outcome == "warn"
    assert f"this kernel runs {np.__version__}" in wrong.message
    assert "does not name pandas" in wrong.message


def test_goals_are_held_against_the_load_report(tmp_path):
    """52 ms meet 100, and miss 40; 98 requests per second miss 500."""
    files = {"load/r_stats.csv": CAREFUL["load/report_stats.csv"]}

    def said(*goals):
        return judged(tmp_path, "load-test", files, targets=goals).outcome

    assert said(Target(metric="p95_latency_ms", op="<=", value=100)) == "pass"
    assert said(Target(metric="p95_latency_ms", op="<=", value=40)) == "fail"
    assert said(Target(metric="rps", op=">=", value=500)) == "fail"


def git(folder, *words):
    """Run git there, with a name."""
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *words]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def test_git_tells_what_is_committed(tmp_path):
    """Untracked, then committed; weights that git tracks are said, LFS pointers are not."""
    folder = write(tmp_path, {"a.ipynb": "{}", "models/clf-1.0.0.joblib": "weights", "train.py": ""})
    git(folder, "init", "-q")
    git(folder, "add", "train.py")
    git(folder, "commit", "-qm", "x")
    assert "a.ipynb" in find("version-control", project=folder).message
    assert find("model-files", project=folder).points["SEC-03.1"] == "pass"

    from mlready_nb import git as asked

    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "y")
    asked._ANSWERS.clear()
    assert find("version-control", project=folder).points["DEV-04.1"] == "pass"
    found = find("model-files", project=folder)
    assert found.points["SEC-03.1"] == "warn"
    assert "models/clf-1.0.0.joblib" in found.message


def test_findings_name_file_and_line(runs):
    """The message and the table say where."""
    found = runs["careless"]["image-user"]

    assert "Dockerfile:1" in found.message
    assert found.tables[0].columns == ("sub-bullet", "verdict", "where", "what")
    assert found.remedy


def test_a_live_application_is_described_without_touching_it(tmp_path):
    """Its own OpenAPI: what FastAPI writes by itself is no description; the cache of the application stays empty."""
    from fastapi import FastAPI
    from pydantic import BaseModel, Field

    class Row(BaseModel):
        age: int = Field(examples=[41])

    bare, told = FastAPI(), FastAPI()

    @bare.post("/predict")
    def predict(row: dict):
        return row

    @told.post("/predict", summary="Probability of leaving", responses={503: {"description": "no model"}})
    def score(row: Row):
        return row

    def said(tmp, app):
        return find("api-documentation", project=tmp, namespace={"app": app})

    poor, rich = said(tmp_path, bare), said(tmp_path, told)
    assert {str(o) for o in poor.points.values()} == {"warn"}, poor.message
    assert "app.openapi()" in poor.message
    assert {str(o) for o in rich.points.values()} == {"pass"}, rich.message
    assert bare.openapi_schema is None
    assert told.openapi_schema is None
