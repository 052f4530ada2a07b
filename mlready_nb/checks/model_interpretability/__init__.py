"""Checks of the section Model Interpretability."""
