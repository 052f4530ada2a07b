"""Checks of the section Infrastructure."""
