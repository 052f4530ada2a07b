"""Does a credential end up in the image: what the files say."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding
from mlready_nb.project import Project, Said, bad, good, settle, weak
from mlready_nb.project.docker import Dockerfile, Instruction
from mlready_nb.project.files import Tree
from mlready_nb.project.secrets import FILES, held, in_text, named_secret

_PAIR = re.compile(r"([A-Za-z_][\w.-]*)=(\"[^\"]*\"|'[^']*'|\S*)")


@check("CON-03.1")
def image_secrets(project_files: Project) -> Finding:
    """Credentials written into a Dockerfile or copied into the image.

    What it measures: ENV and ARG whose name says secret and whose value is a literal; keys recognised by their shape in
    any instruction; COPY of .env, private keys and credential files, also by `COPY . .` where .dockerignore lets them
    through.

    Why it matters: Layers are kept: whoever can pull the image reads the secret, even when a later line deletes it.

    Blind spots: Secrets inside the files that are copied; values that come from the build's command line.

    How to mend: RUN --mount=type=secret at build time, environment variables or a secret store at run time.
    """
    every = [d for d in project_files.dockerfiles if d.stages]
    said = [s for d in every for s in _found(d, project_files.tree)]
    if every and not said:
        said = [good("holds no credential, and copies none", every[0].path)]
    return settle(project_files.tree, {"CON-03.1": said}, "no Dockerfile")


def _found(dockerfile: Dockerfile, tree: Tree) -> Iterator[Said]:
    last = dockerfile.stages[-1]
    for stage in dockerfile.stages:
        for one in stage.instructions:
            yield from _settings(dockerfile, one)
            kind = in_text(one.value)
            if kind:
                yield bad(f"holds a credential ({kind})", dockerfile.at(one.line), _REMEDY)
            yield from _copied(dockerfile, one, tree, stage in last.chain())


_REMEDY = (
    "Revoke it, then pass it at run time: RUN --mount=type=secret,id=... for builds, -e or a secret store for runs."
)


def _settings(dockerfile: Dockerfile, one: Instruction) -> Iterator[Said]:
    if one.name not in ("ENV", "ARG"):
        return
    pairs = _PAIR.findall(one.value)
    if one.name == "ENV" and "=" not in one.value.split(" ")[0]:
        name, _, value = one.value.partition(" ")
        pairs = [(name, value)]
    for name, value in pairs:
        if not named_secret(name):
            continue
        kind = held(value)
        if kind:
            yield bad(f"sets {one.name} {name} to a literal: it stays in the image", dockerfile.at(one.line), _REMEDY)


def _copied(dockerfile: Dockerfile, one: Instruction, tree: Tree, shipped: bool) -> Iterator[Said]:
    if one.name not in ("COPY", "ADD") or "--from=" in one.value:
        return
    words = [w for w in re.sub(r"[\[\]\",]", " ", one.value).split() if not w.startswith("--")]
    for source in words[:-1]:
        if FILES.search(source.rstrip("/")):
            yield bad(f"copies {source} into the image", dockerfile.at(one.line), _REMEDY)
        elif source in (".", "./") and shipped:
            bare = [f for f in _credential_files(tree) if not _ignored(f, tree)]
            if bare:
                yield bad(
                    f"copies the whole folder, {bare[0]} with it",
                    dockerfile.at(one.line),
                    f"Add {bare[0].rpartition('/')[2]} to .dockerignore, and revoke what was in it if the image was pushed.",
                )
        elif source.rstrip("/") == ".git":
            yield weak("copies .git into the image", dockerfile.at(one.line), "Add .git to .dockerignore.")


def _credential_files(tree: Tree) -> list[str]:
    """Credential files that are there and hold something; certificates of public bundles are none."""
    found = []
    for file in tree.files:
        if FILES.search(file.path) and 0 < file.size < 100_000 and "test" not in file.path.lower():
            text = tree.text(file)
            if file.name.endswith(".pem") and "PRIVATE KEY" not in text:
                continue
            if file.name.startswith(".env") and not any(
                named_secret(k) and held(v) for k, _, v in (line.partition("=") for line in text.splitlines())
            ):
                continue
            found.append(file.path)
    return found


def _ignored(path: str, tree: Tree) -> bool:
    """As docker reads .dockerignore: the last pattern that fits decides."""
    verdict = False
    for file in tree.files:
        if not file.name.endswith(".dockerignore"):
            continue
        for raw in tree.text(file).splitlines():
            line = raw.strip()
            if not line or line.startswith("#"):
                continue
            keep = line.startswith("!")
            pattern = line.lstrip("!").removeprefix("**/").strip("/")
            name = path.rpartition("/")[2]
            parts = path.split("/")
            heads = ["/".join(parts[: i + 1]) for i in range(len(parts))]
            deep = "**" in line or ("/" not in pattern and path.count("/") == 0)
            if any(fnmatch.fnmatchcase(h, pattern) for h in heads) or (deep and fnmatch.fnmatchcase(name, pattern)):
                verdict = not keep
    return verdict
