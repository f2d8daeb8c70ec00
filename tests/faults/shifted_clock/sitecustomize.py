"""Make a Python process believe that its machine's clock is wrong, by what FAULT_CLOCK says.

On the PYTHONPATH of a fault's process, so that it is read before anything else. FAULT_CLOCK names a
file that holds the seconds to add; it is read at each call, so the clock can jump under a running
process. Steady time (time.monotonic) is left alone, as it is when somebody sets a clock.
"""

import copyreg
import datetime as dt
import os
import time
from pathlib import Path

_FILE = Path(os.environ["FAULT_CLOCK"])
_real_time = time.time
_RealDatetime = dt.datetime


def _offset() -> float:
    return float(_FILE.read_text() or "0")


class _AsReal(type(_RealDatetime)):  # type: ignore[misc]  # a type told by type()
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, _RealDatetime)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, _RealDatetime)


class _ShiftedDatetime(_RealDatetime, metaclass=_AsReal):
    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]  # the shifted time
        return _RealDatetime.fromtimestamp(time.time(), tz)

    @classmethod
    def utcnow(cls) -> dt.datetime:  # type: ignore[override]  # likewise
        return cls.now(dt.UTC).replace(tzinfo=None)


def _restore(text: str) -> dt.datetime:
    return _RealDatetime.fromisoformat(text)


# Pickle would look for the real one under the name that the shifted one has taken.
copyreg.pickle(_RealDatetime, lambda at: (_restore, (at.isoformat(),)))
time.time = lambda: _real_time() + _offset()
dt.datetime = _ShiftedDatetime  # type: ignore[misc]  # for whoever imports it later
