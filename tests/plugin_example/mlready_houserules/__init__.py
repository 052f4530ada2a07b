"""The house rules of one organisation, as a plug-in of mlready-nb."""

from pathlib import Path


def catalogue() -> Path:
    """The file that holds our own items."""
    return Path(__file__).with_name("catalogue.toml")
