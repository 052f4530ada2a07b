"""What stands between the lines of real notebooks: settings, timers, helpers nobody calls, comments, cell magics."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Place = tuple[int, int]

#: Whole cells that have nothing to do with the model, between `# %%` lines.
_CELLS = """
import warnings
warnings.filterwarnings('ignore')
# %%
%config InlineBackend.figure_format = 'retina'
# %%
import time
started = time.time()
# %%
import sklearn
print('scikit-learn', sklearn.__version__)
# %%
def show_curve(values, title=''):
    import matplotlib.pyplot as plt
    plt.plot(values)
    plt.title(title)
    plt.show()
# %%
# TODO: ask the domain experts about the units
# %%
sorted(name for name in globals() if not name.startswith('_'))[:5]
# %%
!echo ready
# %%
# how we did it last year; nobody calls it
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

def old_way(X, y):
    X = StandardScaler().fit_transform(X)
    return train_test_split(X, y, test_size=0.2)
# %%
# the title picture: flowers, not our data
from sklearn.datasets import load_iris
from sklearn.decomposition import PCA
import matplotlib.pyplot as plt
flowers = PCA(2).fit_transform(load_iris().data)
plt.scatter(*flowers.T, s=3)
plt.show()
# %%
# thought better of it:
# sc = StandardScaler()
# X = sc.fit_transform(X)
# X, y = SMOTE().fit_resample(X, y)
print('skipped')
"""
CELLS = tuple(cell.strip("\n") for cell in _CELLS.split("# %%\n"))
#: Lines at the top of a cell.
HEADERS = ("%%time", "# --- next step ---", "# NB: re-run this cell after a change above", "#", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dress:
    """What goes before and on top of each cell; the same for both twins."""

    before: Mapping[int, Sequence[str]]
    header: Mapping[int, Sequence[str]]

    @classmethod
    def drawn(cls, key: str, n_cells: int) -> Dress:
        """A dress for a notebook of so many cells."""
        rng = random.Random(f"dress of {key}")
        before: dict[int, list[str]] = {}
        for cell in rng.sample(CELLS, rng.choice((0, 1, 2, 3))):
            before.setdefault(rng.randint(1, n_cells), []).append(cell)
        header = {n: [rng.choice(HEADERS)] for n in range(1, n_cells + 1) if rng.random() < 0.35}
        return cls(before=before, header=header)

    def cells(self, sources: Sequence[str]) -> tuple[str, ...]:
        """The notebook in its dress."""
        dressed: list[str] = []
        for number, source in enumerate(sources, 1):
            dressed += self.before.get(number, ())
            dressed.append("\n".join((*self.header.get(number, ()), source)))
        return tuple(dressed)

    def places(self, places: Iterable[Place]) -> tuple[Place, ...]:
        """Where the places are now."""
        return tuple(
            (
                cell + sum(len(more) for number, more in self.before.items() if number <= cell),
                line + len(self.header.get(cell, ())),
            )
            for cell, line in places
        )

    def order(self, order: Sequence[int]) -> tuple[int, ...]:
        """The order of execution, where what stands before a cell runs before it."""
        dressed: list[int] = []
        for cell in order:
            ((place, _),) = self.places([(cell, 1)])
            dressed += range(place - len(self.before.get(cell, ())), place + 1)
        return tuple(dressed)
