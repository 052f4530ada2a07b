"""Where the state is kept: the open notebook, or its file."""
