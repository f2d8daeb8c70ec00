"""The ways out of the portal, each given what to carry by the relay."""
