"""Whether the portal keeps its promises right now: for probes, and for the people who keep it."""
