"""Nora Demo Aasen, midway: the doctor of the pictures. 44 of 73 goals are approved."""

from dataclasses import dataclass

# (place, percent, first day, last day or None)
PLACEMENTS = (
    ("lovisenberg", 100, (2021, 3, 1), (2023, 8, 31)),
    ("senter", 100, (2023, 9, 1), (2024, 12, 31)),
    ("senter", 60, (2025, 1, 1), (2026, 6, 30)),
    ("lindrende", 100, (2026, 7, 1), (2027, 3, 31)),
)
OTHER_SPECIALTY = {"lovisenberg": "Indremedisin"}
PART_1 = ("Del 1, St. Olavs hospital og Trondheim kommune", (2019, 9, 1), (2021, 2, 28))
LEAVE = ((2024, 3, 1), (2024, 8, 29))  # 182 of 488 days
AUTHORISED, STARTED = (2019, 6, 24), (2021, 3, 1)
GUIDED_BY = (
    ("Grete Demo Dahl", (2021, 3, 1), (2023, 8, 31)),
    ("Per Demo Moen", (2023, 9, 1), None),
)

# The doctor began under the common goals of 2017, and was moved before those of 2025 took over.
UNDER_OLD_GOALS, MOVED = "LM-04", (2026, 2, 16)
MIRRORED = 32  # of the approved goals, in Kompetanseportalen

# Goal: the day of the head's approval. The FKM goals are in force from 1 March 2026.
APPROVED = {
    "PAL-017": (2023, 5, 9), "PAL-006": (2023, 8, 22), "FKM-002": (2026, 3, 17),
    "PAL-012": (2023, 10, 17), "FKM-003": (2026, 3, 31), "PAL-001": (2024, 1, 23),
    "PAL-022": (2024, 2, 20), "PAL-007": (2024, 3, 12), "FKM-004": (2026, 4, 14),
    "PAL-013": (2024, 5, 14), "PAL-023": (2024, 6, 11), "PAL-002": (2024, 8, 20),
    "FKM-005": (2026, 4, 28), "PAL-026": (2024, 10, 8), "PAL-033": (2024, 11, 12),
    "PAL-014": (2024, 12, 10), "PAL-027": (2025, 1, 14), "FKM-006": (2026, 5, 19),
    "PAL-003": (2025, 3, 18), "PAL-034": (2025, 4, 8), "PAL-009": (2025, 5, 13),
    "PAL-035": (2025, 5, 27), "FKM-007": (2026, 6, 2), "PAL-015": (2025, 7, 1),
    "PAL-030": (2025, 8, 19), "PAL-036": (2025, 9, 9), "FKM-008": (2026, 6, 16),
    "PAL-004": (2025, 10, 14), "PAL-031": (2025, 10, 28), "PAL-038": (2025, 11, 18),
    "PAL-010": (2025, 12, 9), "PAL-043": (2026, 1, 13), "FKM-009": (2026, 6, 23),
    "PAL-016": (2026, 2, 10), "PAL-044": (2026, 3, 10), "PAL-045": (2026, 3, 24),
    "FKM-012": (2026, 9, 1), "PAL-046": (2026, 5, 12), "PAL-048": (2026, 6, 9),
    "FKM-013": (2026, 9, 29), "PAL-050": (2026, 8, 25), "PAL-053": (2026, 9, 15),
    "PAL-057": (2026, 10, 6), "FKM-014": (2026, 10, 20),
}  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """One assessed activity: the day, the place, what was shown, and what was written."""

    goal: str
    day: tuple[int, int, int]
    place: str
    levels: dict[int, int]
    note: str
    performed_as: str = "supervised"
    feedback: str = ""


SEEN = (
    Seen("PAL-055", (2022, 10, 14), "lovisenberg", {1: 2, 2: 2}, "Sprøytepumpe under supervisjon"),
    Seen("PAL-055", (2024, 9, 18), "senter", {1: 3}, "Kasusdiskusjon"),
    Seen("PAL-055", (2025, 3, 3), "senter", {2: 2}, "DOPS: anlegge subkutan pumpe"),
    Seen("PAL-055", (2025, 10, 10), "senter", {2: 3}, "Subkutan pumpe, selvstendig", "independent"),
    Seen("PAL-055", (2026, 4, 22), "smerteteam", {3: 1}, "Oppfølging av intratekal pumpe"),
    Seen(
        "PAL-055",
        (2026, 11, 3),
        "smerteteam",
        {3: 2},
        "Hospitering, smerteteam",
        feedback="Trygg i bruk av pumper, også ved doseendring.",
    ),
    Seen("PAL-041", (2026, 10, 1), "lindrende", {1: 3, 2: 2}, "Symptomkartlegging med ESAS"),
    Seen("PAL-008", (2026, 10, 22), "lindrende", {1: 3, 2: 3}, "Samtale med barn som pårørende"),
    Seen("PAL-025", (2026, 10, 27), "lindrende", {1: 3, 2: 3}, "Prognosesamtale"),
    Seen("PAL-049", (2026, 11, 5), "lindrende", {1: 3, 2: 3}, "Siste levedøgn, plan for lindring"),
    Seen("PAL-005", (2026, 11, 12), "lindrende", {1: 3, 2: 2}, "Samtale om mening og håp"),
    Seen("PAL-011", (2026, 6, 3), "senter", {1: 2}, "Undervisning om ALS-forløp"),
    Seen(
        "PAL-020",
        (2026, 10, 19),
        "lindrende",
        {1: 3, 2: 2},
        "Forhåndssamtale",
        feedback="La stillheten vare litt før du svarer på prognosespørsmål.",
    ),
    Seen("PAL-021", (2026, 11, 2), "lindrende", {1: 2}, "Samtale med tolk"),
    Seen("PAL-029", (2026, 10, 30), "lindrende", {1: 3, 2: 2}, "Behandlingsansvarlig en uke"),
    Seen("PAL-032", (2026, 11, 17), "lindrende", {1: 2}, "Individuell plan i ansvarsgruppe"),
    Seen("PAL-037", (2026, 9, 9), "lindrende", {1: 3, 2: 2}, "Smertebehandling over tid"),
    Seen("PAL-039", (2026, 4, 22), "smerteteam", {1: 2, 2: 1}, "Blokade, observerte", "observed"),
    Seen("PAL-042", (2026, 10, 14), "lindrende", {1: 2}, "Delirkartlegging"),
    Seen("PAL-047", (2026, 10, 28), "lindrende", {1: 3}, "Malign ascites, oppfølging"),
    Seen("PAL-051", (2026, 11, 10), "lindrende", {1: 2, 2: 2}, "Komplisert terminalforløp"),
    Seen("PAL-054", (2026, 5, 20), "senter", {1: 2}, "Ascitestapping"),
    Seen("PAL-056", (2026, 8, 12), "lindrende", {1: 2, 3: 1}, "Oksygen i hjemmet"),
    Seen("PAL-059", (2026, 9, 30), "lindrende", {1: 2}, "Refleksjonsgruppe"),
    Seen("FKM-001", (2026, 9, 2), "lindrende", {0: 2}, "Etisk refleksjon i teamet"),
    Seen("FKM-011", (2026, 8, 26), "lindrende", {0: 2}, "Arbeidsmiljømøte"),
)

CLAIM_COMMENT = "Alle tre utsagn er vist på krevd nivå."
RETURN_REASON = "Vis også at du følger opp tiltak mot dyspné fra dag til dag, og meld målet igjen."
