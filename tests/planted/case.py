"""How a planted case is written down: one template holds the fault, its clean twin, and where the guilty lines are.

A template is the code of a notebook, with a small notation:

- `# %%` on a line of its own starts the next cell;
- a line that starts with `-` stands in the fault only, one that starts with `+` in the clean twin only;
- a trailing ` #!` marks a guilty statement, ` #?` a statement that may honestly be named instead; both are cut off;
- `<<a|b|c>>` is one of the three, drawn by the seed; `<<name=a|b>>` draws under a name, `<<name>>` says it again;
- `SEED` is a number drawn by the seed.

Seed 0 stands as it was written. From seed 1 on variables and imports get other names (`rename`), and cells and lines
that have nothing to do with the fault stand between (`dress`).
"""

from __future__ import annotations

import random
import re
import textwrap
from dataclasses import dataclass

from tests.planted.dress import Dress
from tests.planted.rename import reimported, renamed

KINDS = (
    "no_test_set",
    "preprocessing",
    "imputation",
    "feature_selection",
    "target_encoding",
    "oversampling",
    "duplicates",
    "overlap",
    "target_proxy",
    "temporal",
    "group",
    "sampling_bias",
    "multi_test",
    "early_stopping",
)
#: The kind of a notebook without any fault.
CLEAN = "clean"

_CHOICE = re.compile(r"<<(?:(\w+)=)?(.*?)>>", flags=re.DOTALL)
_SPLIT = re.compile(r"^# %%.*\n", flags=re.MULTILINE)

_END = "\n#### proof\n"

Place = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A notebook with one planted fault and its twin without it, as the seed has it."""

    kind: str
    style: str
    seed: int
    #: the code cells; empty for a wholly clean notebook
    fault: tuple[str, ...]
    clean: tuple[str, ...]
    #: (cell, line) of every guilty statement of the fault, both 1-based
    guilty: tuple[Place, ...] = ()
    #: places that may honestly be named instead
    accepted: tuple[Place, ...] = ()
    #: kinds that are honestly right beside `kind`
    also: tuple[str, ...] = ()
    #: an expression that is true in the namespace of the fault and false in that of the clean twin
    proof: str | None = None
    #: numbers of the fault's cells in the order of execution, where that is not the order in the file (live only)
    order: tuple[int, ...] | None = None

    @property
    def name(self) -> str:
        """`group/patients-pandas/0`."""
        return f"{self.kind}/{self.style}/{self.seed}"

    @property
    def guilty_cells(self) -> frozenset[int]:
        """Numbers of the cells that a finding may point at."""
        return frozenset(cell for cell, _ in (*self.guilty, *self.accepted))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A template, from which a seed makes a case."""

    kind: str
    style: str
    template: str
    also: tuple[str, ...] = ()
    proof: str | None = None
    #: see `Case.order`; the clean twin runs from top to bottom
    order: tuple[int, ...] | None = None

    def case(self, seed: int = 0) -> Case:
        """The pair that this seed gives."""
        template = textwrap.dedent(self.template).strip("\n") + "\n"
        # drawn together, so that the proof speaks of the same names
        text, _, proof = _draw(f"{template}{_END}{self.proof or ''}", f"{self.kind}/{self.style}/{seed}").partition(
            _END
        )
        clean, _, _ = _half(text, keep="+", drop="-")
        fault, guilty, accepted = _half(text, keep="-", drop="+") if self.kind != CLEAN else ((), (), ())
        if self.kind != CLEAN and not guilty:
            msg = f"{self.kind}/{self.style}: no line of the fault is marked with #!"
            raise ValueError(msg)
        order = self.order
        if seed:  # seed 0 stands as it was written
            key = f"{self.kind}/{self.style}/{seed}"
            said = reimported(renamed((*fault, *clean, proof), key), key)
            fault, clean, proof = said[: len(fault)], said[len(fault) : -1], said[-1]
            dress = Dress.drawn(key, max(len(fault), len(clean)))
            fault, clean = dress.cells(fault), dress.cells(clean)
            guilty, accepted = dress.places(guilty), dress.places(accepted)
            order = order and dress.order(order)
        return Case(
            kind=self.kind,
            style=self.style,
            seed=seed,
            fault=fault,
            clean=clean,
            guilty=guilty,
            accepted=accepted,
            also=self.also,
            proof=proof or None,
            order=order,
        )


def _draw(text: str, key: str) -> str:
    """The template with its choices made; the same key makes the same choices."""
    rng = random.Random(key)
    seed = str(rng.choice((0, 1, 7, 10, 42, 99, 101, 123, 1234, 2023, 2024)))
    names: dict[str, str] = {}

    def choose(match: re.Match[str]) -> str:
        name, options = match[1], match[2].split("|")
        if name is None and len(options) == 1:
            return names[options[0]]
        # an unnamed choice with the same options is the same choice: the twins must agree
        return names.setdefault(name or match[2], rng.choice(options))

    return _CHOICE.sub(choose, text).replace("SEED", seed)


def _half(text: str, *, keep: str, drop: str) -> tuple[tuple[str, ...], tuple[Place, ...], tuple[Place, ...]]:
    """The cells of one half, with the places of its two markers."""
    lines = [line.removeprefix(keep) for line in text.splitlines() if not line.startswith(drop)]
    sources = [cell.strip("\n") for cell in _SPLIT.split("\n".join(lines) + "\n")]
    guilty: list[Place] = []
    accepted: list[Place] = []
    cells = []
    for source in filter(str.strip, sources):
        rows = source.split("\n")
        for number, row in enumerate(rows, 1):
            for mark, places in ((" #!", guilty), (" #?", accepted)):
                if row.endswith(mark):
                    rows[number - 1] = row.removesuffix(mark).rstrip()
                    places.append((len(cells) + 1, number))
        cells.append("\n".join(rows))
    return tuple(cells), tuple(guilty), tuple(accepted)
