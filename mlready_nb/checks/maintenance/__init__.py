"""Checks of the section Maintenance."""
