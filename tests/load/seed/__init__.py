"""A million tickets in minutes: `python -m tests.load.seed --tickets 1000000`."""
