"""Systems that are not ours: one module each."""
