"""Checks of the section Training Process."""
