"""PostgreSQL as Django speaks to it, and what this portal wants otherwise."""
