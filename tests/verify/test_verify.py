"""A service on this machine, in a thread: right, wrong, slow, closed; and every address that is not ours."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from mlready_nb.finding import Outcome
from mlready_nb.session import Session
from mlready_nb.subjects import Target
from mlready_nb.testing import subjects_of
from mlready_nb.verify import NotLocal, verify
from mlready_nb.verify.loopback import endpoint
from mlready_nb.verify.synthetic import requests, typical
from mlready_nb.views.document import to_markdown
from mlready_nb.views.runbook import runbook

RNG = np.random.default_rng(0)
X = pd.DataFrame({"age": RNG.integers(18, 80, 200), "income": RNG.normal(3e4, 9e3, 200)})
Y = pd.Series(np.where(X["age"] > 45, "yes", "no"))
MODEL = LogisticRegression(max_iter=1000).fit(X, Y)
API = {
    "paths": {
        "/livez": {"get": {}},
        "/v1/score": {"post": {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Loan"}}}}}},
    },
    "components": {"schemas": {"Loan": {"type": "object", "properties": {"Age": {"type": "integer"}, "income": {"type": "number"}, "channel": {"type": "string", "enum": ["web"]}}}}},
}  # fmt: skip


class Service(BaseHTTPRequestHandler):
    """Answers as the test wants it."""

    kind = "right"
    seen: ClassVar[list] = []

    def log_message(self, *_):
        """Quiet."""

    def answer(self, status, content):
        """JSON, or a way elsewhere."""
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if status == 302:
            self.send_header("Location", "http://192.0.2.1/health")
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        """Its description, its health."""
        if self.path == "/openapi.json":
            self.answer(200, API)
        elif self.kind == "redirects":
            self.answer(302, {})
        else:
            self.answer(200 if self.path == "/livez" else 404, {"status": "ok"})

    def do_POST(self):
        """One prediction."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.seen.append((self.path, body))
        if self.path != "/v1/score" or "Age" not in body:
            return self.answer(404 if self.path != "/v1/score" else 422, {})
        if self.kind == "slow":
            time.sleep(0.008)
        row = pd.DataFrame({"age": [body["Age"]], "income": [body["income"]]})
        said = MODEL.predict(row)[0]
        other = {"yes": "no", "no": "yes"}[said]
        return self.answer(200, {"prediction": other if self.kind == "wrong" else str(said)})


@pytest.fixture
def service():
    """A running service; its address, and the class that holds its kind."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("One", (Service,), {"seen": []}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", server.RequestHandlerClass
    server.shutdown()
    server.server_close()


def subjects(*targets):
    """The live model and its data."""
    return subjects_of(model=MODEL, X_train=X, y_train=Y, X_test=X, y_test=Y, targets=targets)


def goal(value):
    """A stated goal."""
    return Target(metric="p95_latency_ms", op="<=", value=value)


def outcomes(found):
    """By name."""
    return {f.check: str(f.outcome) for f in found}


def test_a_right_service_passes_all_three(service):
    """By its own schema; the row that is sent is nobody's."""
    address, made = service
    found = verify(address, subjects(goal(1000)))

    assert outcomes(found) == {"endpoint-health": "pass", "endpoint-prediction": "pass", "endpoint-latency": "pass"}
    path, body = made.seen[0]
    assert path == "/v1/score"
    assert body["channel"] == "web"
    assert not ((X["age"] == body["Age"]) & np.isclose(X["income"], body["income"])).any()
    assert found[2].measured["p95_latency_ms"].n == 100


def test_another_answer_than_the_live_models_fails(service):
    """The service runs something else."""
    service[1].kind = "wrong"

    assert outcomes(verify(service[0], subjects()))["endpoint-prediction"] == "fail"


def test_too_slow_fails_and_without_a_goal_nothing_is_decided(service):
    """8 ms against 2."""
    service[1].kind = "slow"

    assert outcomes(verify(service[0], subjects(goal(2))))["endpoint-latency"] == "fail"
    found = verify(service[0], subjects())[2]
    assert found.outcome is Outcome.INCONCLUSIVE
    assert "%mlready target" in found.message


def test_redirects_lead_nowhere(service):
    """A health check that points to another machine does not pass."""
    service[1].kind = "redirects"

    assert outcomes(verify(service[0], subjects()))["endpoint-health"] == "fail"


def test_nobody_there_is_a_failure_with_advice():
    """A closed port, within seconds."""
    began = time.monotonic()
    found = verify("http://127.0.0.1:9", subjects())

    assert outcomes(found) == {"endpoint-health": "fail", "endpoint-prediction": "fail", "endpoint-latency": "not_run"}
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    "address",
    ["http://example.com", "http://192.168.0.4:8000", "http://localhost.example.com", "http://127.0.0.1@example.com", "http://0.0.0.0:80",
     "https://127.0.0.1", "ftp://127.0.0.1", "http://[2001:db8::1]:8000", "http://127.0.0.1:99999", "", "http://", "file:///etc/passwd",
     "http://2130706433.example", "http://127.0.0.1:80/?to=http://example.com"],
)  # fmt: skip
def test_every_other_machine_is_refused_before_anything_is_sent(address):
    """With what to write."""
    with pytest.raises(NotLocal, match=r"http://127\.0\.0\.1:8000"):
        verify(address, subjects())


def test_this_machine_has_several_names():
    """Loopback addresses, and `localhost` without asking anybody who that is."""
    assert str(endpoint("http://localhost:8000/api/")) == "http://127.0.0.1:8000/api"
    assert endpoint("127.0.0.1:80").port == 80
    assert endpoint("http://[::1]:5000").host == "::1"


def test_the_row_is_typical_and_fits_any_form():
    """Medians and commonest values; nested schemas; names in another spelling."""
    frame = pd.DataFrame({"marital-status": ["m", "s", "m"], "n": [1, 2, 9], "gone": [None, None, None]})
    row = typical(frame)
    schema = {"properties": {"rows": {"type": "array", "items": {"properties": {"marital_status": {}, "n": {}}}}}}

    assert row == {"marital-status": "m", "n": 2, "gone": None}
    assert requests(schema, {}, row)[0] == {"rows": [{"marital_status": "m", "n": 2}]}
    assert requests({"$ref": "#/a"}, {"a": {"$ref": "#/a"}}, row)  # a circle ends


def test_the_session_keeps_it_as_evidence_and_ticks_the_runbook(service, tmp_path):
    """Three findings in the run, boxes ticked; a health check alone ticks one."""
    namespace = {"clf": MODEL, "X_test": X, "y_test": Y}
    session = Session(lambda: namespace, project=tmp_path)
    session.use({"model": "clf", "X_test": "X_test", "y_test": "y_test"})
    session.target(["p95_latency_ms<=1000"])
    run = session.verify(service[0])
    text = to_markdown(runbook(session.checklist()))

    assert {f.check for f in run} == {"endpoint-health", "endpoint-prediction", "endpoint-latency"}
    assert text.count("[x]") == 3
    assert "- [ ] Logs flowing" in text
    assert session.checklist()["FIN-05"].findings
    session.check(["schema-mismatch"])
    assert session.state.run["endpoint-health"].outcome is Outcome.PASS
