"""Who is in the demo, and where they work."""

from dataclasses import dataclass

from institutions.enums import Role


@dataclass(frozen=True)
class Place:
    """A department with the people who stand around a doctor under training there."""

    institution: str
    department: str
    supervisor: str
    guide: str
    head: str


PLACES = {
    "senter": Place(
        "St. Olavs hospital HF",
        "Palliativt senter",
        "Hilde Demo Vik",
        "Per Demo Moen",
        "Anne Demo Haugen",
    ),
    "smerteteam": Place(
        "St. Olavs hospital HF",
        "Smerteteam",
        "Lars Demo Berg",
        "Per Demo Moen",
        "Anne Demo Haugen",
    ),
    "lindrende": Place(
        "Trondheim kommune",
        "Lindrende enhet",
        "Marit Demo Lund",
        "Per Demo Moen",
        "Anne Demo Haugen",
    ),
    "lovisenberg": Place(
        "Lovisenberg Diakonale Sykehus AS",
        "Medisinsk avdeling",
        "Knut Demo Strand",
        "Grete Demo Dahl",
        "Siri Demo Holm",
    ),
    "ahus": Place(
        "Akershus universitetssykehus HF",
        "Palliativ avdeling",
        "Jon Demo Ruud",
        "Berit Demo Foss",
        "Kari Demo Sunde",
    ),
    "ålesund": Place(
        "Helse Møre og Romsdal HF",
        "Palliativt team, Ålesund",
        "Liv Demo Aune",
        "Randi Demo Myklebust",
        "Geir Demo Roald",
    ),
    "molde": Place(
        "Helse Møre og Romsdal HF",
        "Lindrende enhet, Molde",
        "Arne Demo Hoem",
        "Randi Demo Myklebust",
        "Geir Demo Roald",
    ),
    "kristiansund": Place(
        "Helse Møre og Romsdal HF",
        "Medisinsk avdeling, Kristiansund",
        "Unni Demo Strøm",
        "Randi Demo Myklebust",
        "Geir Demo Roald",
    ),
    "levanger": Place(
        "Helse Nord-Trøndelag HF",
        "Palliativt team, Levanger",
        "Bjørn Demo Aune",
        "Solveig Demo Hegge",
        "Magne Demo Ulstad",
    ),
    "namsos": Place(
        "Helse Nord-Trøndelag HF",
        "Medisinsk avdeling, Namsos",
        "Tone Demo Devik",
        "Solveig Demo Hegge",
        "Magne Demo Ulstad",
    ),
}

LOGINS = {
    "Nora Demo Aasen": "lis",
    "Ola Demo Nes": "lis2",
    "Marit Demo Lund": "supervisor",
    "Per Demo Moen": "veileder",
    "Anne Demo Haugen": "leder",
    "Eva Demo Solberg": "programleder",
    "Ada Demo Lie": "admin",
}
HPR_NUMBERS = {
    "Nora Demo Aasen": "000000017",
    "Per Demo Moen": "000000025",
    "Hilde Demo Vik": "000000033",
    "Anne Demo Haugen": "000000041",
}
EDUCATION_LEADS = {"Tor Demo Nygård": "St. Olavs hospital HF"}
MEDICAL_LEADS = {
    "Tor Demo Nygård": "St. Olavs hospital HF",
    "Turid Demo Bakke": "Lovisenberg Diakonale Sykehus AS",
    "Pål Demo Ness": "Trondheim kommune",
    "Unn Demo Ask": "Akershus universitetssykehus HF",
}


@dataclass(frozen=True)
class Doctor:
    """A doctor under training: how far they have come, and what of theirs waits."""

    name: str
    place: str
    started_days_ago: int
    approved: int = 0  # goals
    assessed: int = 0  # goals assessed, not yet claimed
    waiting: tuple[tuple[str, int], ...] = ()  # (who has it, for how many days)
    last_activity_days_ago: int = 10
    decides_goals: bool = True


# In each: who the oldest things wait for, as in the picture of the cohort.
DOCTORS = (
    Doctor("Emil Demo Berg", "ålesund", 900, 21, 4, (("head", 31), ("head", 20), ("guide", 9)), 44),
    Doctor("Ida Demo Lien", "molde", 500, 9, 3, (("supervisor", 22), ("supervisor", 8)), 22),
    Doctor("Jonas Demo Rye", "senter", 1100, 30, 5, (("guide", 16),), 8),
    Doctor("Amir Demo Khan", "senter", 1700, 52, 6, (("head", 12), ("guide", 6), ("head", 3)), 1),
    Doctor("Sara Demo Dahl", "levanger", 1300, 37, 6, (("supervisor", 9), ("head", 4)), 2),
    Doctor(
        "Henrik Demo Sand", "ålesund", 1200, 33, 5, (("head", 18), ("head", 7), ("guide", 2)), 3
    ),
    Doctor(
        "Tuva Demo Eide",
        "senter",
        2000,
        61,
        4,
        (("head", 15), ("head", 9), ("guide", 5), ("supervisor", 2)),
        1,
    ),
    Doctor("Oda Demo Fjeld", "namsos", 700, 14, 4, (("supervisor", 4),), 6),
    Doctor("Elin Demo Vold", "levanger", 1400, 40, 5, (("supervisor", 2),), 0),
    Doctor("Mats Demo Hov", "kristiansund", 200, 5, 3, (), 2),
    Doctor("Live Demo Moe", "senter", 1000, 26, 3, (), 160),
    Doctor(
        "Ingrid Demo Sæther",
        "ahus",
        420,
        0,
        14,
        (("supervisor", 3),),
        3,
        decides_goals=False,
    ),
)

STAFF_ROLES = ((Role.CLINICAL_SUPERVISOR, "supervisor"), (Role.DEPARTMENT_HEAD, "head"))
NOTES = (
    "Familiesamtale",
    "Smertekartlegging",
    "Legemiddelgjennomgang med sykepleier",
    "Tilsyn ved medisinsk avdeling",
    "Hjemmebesøk med ambulerende team",
    "Kasusdiskusjon",
    "Forhåndssamtale",
    "Tverrfaglig møte",
    "Oppfølging etter utskriving",
    "Plan for siste levedager",
)
