"""Where a state is kept: in a notebook file, or in the notebook that a front end holds open."""
