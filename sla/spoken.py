"""How days, months and spans are said in each language the portal speaks.

A table and no catalogue: a queue says hundreds of times a page, and their order differs by
language, not only their words.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spoken:
    """A language's words for time. The patterns take what their names say."""

    weekdays: tuple[str, ...]
    short_weekdays: tuple[str, ...]
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    short_day: str = "{weekday} {day} {month}"
    near_day: str = "{day} {month}"
    date: str = "{day} {month} {year}"
    long_day: str = "{weekday} {day} {month}"
    zone: str = "{place} time"
    hour: tuple[str, str] = ("hour", "hours")
    minute: tuple[str, str] = ("minute", "minutes")
    both: str = "and"
    just_now: str = "just now"
    minutes_ago: str = "{count} min ago"
    hours_ago: str = "{count} h ago"
    days_ago: str = "{count} days ago"


def _beginnings(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word[:3] for word in words)


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

ENGLISH = Spoken(_WEEKDAYS, _beginnings(_WEEKDAYS), _MONTHS, _beginnings(_MONTHS))

GERMAN = Spoken(
    ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
    (
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ),
    (
        "Jan.",
        "Feb.",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "Aug.",
        "Sept.",
        "Okt.",
        "Nov.",
        "Dez.",
    ),
    short_day="{weekday}, {day}. {month}",
    near_day="{day}. {month}",
    date="{day}. {month} {year}",
    long_day="{weekday}, {day}. {month}",
    zone="Zeit von {place}",
    hour=("Stunde", "Stunden"),
    minute=("Minute", "Minuten"),
    both="und",
    just_now="gerade eben",
    minutes_ago="vor {count} Min.",
    hours_ago="vor {count} Std.",
    days_ago="vor {count} Tagen",
)

SPANISH = Spoken(
    ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    ("lun", "mar", "mié", "jue", "vie", "sáb", "dom"),
    (
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ),
    ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"),
    long_day="{weekday}, {day} de {month}",
    zone="hora de {place}",
    hour=("hora", "horas"),
    minute=("minuto", "minutos"),
    both="y",
    just_now="ahora mismo",
    minutes_ago="hace {count} min",
    hours_ago="hace {count} h",
    days_ago="hace {count} días",
)

_SPOKEN = {"en": ENGLISH, "de": GERMAN, "es": SPANISH}


def spoken(language: str | None) -> Spoken:
    """Return a language's words; English for one the portal does not speak."""
    return _SPOKEN.get(language or "", ENGLISH)
