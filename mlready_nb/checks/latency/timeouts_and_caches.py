"""Does a slow request end, and is a repeated one answered from a cache: what the files say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding
from mlready_nb.project import Project, Said, good, settle
from mlready_nb.project.yamls import visit

_KEYS = re.compile(
    r"^(timeout|timeoutSeconds|proxy-read-timeout|nginx\.ingress\.kubernetes\.io/proxy-read-timeout|Timeout|responseTimeout|request_timeout|perTryTimeout|containerTimeout)$"
)
_PROBES = frozenset(("livenessProbe", "readinessProbe", "startupProbe", "healthcheck", "jobs", "steps"))
_FLAGS = re.compile(
    r"gunicorn[^\n]*(--timeout|\s-t)[ =,\"']*\d+|--timeout[ =]\d+|^\s*timeout\s*=\s*\d+|asyncio\.wait_for\(|asyncio\.timeout\(|LitServer\([^)]*timeout|TimeoutMiddleware|timeout_middleware|proxy_read_timeout|request_timeout",
    re.IGNORECASE | re.MULTILINE,
)
_CACHE = re.compile(
    r"fastapi_cache|flask_caching|cachetools|aiocache|diskcache|\bredis\.|from redis|@(functools\.)?(lru_cache|cache)\b|proxy_cache\s"
)


@check("LAT-01.3", "LAT-02.3")
def timeouts_and_caches(project_files: Project) -> Finding:
    """A time-out on the way to the model, and a cache where one is used.

    What it measures: Time-outs of gunicorn, LitServe, asyncio, the ingress, the mesh, functions and Cloud Run; caches of
    predictions or features in the service's code.

    Why it matters: Requests that never end hold workers until none is left.

    Blind spots: Time-outs that the callers set; whether a cache makes sense here.

    How to mend: CMD ["gunicorn", "--timeout", "30", ...]; nginx.ingress.kubernetes.io/proxy-read-timeout: "30".
    """
    return settle(
        project_files.tree,
        {"LAT-01.3": list(_timeouts(project_files))[:2], "LAT-02.3": list(_caches(project_files))[:1]},
        "no time-out and no cache",
    )


def _timeouts(project: Project) -> Iterator[Said]:
    for doc in project.manifests:
        if any(p in ("jobs", "stages", "on") for p in doc.body):
            continue
        for path, value, line in visit(doc.body):
            if (
                _KEYS.match(path[-1])
                and not _PROBES & set(path)
                and value not in (None, "", 0)
                and not isinstance(value, (dict, list))
            ):
                yield good(f"ends after {value}" + (" s" if isinstance(value, int) else ""), doc.at(line))
                break
    for dockerfile in project.dockerfiles:
        for one in dockerfile.final.all("CMD", "ENTRYPOINT", "ENV") if dockerfile.stages else ():
            if _FLAGS.search(one.value) or re.search(r"\"(--timeout|-t)\"", one.value):
                yield good("ends slow requests", dockerfile.at(one.line))
    for module in project.service.serving:
        for match in _FLAGS.finditer(module.text):
            yield good(
                f"ends slow requests: {match[0][:30]}",
                f"{module.path}:{module.text[: match.start()].count(chr(10)) + 1}",
            )
            break
    for file in project.tree.named("gunicorn*.py", "nginx*.conf", "procfile", "*.nginx"):
        text = project.tree.text(file)
        if (hit := _FLAGS.search(text)) is not None:
            yield good(f"ends slow requests: {hit[0][:30]}", f"{file.path}:{text[: hit.start()].count(chr(10)) + 1}")


def _caches(project: Project) -> Iterator[Said]:
    for module in project.service.serving:
        if match := _CACHE.search(module.text):
            yield good(f"caches: {match[0]}", f"{module.path}:{module.text[: match.start()].count(chr(10)) + 1}")
