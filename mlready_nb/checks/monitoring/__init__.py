"""Checks of the section Monitoring."""
