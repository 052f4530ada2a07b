"""Checks of the section Containerization."""
