"""Folders that mean harm, or are only very large: read in bounded time, with nothing left behind."""

import os
import time

import pytest

from mlready_nb.checks.registry import load_checks
from mlready_nb.project import project_files
from mlready_nb.project.files import MAX_DEPTH, find_root, walk
from mlready_nb.project.yamls import load
from mlready_nb.runner import run
from mlready_nb.subjects import Subjects
from tests.project.folders import CAREFUL, write

CHECKS = [c for c in load_checks() if "project_files" in c.needs]


@pytest.fixture
def hostile(tmp_path):
    """A project with everything in it that a reader can stumble over."""
    root = write(tmp_path / "project", CAREFUL)
    (root / ".git").mkdir()
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.py").write_text("API_KEY = 'a1b2c3d4e5f6g7h8i9'\n")
    (root / "away").symlink_to(outside)
    (root / "away.py").symlink_to(outside / "secret.py")
    (root / "loop").symlink_to(root)
    (root / "Dockerfile.dangling").symlink_to(root / "nothing")
    os.mkfifo(root / "pipe.yaml")
    os.mkfifo(root / "Makefile")
    (root / "huge.csv").touch()
    os.truncate(root / "huge.csv", 5_000_000_000)
    (root / "requirements-huge.txt").write_bytes(b"x" * 3_000_000)
    (root / "binary.py").write_bytes(os.urandom(50_000))
    (root / "binary.yaml").write_bytes(b"\0\1\2" * 9999)
    (root / "latin.md").write_bytes("# Über\n\nGrößte Änderung\n".encode("latin-1"))
    (root / "utf16.yaml").write_bytes("a: 1\n".encode("utf-16"))
    (root / "deep.py").write_text("x = " + "(" * 5000 + ")" * 5000)
    (root / "deeper.py").write_text("from fastapi import FastAPI\nx = " + "-" * 3000 + "1\n")
    (root / "deep.json").write_text('{"panels": ' + "[" * 100_000)
    (root / "deep.yaml").write_text("[" * 20_000)
    (root / "cycle.yaml").write_text("&a [*a, *a]\n")
    (root / "tag.yaml").write_text("!!python/object/apply:os.system ['touch pwned']\n")
    (root / "report2.xml").write_text(
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><testsuite tests="1">&b;</testsuite>'
    )
    (root / "regex.md").write_text("curl " + "\\\n" * 20_000 + "#" * 50_000 + "[" * 50_000)
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n"
    for one, other in zip("abcdefghij", "bcdefghijk", strict=True):
        bomb += f"{other}: &{other} [{','.join([f'*{one}'] * 9)}]\n"
    (root / "bomb.yaml").write_text(bomb)
    (root / ".github/workflows/bomb.yml").write_text(bomb)
    below = root
    for _ in range(60):
        below = below / "d"
    below.mkdir(parents=True)
    (below / "requirements.txt").write_text("flask\n")
    locked = root / "locked"
    locked.mkdir()
    locked.chmod(0)
    yield root
    locked.chmod(0o700)


def test_a_hostile_folder_does_no_harm(hostile):
    """Every check answers, in seconds, none of them breaks, nothing outside is read, nothing is written."""
    before = sorted(p.name for p in hostile.iterdir())
    began = time.monotonic()
    said = run(Subjects(project=hostile), CHECKS)
    took = time.monotonic() - began

    print(f"hostile folder: {len(said)} findings in {took:.1f} s")
    assert took < 20
    assert not [f.message for f in said if f.outcome == "error"]
    assert "secret.py" not in str([f.to_json() for f in said])
    assert said["file-secrets"].outcome == "pass"
    assert sorted(p.name for p in hostile.iterdir()) == before


def test_links_pipes_and_depth_are_left_alone(hostile):
    """The tree holds regular files of the project only."""
    paths = {f.path for f in walk(hostile).files}

    assert "Dockerfile" in paths
    assert not any(p.startswith(("away", "loop", "pipe", "Makefile", "Dockerfile.d")) for p in paths)
    assert max(p.count("/") for p in paths) <= MAX_DEPTH


def test_an_alias_bomb_is_cut_short():
    """Nine to the tenth values are not built; what stands before the bomb is kept."""
    text = (
        "a: 1\n---\nb: &b [x,x,x,x,x,x,x,x,x,x]\nc: &c ["
        + ",".join(["*b"] * 90)
        + "]\nd: &d ["
        + ",".join(["*c"] * 90)
        + "]\n"
    )
    began = time.monotonic()

    assert load(text) == [{"a": 1}]
    assert time.monotonic() - began < 2


def test_twenty_thousand_files_take_less_than_three_seconds(tmp_path, capsys):
    """A repository of 20,000 small files, a third of them Python, is read and judged."""
    root = write(tmp_path / "large", CAREFUL)
    (root / ".git").mkdir()
    for folder in range(200):
        place = root / f"pkg{folder}"
        place.mkdir()
        for number in range(100):
            name, text = (
                (f"m{number}.py", f"import logging\n\ndef f{number}(x):\n    return x + {number}\n"),
                (f"n{number}.md", f"# Note {number}\n\nSome words.\n"),
                (f"c{number}.yaml", f"name: n{number}\nvalue: {number}\n"),
            )[number % 3]
            (place / name).write_text(text)
    began = time.monotonic()
    project = project_files(root)
    walked = time.monotonic() - began
    said = run(Subjects(project=root), CHECKS)
    took = time.monotonic() - began
    with capsys.disabled():
        print(f"\n20,000 files: walked in {walked:.2f} s, all {len(said)} checks in {took:.2f} s")

    assert len(project.tree.files) > 20_000
    assert walked < 3
    assert took < 20
    assert said["image-user"].outcome == "pass"


def test_too_many_files_are_said(tmp_path):
    """A walk that stopped tells where, and every finding repeats it."""
    write(tmp_path, {f"f{i}.txt": "x" for i in range(50)})
    tree = walk(tmp_path, most=20)

    assert tree.left_out == "stopped after 20 files"


def test_the_root_is_the_repository_else_a_folder_that_looks_like_a_project(tmp_path):
    """Up to .git; without one up to a marker; a lone folder stays alone."""
    home = tmp_path / "a" / "notebooks"
    home.mkdir(parents=True)
    assert find_root(home) == (home, False)
    (tmp_path / "a" / "pyproject.toml").write_text("")
    assert find_root(home) == (tmp_path / "a", False)
    (tmp_path / ".git").mkdir()
    assert find_root(home) == (tmp_path, True)


def test_of_several_projects_in_a_repository_the_notebooks_own_is_read(tmp_path):
    """A neighbour's Dockerfile is not this project's."""
    write(
        tmp_path,
        {
            "churn/pyproject.toml": "",
            "churn/Dockerfile": "FROM scratch\n",
            "churn/src/x.py": "",
            "churn/nb/a.ipynb": "{}",
            "other/Dockerfile": "FROM x\n",
        },
    )
    write(tmp_path, {".github/workflows/ci.yml": "jobs: {}\n"})
    (tmp_path / ".git").mkdir()
    paths = {f.path for f in walk(tmp_path / "churn" / "nb").files}

    assert paths == {"pyproject.toml", "Dockerfile", "src/x.py", "nb/a.ipynb", "../.github/workflows/ci.yml"}
