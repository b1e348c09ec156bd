"""What in a cell is not Python: `!`, `%` and `?`, each rewritten to a call of a function of ours."""
