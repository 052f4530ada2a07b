"""The cells witness: an abstract walk over the code cells in the order of execution. It never executes user code."""

from mlready_nb.leakage.cells.witness import Looks, foldings, looks, witness

__all__ = ["Looks", "foldings", "looks", "witness"]
