"""Many ways to write the same thing, each beside what only looks like it."""

import pytest

from mlready_nb.testing import find
from tests.project.folders import write

IMPORTS = (
    "from fastapi import FastAPI, Depends, HTTPException, APIRouter, Security, Header\n"
    "from fastapi.security import HTTPBearer, OAuth2PasswordBearer\nfrom pydantic import BaseModel\n"
    "class R(BaseModel):\n    a: float\nclass O(BaseModel):\n    y: float\n"
)

#: check, files, what a person says of some sub-bullets
WAYS = [
    ("api-guards",{"app.py":"from flask import Flask, request, abort\napp=Flask(__name__)\n@app.before_request\ndef check():\n    if request.headers.get('X-API-Key') != KEY:\n        abort(401)\n@app.route('/predict', methods=['POST'])\ndef predict():\n    return {}\n"},"03.2:pass"),
    ("api-guards",{"main.py":IMPORTS + "from api import router\ndef verify(x_api_key: str = Header()):\n    if x_api_key != K:\n        raise HTTPException(403)\napp=FastAPI()\napp.include_router(router, dependencies=[Depends(verify)])\n","api.py":IMPORTS + "router=APIRouter()\n@router.post('/predict')\ndef predict(r: R) -> O:\n    return O(y=1)\n"},"03.2:pass"),
    ("api-guards",{"main.py":IMPORTS + "class JWTBearer(HTTPBearer):\n    async def __call__(self, request):\n        c = await super().__call__(request)\n        if not verify(c): raise HTTPException(status_code=403)\napp=FastAPI()\n@app.post('/predict', dependencies=[Depends(JWTBearer())])\ndef predict(r: R) -> O:\n    return O(y=1)\n"},"03.2:pass"),
    ("api-guards",{"main.py":IMPORTS + "oauth2 = OAuth2PasswordBearer(tokenUrl='token')\napp=FastAPI()\n@app.post('/predict')\ndef predict(r: R, token: str = Depends(oauth2)) -> O:\n    return O(y=1)\n"},"03.2:pass"),
    ("api-guards",{"main.py":IMPORTS + "from typing import Annotated\noauth2 = OAuth2PasswordBearer(tokenUrl='token')\nasync def user(t: Annotated[str, Depends(oauth2)]):\n    return t\nUser = Annotated[str, Depends(user)]\napp=FastAPI()\n@app.post('/predict')\ndef predict(r: R, u: User) -> O:\n    return O(y=1)\n"},"03.2:pass"),
    ("api-guards",{"main.py":IMPORTS + "def get_model():\n    return M\napp=FastAPI()\n@app.post('/predict')\ndef predict(r: R, m=Depends(get_model)) -> O:\n    return O(y=1)\n"},"03.2:fail"),
    ("api-guards",{"main.py":IMPORTS + "def get_db_token_counter():\n    return M\napp=FastAPI()\n@app.post('/predict')\ndef predict(r: R, m=Depends(get_db_token_counter)) -> O:\n    return O(y=1)\n"},"03.2:fail"),
    ("api-code",{"main.py":IMPORTS + "app=FastAPI()\n@app.middleware('http')\nasync def catch(request, call_next):\n    try:\n        return await call_next(request)\n    except Exception:\n        return JSONResponse({'e':1}, status_code=500)\n@app.post('/predict')\ndef predict(r: R) -> O:\n    return O(y=1)\n"},"01.3:pass"),
    ("api-code",{"main.py":IMPORTS + "app=FastAPI()\n@app.post('/predict', response_model=O)\nasync def predict(r: list[R]):\n    try:\n        return f(r)\n    except Exception as e:\n        log.exception('x')\n        raise\n"},"01.2:pass 01.3:pass"),
    ("api-code",{"main.py":IMPORTS + "app=FastAPI()\n@app.post('/predict')\nasync def predict(request: Request):\n    data = await request.json()\n    return m(data)\n"},"01.2:warn 01.3:fail"),
    ("api-code",{"main.py":IMPORTS + "app=FastAPI()\n@app.get('/predict/{a}')\nasync def predict(a: float) -> O:\n    if a < 0: raise HTTPException(400)\n    return m(a)\n"},"01.2:pass 01.3:pass"),
    ("api-code",{"main.py":"from flask import Flask, request, jsonify\nfrom pydantic import BaseModel, ValidationError\napp=Flask(__name__)\nclass In(BaseModel):\n    a: float\n@app.post('/predict')\ndef predict():\n    try:\n        x = In(**request.get_json())\n    except ValidationError as e:\n        return jsonify(error=str(e)), 422\n    return jsonify(y=1)\n"},"01.3:pass"),
    ("api-code",{"serve.py":"import litserve as ls\nclass A(ls.LitAPI):\n    def setup(self, d): pass\n    def decode_request(self, r): return r['x']\n    def predict(self, x): return x\n    def encode_response(self, o): return {'o': o}\nif __name__=='__main__':\n    ls.LitServer(A()).run(port=8000)\n"},"01.1:pass"),
    ("declared-dependencies",{"requirements.txt":"numpy==2.1.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\npandas==2.2.0 --hash=sha256:cc\n"},"02.1:pass"),
    ("declared-dependencies",{"requirements.txt":"-r req/base.txt\n","req/base.txt":"numpy\n"},"02.1:warn"),
    ("declared-dependencies",{"environment.yml":"dependencies:\n - numpy=1\n  - : bad\n -- x\n"},"not_run"),
    ("declared-dependencies",{"requirements.txt":"--extra-index-url https://x\nnumpy==2.1.0 ; python_version > '3.9'\ntorch @ https://x/torch-2.0-cp311.whl\n"},"02.1:pass"),
    ("declared-dependencies",{"pyproject.toml":'[tool.poetry]\nname="x"\n[tool.poetry.dependencies]\npython="^3.11"\nnumpy="^2.0"\npandas="*"\n'},"02.1:warn"),
    ("declared-dependencies",{"requirements.txt":"numpy==2.1.0\nscipy==1.14.0\npandas>=2\nfoo==1\nbar==2\nbaz==3\n"},"02.1:pass"),
    ("image-user",{"Dockerfile":"FROM python:3.12-slim\nARG UID=0\nUSER ${UID}\n"},"03.2:fail"),
    ("image-user",{"Dockerfile":"FROM python:3.12-slim\nCOPY a b\n","docker-compose.yml":'services: {a: {build: ., user: "1000:1000"}}\n'},"03.2:pass"),
    ("image-build",{"Dockerfile":"FROM python:3.12-slim AS b\nRUN <<EOF\napt-get update\npip install x\nEOF\nFROM python:3.12-slim\nCOPY --from=b /a /a\n"},"01.2:pass"),
    ("pipeline",{".github/workflows/ci.yml":"on: push\njobs:\n  test:\n    uses: ./.github/workflows/test.yml\n  deploy:\n    needs: test\n    environment: production\n    steps: [{run: kubectl apply -f k8s}]\n",".github/workflows/test.yml":"on: workflow_call\njobs: {t: {steps: [{run: pytest}]}}\n"},"01.1:pass 01.2:pass 01.3:pass"),
    ("pipeline",{".github/workflows/ci.yml":"on: push\njobs:\n  test:\n   steps: [{run: pytest\n"},"01.1:fail"),
    ("pipeline",{".circleci/config.yml":"version: 2.1\njobs:\n  test: {steps: [{run: pytest}]}\n  deploy: {steps: [{run: aws ecs update-service}]}\nworkflows:\n  main:\n    jobs:\n      - test\n      - hold: {type: approval, requires: [test]}\n      - deploy: {requires: [hold]}\n"},"01.1:pass 01.2:pass 01.3:pass"),
    ("pipeline",{"azure-pipelines.yml":'trigger: [main]\nstages:\n- stage: Test\n  jobs: [{job: t, steps: [{script: pytest}]}]\n- stage: Prod\n  dependsOn: Test\n  jobs: [{deployment: d, environment: production, strategy: {runOnce: {deploy: {steps: [{task: "AzureWebApp@1"}]}}}}]\n'},"01.1:pass 01.2:pass 01.3:pass"),
    ("pipeline",{".github/workflows/ci.yml":"on: push\njobs:\n  build:\n    steps:\n    - run: pytest\n    - run: docker build -t x .\n    - run: gcloud run deploy x\n"},"01.1:pass 01.2:pass 01.3:warn"),
    ("compute",{"chart/values.yaml":"resources: {}\nautoscaling: {enabled: false, minReplicas: 1, maxReplicas: 5}\n","chart/templates/hpa.yaml":"{{- if .Values.autoscaling.enabled }}\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nspec:\n  minReplicas: {{ .Values.autoscaling.minReplicas }}\n{{- end }}\n","chart/templates/deployment.yaml":'apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - name: {{ .Chart.Name }}\n          image: "{{ .Values.image }}"\n          resources:\n            {{- toYaml .Values.resources | nindent 12 }}\n'},"01.2:fail"),
    ("file-secrets",{"k8s/s.yaml":"kind: SealedSecret\nspec: {encryptedData: {password: AgBy3i4OJSWK+PiTySYZZA9rO43cGDEq}}\n","a.py":""},"10:pass"),
    ("file-secrets",{"k8s/s.yaml":"apiVersion: v1\nkind: Secret\nstringData:\n  password: Tr0ub4dor&3x\n","a.py":""},"10:fail"),
    ("file-secrets",{".github/workflows/t.yml":"jobs:\n  t:\n    env:\n      POSTGRES_PASSWORD: postgres\n      API_KEY: ${{ secrets.API_KEY }}\n","a.py":""},"10:pass"),
    ("file-secrets",{"train.py":'import wandb\nwandb.login(key="0123456789abcdef0123456789abcdef01234567")\n',"a.py":""},"10:fail"),
    ("file-secrets", {"db.py": 'url = f"postgresql://{user}:{password}@{host}/x"\n', "a.py": ""}, "10:pass"),
    ("pipeline", {"Jenkinsfile": "pipeline { stages {\n stage('Build') { steps { script { image = docker.build registry } } }\n stage('Test') { steps { echo 'passed' } }\n} }\n"}, "01.1:pass 01.2:warn"),
    ("rollout",{"Makefile":"rollback:\n\tkubectl rollout undo deploy/x\n"},"03.2:pass 03.1:pass"),
    ("rollout",{"k8s/vs.yaml":"apiVersion: networking.istio.io/v1\nkind: VirtualService\nspec: {http: [{route: [{destination: {host: a}, weight: 95},{destination: {host: b}, weight: 5}]}]}\n"},"03.1:pass 02.1:pass"),
    ("rollout",{"k8s/vs.yaml":"apiVersion: networking.istio.io/v1\nkind: VirtualService\nspec: {http: [{route: [{destination: {host: a}, weight: 50},{destination: {host: b}, weight: 50}]}]}\n"},"03.1:warn"),
    ("alerts-and-dashboards",{"a.yml":"groups:\n- name: x\n  rules:\n  - alert: InstanceDown\n    expr: up == 0\n  - record: y\n    expr: z\n"},"03.1:pass 03.2:warn"),
    ("logging-setup",{"m.py":IMPORTS + "import structlog\nlogger = structlog.get_logger()\napp=FastAPI()\n@app.post('/predict')\ndef predict(r: R) -> O:\n    y = m(r)\n    logger.info('prediction', output=y)\n    return O(y=y)\n"},"01.1:pass"),
    ("logging-setup",{"m.py":IMPORTS + "app=FastAPI()\n@app.post('/predict')\ndef predict(r: R) -> O:\n    y = m(r)\n    db.save_prediction(r, y)\n    return O(y=y)\n"},"01.1:pass"),
    ("logging-setup",{"m.py":IMPORTS + "app=FastAPI()\n@app.post('/predict')\ndef predict(r: R) -> O:\n    y = m(r)\n    print(y)\n    return O(y=y)\n"},"01.1:warn"),
    ("metrics-setup",{"m.py":IMPORTS + "from prometheus_fastapi_instrumentator import Instrumentator\napp=FastAPI()\nInstrumentator().instrument(app).expose(app)\n@app.post('/predict')\ndef predict(r: R) -> O:\n    return O(y=1)\n"},"02.1:pass 02.2:pass 02.3:pass 02.4:warn"),
    ("load-test",{"locust_stats.csv":"Type,Name,Request Count,Failure Count,Requests/s,95%,99%\n,Aggregated,50,0,5,100,200\n"},"03.3:warn"),
    ("kept-documents",{"README.md":"---\nlicense: mit\nlibrary_name: sklearn\n---\n# Churn\n## Intended uses\nScores customers for calls by the team.\n## Training data\nTwo years of contracts from billing.\n## Evaluation results\nAUC 0.84 on the last quarter.\n## Limitations\nNot for business accounts or minors at all.\n"},"03.1:pass"),
    ("system-packages",{"packages.txt":"libgl1\n"},"02.3:pass"),
    ("retraining",{"flows/t.py":"from prefect import flow\n@flow\ndef retrain():\n    pass\nif __name__=='__main__':\n    retrain.serve(name='weekly', cron='0 3 * * 1')\n"},"01.1:pass"),
    ("retraining",{"dags/t.py":"from airflow.decorators import dag\n@dag(schedule=None)\ndef train_model():\n    pass\n"},"not_run"),
    ("drift-watch",{"m/monitor.py":"from scipy.stats import ks_2samp\ndef check_drift(a,b):\n    return ks_2samp(a,b).pvalue\n"},"02.2:pass"),
    ("api-tests",{"m.py":IMPORTS + "app=FastAPI()\n@app.post('/predict')\ndef predict(r: R) -> O:\n    return O(y=1)\n","tests/test_a.py":"from fastapi.testclient import TestClient\nimport pytest\n@pytest.fixture\ndef client():\n    return TestClient(app)\ndef test_p(client):\n    assert client.post('/predict').status_code==422\n"},"03.1:pass"),
    ("api-tests",{"m.py":IMPORTS + "app=FastAPI()\n@app.post('/predict')\ndef predict(r: R) -> O:\n    return O(y=1)\n","tests/conftest.py":"from fastapi.testclient import TestClient\nimport pytest\n@pytest.fixture\ndef client():\n    return TestClient(app)\n","tests/test_a.py":"def test_p(client):\n    r = client.post('/predict')\n    assert r.status_code==422\n"},"03.1:pass"),
]  # fmt: skip


@pytest.mark.parametrize(("check", "files", "expected"), WAYS)
def test_the_many_ways_of_saying_it(tmp_path, check, files, expected):
    """Each listed sub-bullet has the verdict a person gives it."""
    found = find(check, project=write(tmp_path / "project", files))
    said = {code.partition("-")[2]: str(outcome) for code, outcome in found.points.items()}

    if ":" not in expected:
        assert found.outcome == expected, found.message
    for code, _, outcome in (p.partition(":") for p in expected.split() if ":" in p):
        assert any(o == outcome for c, o in said.items() if c == code), (said, found.message)
