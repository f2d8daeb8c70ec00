"""What can go wrong with the embedded servers."""


class EmbeddedError(Exception):
    """A server cannot be started or stopped; the text is one sentence for a person."""
