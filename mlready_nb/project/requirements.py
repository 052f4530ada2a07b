"""What the project says it needs: every manifest and lock file of Python's packagers, as pinned as it is."""

from __future__ import annotations

import ast
import configparser
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mlready_nb.project.code import keyword, literal
from mlready_nb.project.files import File, Tree
from mlready_nb.project.yamls import Map, dig, listed, load

_ASIDE = re.compile(
    r"(^|/)(docs?|examples?|tests?|load[-_]?tests?|benchmarks?|\.devcontainer|mlruns|mlartifacts|\.binder|binder)/",
    re.IGNORECASE,
)
_TOOLS = re.compile(r"dev|test|lint|doc|ci|build|style", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One declared distribution."""

    #: as PyPI writes it: lower case, dashes
    name: str
    #: `==1.2.3`, `>=1,<2`; empty when any version will do
    spec: str
    path: str
    line: int

    @property
    def pinned(self) -> bool:
        """Is it one version (1.2.3, 1.2.*) or one exact file."""
        return bool(re.match(r"\s*(={2,3}|@)\s*[^*]", self.spec)) and "," not in self.spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One file of needs."""

    path: str
    needs: tuple[Need, ...]
    #: exact versions of everything, written by a tool
    lock: bool = False
    #: of development only
    tools: bool = False
    #: the version of Python it asks for, with its line
    python: tuple[str, int] | None = None
    #: why a line cannot be read, with its line
    broken: str = ""


def manifests(tree: Tree) -> list[Manifest]:
    """Every manifest of the project, those nearest to the notebook first."""
    found = []
    for file in tree.files:
        reader = _reader(file)
        if reader is None or file.size > 2_000_000 or _ASIDE.search(file.path):
            continue
        try:
            read = reader(tree, file)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, configparser.Error) as error:
            read = Manifest(path=file.path, needs=(), broken=" ".join(str(error).split())[:120] or type(error).__name__)
        if read is not None:
            found.append(read)
    return found


def canonical(name: str) -> str:
    """`Scikit_Learn` -> `scikit-learn`."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _reader(file: File):  # type: ignore[no-untyped-def]  # noqa: ANN202
    name = file.name
    if re.fullmatch(r".*require.*\.(txt|in)|constraints.*\.txt", name) or (
        file.suffix == ".txt" and "requirements" in file.folders
    ):
        return _requirements
    return {
        "pyproject.toml": _pyproject, "environment.yml": _conda, "environment.yaml": _conda, "conda.yml": _conda,
        "conda.yaml": _conda, "python_env.yaml": _conda, "poetry.lock": _toml_lock, "uv.lock": _toml_lock,
        "pdm.lock": _toml_lock, "pylock.toml": _toml_lock, "pipfile": _pipfile, "pipfile.lock": _pipfile_lock,
        "conda-lock.yml": _conda_lock, "setup.py": _setup_py, "setup.cfg": _setup_cfg, "pixi.lock": _pixi,
    }.get(name) or (_conda if re.fullmatch(r"(conda[-_]?)?env(ironment)?[-_.\w]*\.ya?ml|ci_dependencies\.yml|conda_dependencies\.yml", name) else None)  # fmt: skip


def need(text: str, path: str, line: int) -> Need | None:
    """One requirement as `packaging` reads it; raises `ValueError` on what is none."""
    from packaging.requirements import InvalidRequirement, Requirement

    bare = re.split(r"\s+#|\s--hash|\s--(?:config|global|install)", text, maxsplit=1)[0].strip().rstrip("\\").strip()
    if not bare:
        return None
    if re.match(r"(git\+|https?:|file:|\.{0,2}/|[a-zA-Z]:\\)", bare):
        name = re.search(r"#egg=([\w.-]+)|/([\w.-]+?)(?:-\d[^/]*\.whl|\.git)?(?:@[\w.]+)?(?:#.*)?$", bare)
        fixed = re.search(r"@[0-9a-f]{7,40}|@v?\d|\.whl", bare)
        return Need(
            name=canonical(next(filter(None, name.groups()), "?")) if name else "?",
            spec="@ file" if fixed else "",
            path=path,
            line=line,
        )
    try:
        said = Requirement(bare)
    except InvalidRequirement as error:
        raise ValueError(f"line {line}: {str(error).partition(chr(10))[0]}") from error
    spec = f"@ {said.url}" if said.url else str(said.specifier)
    return Need(name=canonical(said.name), spec=spec, path=path, line=line)


def _requirements(tree: Tree, file: File) -> Manifest:
    needs, broken, lock = [], "", False
    text = tree.text(file)
    lines = text.replace("\\\n", " ⏎").split("\n")
    number = 1
    for raw in lines:
        line, height = number, 1 + raw.count("⏎")
        number += height
        bare = raw.replace("⏎", "").strip()
        lock = lock or "--hash=" in bare
        if not bare or bare.startswith("#"):
            continue
        if bare.startswith("-"):
            match = re.match(r"(-e|--editable)\s+(.*)", bare)
            if match is None or match[2].startswith("."):
                continue
            bare = match[2]
        try:
            one = need(bare, file.path, line)
        except ValueError as error:
            broken = broken or str(error)
            continue
        if one is not None:
            needs.append(one)
    lock = lock or bool(re.search(r"autogenerated by (pip-compile|uv)|This file was autogenerated", text[:600]))
    # `conda list --export` and `pip freeze` of conda write what pip cannot read
    tools = (
        bool(_TOOLS.search(file.name.replace("requirements", "").removesuffix(".txt")))
        and file.name != "requirements.txt"
    )
    return Manifest(path=file.path, needs=tuple(needs), lock=lock, tools=tools, broken=broken)


def _line(text: str, what: str) -> int:
    at = text.find(what)
    return text[:at].count("\n") + 1 if at >= 0 else 1


def _pyproject(tree: Tree, file: File) -> Manifest | None:
    text = tree.text(file)
    body = tomllib.loads(text)
    needs: list[Need] = []
    project = body.get("project", {})
    texts = list(listed(project.get("dependencies")))
    for group in (project.get("optional-dependencies") or {}).items():
        texts += group[1] if not _TOOLS.search(group[0]) else []
    for one in texts:
        said = need(str(one), file.path, _line(text, str(one)))
        needs += [said] if said else []
    poetry = dig(body, "tool", "poetry", "dependencies") or {}
    python = project.get("requires-python") or poetry.get("python")
    for name, value in poetry.items():
        if name != "python":
            version = value.get("version", "") if isinstance(value, dict) else str(value)
            needs.append(Need(name=canonical(name), spec=_poetry(str(version)), path=file.path, line=_line(text, name)))
    pixi = {
        **(dig(body, "tool", "pixi", "dependencies") or {}),
        **(dig(body, "tool", "pixi", "pypi-dependencies") or {}),
    }
    for name, value in pixi.items():
        if name == "python":
            python = python or str(value)
        else:
            needs.append(Need(name=canonical(name), spec=_poetry(str(value)), path=file.path, line=_line(text, name)))
    if not needs and not python and "project" not in body and not poetry:
        return None
    where = (
        (str(python), _line(text, "requires-python" if project.get("requires-python") else "python"))
        if python
        else None
    )
    return Manifest(path=file.path, needs=tuple(needs), python=where)


def _poetry(version: str) -> str:
    version = version.strip()
    if version in ("*", ""):
        return ""
    return f"=={version}" if re.match(r"\d", version) else version


def _conda(tree: Tree, file: File) -> Manifest | None:
    text = tree.text(file)
    docs = load(text)
    body = docs[0] if docs and isinstance(docs[0], Map) else None
    if body is None or not ("dependencies" in body or "python" in body):
        return None
    needs, python = [], None
    if isinstance(body.get("python"), (str, float)):
        python = (str(body["python"]), body.lines["python"])
    for one in listed(body.get("dependencies")):
        if isinstance(one, dict):
            for inner in listed(one.get("pip")):
                line = _line(text, str(inner))
                said = None if str(inner).startswith("-") else need(str(inner), file.path, line)
                needs += [said] if said else []
            continue
        match = re.match(r"(?:[\w-]+::)?([\w.-]+)\s*(.*)$", str(one))
        if match is None:
            continue
        name, spec = canonical(match[1]), match[2].strip()
        spec = re.sub(r"^=(?!=)", "==", spec)
        spec = re.sub(r"^(==[^=]+)=.*$", r"\1", spec)
        line = _line(text, str(one))
        if name == "python":
            python = (spec or "any", line)
        elif name not in ("pip", "setuptools", "wheel"):
            needs.append(Need(name=name, spec=spec, path=file.path, line=line))
    return Manifest(path=file.path, needs=tuple(needs), python=python)


def _toml_lock(tree: Tree, file: File) -> Manifest:
    text = tree.text(file)
    body = tomllib.loads(text)
    entries = body.get("package") or body.get("packages") or []
    needs = tuple(
        Need(name=canonical(str(p["name"])), spec=f"=={p['version']}", path=file.path, line=1)
        for p in entries
        if "version" in p
    )
    python = body.get("requires-python") or dig(body, "metadata", "python-versions")
    return Manifest(
        path=file.path, needs=needs, lock=True, python=(str(python), _line(text, str(python))) if python else None
    )


def _pipfile(tree: Tree, file: File) -> Manifest:
    text = tree.text(file)
    body = tomllib.loads(text)
    needs = []
    for name, value in (body.get("packages") or {}).items():
        version = value.get("version", "") if isinstance(value, dict) else value
        needs.append(
            Need(
                name=canonical(name),
                spec="" if version == "*" else str(version),
                path=file.path,
                line=_line(text, name),
            )
        )
    python = dig(body, "requires", "python_version") or dig(body, "requires", "python_full_version")
    return Manifest(
        path=file.path, needs=tuple(needs), python=(str(python), _line(text, "python_")) if python else None
    )


def _pipfile_lock(tree: Tree, file: File) -> Manifest:
    body: dict[str, Any] = json.loads(tree.text(file))
    needs = tuple(
        Need(name=canonical(n), spec=str(v.get("version", "")), path=file.path, line=1)
        for n, v in (body.get("default") or {}).items()
    )
    return Manifest(path=file.path, needs=needs, lock=True)


def _conda_lock(tree: Tree, file: File) -> Manifest:
    docs = load(tree.text(file))
    entries = listed(docs[0].get("package")) if docs and isinstance(docs[0], dict) else []
    needs = tuple(
        Need(name=canonical(str(p["name"])), spec=f"=={p['version']}", path=file.path, line=1) for p in entries
    )
    return Manifest(path=file.path, needs=needs, lock=True)


def _pixi(_tree: Tree, file: File) -> Manifest:
    return Manifest(path=file.path, needs=(), lock=True)


def _setup_py(tree: Tree, file: File) -> Manifest | None:
    text = tree.text(file)
    try:
        body = ast.parse(text)
    except SyntaxError:
        return None
    for node in ast.walk(body):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "setup":
            value = keyword(node, "install_requires")
            if isinstance(value, ast.Name):
                value = next(
                    (
                        n.value
                        for n in ast.walk(body)
                        if isinstance(n, ast.Assign) and any(getattr(t, "id", "") == value.id for t in n.targets)
                    ),
                    None,
                )
            texts = literal(value)
            needs = (
                [need(str(t), file.path, _line(text, str(t))) for t in texts]
                if isinstance(texts, (list, tuple))
                else []
            )
            python = literal(keyword(node, "python_requires"))
            where = (str(python), _line(text, "python_requires")) if python else None
            return Manifest(path=file.path, needs=tuple(n for n in needs if n), python=where)
    return None


def _setup_cfg(tree: Tree, file: File) -> Manifest | None:
    text = tree.text(file)
    reader = configparser.ConfigParser(interpolation=None, strict=False)
    reader.read_string(text)
    if not reader.has_section("options"):
        return None
    texts = [t for t in reader.get("options", "install_requires", fallback="").splitlines() if t.strip()]
    needs = [need(t, file.path, _line(text, t.strip())) for t in texts]
    python = reader.get("options", "python_requires", fallback="")
    return Manifest(
        path=file.path,
        needs=tuple(n for n in needs if n),
        python=(python, _line(text, "python_requires")) if python else None,
    )


def python_versions(tree: Tree) -> Iterator[tuple[str, str]]:
    """(version, where) of every other place that names the version of Python."""
    for file in tree.named(".python-version", "runtime.txt", ".tool-versions"):
        for number, line in enumerate(tree.text(file).splitlines(), start=1):
            match = re.search(r"(?:^|python[ -])\s*(?:pypy)?(\d+(?:\.\d+)+)", line)
            if match and not line.startswith("#"):
                yield match[1], f"{file.path}:{number}"
                break
