"""Checks of the section Model Packaging."""
