"""The checks: one file each, in a folder named for its section of the checklist."""
