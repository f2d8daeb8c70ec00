"""What business time refuses, each with a sentence a person can act on."""


class BusinessTimeError(ValueError):
    """Any question about business time that has no answer."""


class NaiveDatetime(BusinessTimeError):
    """A date and time without a zone names no instant."""


class EmptySchedule(BusinessTimeError):
    """A calendar without a single open window never opens."""


class InvalidWindow(BusinessTimeError):
    """A window that is not two times of a weekday, or that overlaps its neighbour."""


class UnknownZone(BusinessTimeError):
    """A time zone that the IANA database does not have."""


class InvalidTarget(BusinessTimeError):
    """A target below zero."""


class InvalidSpan(BusinessTimeError):
    """A stretch of time that ends before it starts."""


class OutOfRange(BusinessTimeError):
    """A question or an answer before the year 1 or after the year 9999."""
