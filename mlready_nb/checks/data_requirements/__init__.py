"""Checks of the section Data Requirements."""
