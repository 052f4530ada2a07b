"""Does a credential stand in the project's files: what the files say."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

from mlready_nb import git
from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding, Strength
from mlready_nb.project import File, Project, Said, bad, good, settle, weak
from mlready_nb.project.secrets import in_setting, in_text
from mlready_nb.subjects import Budget

_LOOKED_AT = frozenset(
    [
        ".py",
        ".env",
        ".yml",
        ".yaml",
        ".toml",
        ".ini",
        ".cfg",
        ".conf",
        ".json",
        ".sh",
        ".tf",
        ".tfvars",
        ".properties",
        ".r",
        ".js",
        ".ts",
        ".xml",
        ".pem",
        ".key",
        ".txt",
        ".md",
    ]
)
_ASIDE = re.compile(
    r"(^|/)(tests?|fixtures|testdata|examples?|docs?|data|mlruns|wandb)/|(^|/)test_|example|sample|template|\.lock$|lock\.json$|requirements",
    re.IGNORECASE,
)
#: Values that are encrypted, or only point at a store.
_SEALED = re.compile(r"kind:\s*(SealedSecret|ExternalSecret)|^sops:|\$ANSIBLE_VAULT|ENC\[AES", re.MULTILINE)
_SECONDS = 1.5


@check("RED-10")
def file_secrets(project_files: Project, budget: Budget) -> Finding:
    """Credentials written into code, configuration or manifests.

    What it measures: Keys that are recognised by their shape (detect-secrets: cloud keys, tokens, private keys, passwords
    in addresses), and settings whose name says secret and whose value is a literal. An .env file counts where git tracks
    it. Tests, examples and data are passed over; values are never shown.

    Why it matters: A key in a repository is public from the first push on, and stays in its history.

    Blind spots: Secrets in the history; names that do not tell; files above 200 kB.

    How to mend: Revoke the key first. Then os.environ["API_KEY"], a secret store, or a Kubernetes Secret made outside git.
    """
    tree = project_files.tree
    until = time.monotonic() + _SECONDS
    said: list[Said] = []
    looked = 0
    for file in tree.files:
        if (
            (file.suffix not in _LOOKED_AT and not file.name.startswith(".env"))
            or _ASIDE.search(file.path)
            or file.size > 200_000
        ):
            continue
        budget.check()
        if time.monotonic() > until:
            break
        looked += 1
        if len(said) < 20:
            said.extend(_in(project_files, file))
    if looked and not said and (len(tree.files) > 3 or looked > 1):
        said = [good(f"no credential in {looked} files")]
    return settle(
        tree, {"RED-10": said}, "no code or configuration", strength=Strength.HEURISTIC, measured={"files": looked}
    )


def _in(project: Project, file: File) -> Iterator[Said]:
    if file.name.startswith(".env") and not (
        project.tree.repository and git.ask(project.tree.root, "ls-files", "--", file.path)
    ):
        return
    if _SEALED.search(project.tree.text(file)):
        return
    remedy = 'Revoke it, then read it at run time: os.environ["..."].'
    text = project.tree.text(file)
    quoted = file.suffix in (".py", ".js", ".ts", ".json", ".r", ".tf", ".toml")
    for number, line in enumerate(text.splitlines()[:5000], start=1):
        if len(line) > 2000:
            continue
        at = f"{file.path}:{number}"
        if kind := in_text(line):
            yield bad(f"holds a credential ({kind})", at, remedy)
        elif file.suffix not in (".md", ".txt"):
            name, kind = in_setting(line, quoted=quoted)
            if kind == "secret":
                yield bad(f"sets {name} to a literal", at, remedy)
            elif kind == "default" and ".github" not in file.folders and "gitlab-ci" not in file.name:
                yield weak(f"sets {name} to a well-known default", at, remedy)
