"""Checks of the section Model Development."""
