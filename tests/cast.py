"""The people every test knows by name."""
