"""Checks of the section Model Evaluation."""
