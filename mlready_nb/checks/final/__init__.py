"""Checks of the final list."""
