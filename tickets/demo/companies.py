"""The twelve companies of the demo and their contracts, told in months before today."""

from typing import NamedTuple

EASTERN = "America/New_York"


class Term(NamedTuple):
    """A contract, relative to today.

    Units: it began `began` months ago and `days` later, for `months`. `drawn` is how many premium
    incidents each contract year within the demo's thirteen months takes, oldest first.
    """

    edition: str
    began: int
    months: int
    drawn: tuple[int, ...]
    days: int = 0
    zone: str = EASTERN


class Company(NamedTuple):
    """A customer. `tickets` is its share of all; `tam` is "", "team" or "dedicated"."""

    name: str
    domain: str
    zone: str
    sites: tuple[str, ...]
    tickets: int
    terms: tuple[Term, ...] = ()
    tam: str = ""


COMPANIES = (
    Company(
        "Northwind Logistics",
        "northwind.example",
        EASTERN,
        ("the Dallas site", "Newark", "the second warehouse", "Hamburg", "Columbus"),
        62,
        (Term("msa-business", 19, 12, (15,)), Term("msa-business", 7, 12, (21,))),
        "team",
    ),
    Company(
        "Eastgate Hospitals",
        "eastgate.example",
        EASTERN,
        ("the north wing", "St. Brigid", "the imaging centre", "the day clinic"),
        66,
        (Term("msa-enterprise", 16, 24, (7, 39)),),
        "dedicated",
    ),
    Company(
        "Kettle Bay Energy",
        "kettlebay.example",
        "America/Chicago",
        ("the terminal", "plant two", "the control room", "Corpus Christi"),
        50,
        (
            Term("msa-enterprise", 14, 12, (31,), zone="America/Chicago"),
            Term("msa-enterprise", 2, 12, (7,), zone="America/Chicago"),
        ),
        "dedicated",
    ),
    Company(
        "Bluewater Credit Union",
        "bluewater.example",
        EASTERN,
        ("the head office", "the branches", "the call centre"),
        44,
        (Term("msa-enterprise-2023", 27, 36, (9, 21)),),
        "dedicated",
    ),
    Company(
        "Greyfield Rail",
        "greyfield.example",
        "Europe/London",
        ("the depot", "signal box east", "Carrow junction", "the ticket halls"),
        46,
        (Term("msa-business", 14, 24, (22, 5)),),
        "team",
    ),
    Company(
        "Dunmore University",
        "dunmore.example",
        EASTERN,
        ("the library", "the medical school", "the student labs"),
        32,
        (Term("msa-plus", 9, 12, (12,)),),
        "team",
    ),
    Company(
        "Harbour Light Hotels",
        "harbourlight.example",
        "America/Los_Angeles",
        ("the Marina hotel", "Seaview", "the reservations office"),
        28,
        (Term("msa-plus", 24, 12, (2,), days=21), Term("msa-plus", 12, 12, (8,), days=21)),
        "team",
    ),
    Company(
        "Cobalt Ridge Mining",
        "cobaltridge.example",
        "America/Denver",
        ("the north pit", "the mill", "camp four"),
        22,
        (Term("msa-plus", 8, 12, (7,)),),
        "team",
    ),
    Company(
        "Juniper Freight",
        "juniper.example",
        EASTERN,
        ("the yard", "the Albany depot", "dispatch"),
        16,
        (Term("msa-start", 18, 12, (3,)), Term("msa-start", 6, 12, (6,))),
        "team",
    ),
    Company(
        "Bramble & Finch",
        "bramblefinch.example",
        EASTERN,
        ("the Boston office", "the archive"),
        10,
        (Term("msa-start", 4, 12, (5,)),),
        "team",
    ),
    Company(
        "Fennimore Foods",
        "fennimore.example",
        "America/Chicago",
        ("the bakery", "the cold store"),
        14,
        (Term("msa-plus", 14, 12, (7,)),),
        "",
    ),
    Company(
        "Iris Valley Schools",
        "irisvalley.example",
        "America/Los_Angeles",
        ("the high school", "the elementary schools", "the district office"),
        10,
    ),
)

PRODUCTS: dict[str, tuple[str, ...]] = {
    "Endpoint Protection": ("12.4.2", "12.4.1", "12.3", "12.2"),
    "Endpoint Protection for macOS": ("12.4.1", "12.3"),
    "Server Protection for Linux": ("12.4.2", "12.4", "12.3"),
    "Endpoint Detection and Response": ("5.1", "5.0"),
    "Management Server": ("12.4.2", "12.4", "12.3"),
    "Mail Gateway": ("7.2", "7.1"),
}
