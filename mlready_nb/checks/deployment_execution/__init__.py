"""Checks of the section Deployment Execution."""
