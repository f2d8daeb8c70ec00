"""The people of the demo: ten who work for us, forty at customers."""

from typing import NamedTuple

from accounts.choices import Role

# One password for everybody, told to every visitor; load_demo refuses to run in production.
PASSWORD = "demo-lantern-orbit"  # noqa: S105 - published on purpose
STAFF_DOMAIN = "orrin.example"


class StaffMember(NamedTuple):
    name: str
    role: Role
    zone: str


class Person(NamedTuple):
    """Somebody at a customer. `seat`: a technical contact; `manages`: a company manager."""

    name: str
    title: str
    seat: bool = False
    manages: bool = False
    sees_company: bool = False
    zone: str = ""


STAFF = (
    StaffMember("Jonas Lindqvist", Role.ENGINEER, "America/New_York"),
    StaffMember("Mara Kovač", Role.ENGINEER, "Europe/Zagreb"),
    StaffMember("Tomás Herrera", Role.ENGINEER, "America/Los_Angeles"),
    StaffMember("Anjali Menon", Role.ENGINEER, "Asia/Kolkata"),
    StaffMember("Sana Aziz", Role.ANALYST, "Europe/London"),
    StaffMember("Theo Hartmann", Role.DUTY_LEAD, "America/New_York"),
    StaffMember("Ingrid Solberg", Role.SUPPORT_MANAGER, "Europe/Oslo"),
    StaffMember("Ines Duarte", Role.TAM, "America/New_York"),
    StaffMember("Wanjiru Kamau", Role.TAM, "America/Chicago"),
    StaffMember("Chidi Bello", Role.ADMINISTRATOR, "America/New_York"),
)
TEAM_NAME = "Americas accounts"
TEAM_TAM = "Ines Duarte"
DEDICATED_TAM = "Wanjiru Kamau"

CUSTOMER_PEOPLE: dict[str, tuple[Person, ...]] = {
    "Northwind Logistics": (
        Person("Priya Raman", "Head of IT operations", seat=True),
        Person("Daniel Osei", "Warehouse systems", seat=True),
        Person("Lena Hoffmann", "Security operations", seat=True, zone="Europe/Berlin"),
        Person("Elena Brandt", "IT director", manages=True),
        Person("Marcus Webb", "Service desk"),
    ),
    "Eastgate Hospitals": (
        Person("Owen Hart", "Infrastructure lead", seat=True),
        Person("Fatima El-Sayed", "Information security officer", seat=True),
        Person("Noah Bergström", "Server team", seat=True),
        Person("Grace Achieng", "Clinical systems", seat=True),
        Person("Ruth Adeyemi", "Chief information officer", manages=True),
        Person("Pavel Novák", "Service desk", sees_company=True),
    ),
    "Kettle Bay Energy": (
        Person("Hana Ito", "Plant networks", seat=True),
        Person("Caleb Whitehorse", "Security operations", seat=True),
        Person("Sofia Marchetti", "Head of infrastructure", manages=True, seat=True),
        Person("Dmitri Volkov", "Field systems"),
    ),
    "Bluewater Credit Union": (
        Person("Amara Nwosu", "Information security", seat=True),
        Person("Joseph Tan", "Endpoint team", seat=True),
        Person("Margaret O’Neill", "VP technology", manages=True),
        Person("Ravi Subramanian", "Branch systems", sees_company=True),
    ),
    "Greyfield Rail": (
        Person("Katarzyna Wójcik", "Signalling IT", seat=True, zone="Europe/London"),
        Person("Isaac Mensah", "Server team", seat=True, zone="Europe/London"),
        Person("Philippa Grant", "IT services manager", manages=True, zone="Europe/London"),
        Person("Yusuf Demir", "Station systems", zone="Europe/London"),
    ),
    "Dunmore University": (
        Person("Aisling Byrne", "Campus security", seat=True, manages=True),
        Person("Wei Zhang", "Research computing", seat=True),
        Person("Lucía Fernández", "Student labs"),
    ),
    "Harbour Light Hotels": (
        Person("Ayumi Tanaka", "IT manager", seat=True, manages=True, zone="America/Los_Angeles"),
        Person("Benoît Lefèvre", "Consultant", seat=True, zone="America/Los_Angeles"),
        Person("Keisha Brown", "Front office systems", zone="America/Los_Angeles"),
    ),
    "Cobalt Ridge Mining": (
        Person("Gustavo Reyes", "Site IT", seat=True, zone="America/Denver"),
        Person("Annika Sørensen", "IT manager", manages=True, zone="America/Denver"),
        Person("Tane Parata", "Fleet systems", zone="America/Denver"),
    ),
    "Juniper Freight": (
        Person("Miriam Cohen", "IT manager", seat=True, manages=True),
        Person("Eduardo Santos", "Depot systems"),
    ),
    "Bramble & Finch": (
        Person("Oluwaseun Ade", "Practice systems", seat=True),
        Person("Charlotte Finch", "Managing partner", manages=True),
    ),
    "Fennimore Foods": (
        Person("Chloé Dubois", "IT coordinator", manages=True, seat=True, zone="America/Chicago"),
        Person("Samir Haddad", "Plant systems", zone="America/Chicago"),
    ),
    "Iris Valley Schools": (
        Person("Maya Goldberg", "District technology", manages=True, zone="America/Los_Angeles"),
        Person("Tomasz Zieliński", "School networks", zone="America/Los_Angeles"),
    ),
}

# Looks after two companies: sees both, and always files for one.
SHARED_CONTACT = ("Benoît Lefèvre", "Cobalt Ridge Mining")

# Who is offered to a visitor as a sign-in, by the role they show; the first of a role is typical.
SHOWN: tuple[tuple[str, str], ...] = (
    ("technical contact", "Priya Raman"),
    ("technical contact", "Owen Hart"),
    ("portal user", "Marcus Webb"),
    ("company manager", "Elena Brandt"),
    ("support engineer", "Jonas Lindqvist"),
    ("support engineer", "Mara Kovač"),
    ("lab analyst", "Sana Aziz"),
    ("duty lead", "Theo Hartmann"),
    ("support manager", "Ingrid Solberg"),
    ("TAM", "Ines Duarte"),
    ("TAM", "Wanjiru Kamau"),
    ("administrator", "Chidi Bello"),
)
