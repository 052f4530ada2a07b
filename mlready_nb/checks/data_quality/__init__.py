"""Checks of the section Data Quality."""
