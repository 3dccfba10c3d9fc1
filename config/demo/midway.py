"""Nora Demo Aasen's years: what she reached, what waits, and what she applies with."""

import datetime as dt

from config.demo import nora
from config.demo.application import Application
from config.demo.people import NOTES
from config.demo.story import Story
from curriculum.models import CourseModule, Pathway
from institutions.enums import Role
from portfolio.enums import ActivityKind, DocumentKind, Outcome, ServiceKind
from portfolio.rules.plans import half_year_of


def make(demo) -> None:
    """The doctor of the pictures: `demo` knows people, teams, goals and the calendar."""
    day = demo.calendar.day
    story = demo.start(
        "Nora Demo Aasen",
        decides_goals=True,
        authorised_on=day(*nora.AUTHORISED),
        started_on=day(*nora.STARTED),
        version="2023",
    )
    for guide, first, last in nora.GUIDED_BY:
        demo.guide(story.training, guide, day(*first), day(*last) if last else None)
    for key, percent, first, last in nora.PLACEMENTS:
        demo.place(
            story.training,
            key,
            day(*first),
            day(*last) if last else None,
            percent,
            nora.OTHER_SPECIALTY.get(key, ""),
        )
    for index, (code, decided) in enumerate(nora.APPROVED.items()):
        story.reach(
            code,
            decided=day(*decided),
            team=demo.teams[_served_at(demo, day(*decided))],
            note=NOTES[index % len(NOTES)],
        )
    for seen in nora.SEEN:
        story.assess(
            seen.goal,
            seen.levels,
            day=day(*seen.day),
            team=demo.teams[seen.place],
            note=seen.note,
            performed_as=seen.performed_as,
            feedback=seen.feedback,
        )
    story.reach(
        nora.UNDER_OLD_GOALS,
        decided=day(2024, 9, 17),
        team=demo.teams["senter"],
        note="Etisk refleksjon over et vanskelig valg",
    )
    _waits(demo, story)
    _applies_with(demo, story)
    story.play()


def _applies_with(demo, story: Story) -> None:
    """As in the picture of «Klar for søknad?»: one signature, one scan and some days short."""
    day, application = demo.calendar.day, Application(story)
    senter, lovisenberg = demo.teams["senter"], demo.teams["lovisenberg"]
    tor, per = demo.person("Tor Demo Nygård"), demo.person("Per Demo Moen")
    place, first, last = nora.PART_1
    application.earlier_service(
        place, day(*first), day(*last), kind=ServiceKind.PART_1, entered=day(2021, 3, 2)
    )
    application.upload(
        DocumentKind.PART_1,
        "Godkjent del 1",
        day=day(2021, 3, 3),
        issued_on=day(*last),
        issuer="St. Olavs hospital HF",
        confirmed_by=lovisenberg.head,
    )
    application.upload(
        DocumentKind.SERVICE_ATTESTATION,
        "Tjenestebekreftelse del 1",
        day=day(2021, 3, 4),
        issued_on=day(*last),
        issuer="St. Olavs hospital HF",
        placement=application.placed(day(*first)),
        confirmed_by=lovisenberg.head,
    )
    application.away("leave", day(*nora.LEAVE[0]), day(*nora.LEAVE[1]))
    for starts_on, signed, head, lead, signs in (
        ((2021, 3, 1), (2023, 8, 28), lovisenberg.head, demo.person("Turid Demo Bakke"), True),
        ((2023, 9, 1), (2024, 12, 18), senter.head, tor, True),
        ((2025, 1, 1), (2026, 6, 25), senter.head, tor, False),
    ):
        application.attest(
            application.placed(day(*starts_on)),
            day=day(*signed),
            head=head,
            medical_lead=lead,
            signs=signs,
        )
    for number, held, is_broken in (
        (1, (2024, 11, 8), False),
        (2, (2025, 5, 16), True),
        (3, (2025, 11, 14), False),
        (4, (2026, 5, 8), False),
    ):
        module = CourseModule.objects.get(course__code="specialty-course", number=number)
        application.upload(
            DocumentKind.COURSE_CERTIFICATE,
            f"Kursbevis modul {number}",
            day=day(*held),
            issued_on=day(*held),
            issuer="Kursarrangøren",
            module=module,
            confirmed_by=None if is_broken else per,
            every_other_page_blank=is_broken,
        )
    application.move(
        Pathway.objects.get(code="specialty", version="2026"),
        day=day(*nora.MOVED),
        by=demo.person("Eva Demo Solberg"),
        reason="Nye felles kompetansemål gjelder fra 1. mars 2026 (FOR-2025-01-24-114).",
    )
    mirrored = [demo.goals[code] for code in list(nora.APPROVED)[: nora.MIRRORED]]
    application.mirror(mirrored, day=day(2026, 10, 23))
    application.implementation_plan(day=day(2026, 1, 16), agreed_by=senter.head)
    application.plan_goals(
        [demo.goals[code] for code in ("PAL-055", "PAL-041", "PAL-011", "PAL-018")],
        day=day(2026, 9, 2),
        half_year=half_year_of(day(2026, 9, 2)),
        department=demo.teams["lindrende"].department,
        agreed_by=per,
    )


def _served_at(demo, on: dt.date) -> str:
    return next(
        key
        for key, _, first, last in nora.PLACEMENTS
        if demo.calendar.day(*first) <= on and (last is None or on <= demo.calendar.day(*last))
    )


def _waits(demo, story: Story) -> None:
    ago, unit = demo.calendar.days_ago, demo.teams["lindrende"]
    hilde = demo.person("Hilde Demo Vik")
    story.claim_with_recommendations("PAL-041", day=ago(22), team=unit)
    story.decide(
        "PAL-041",
        day=ago(14),
        head=unit.head,
        outcome=Outcome.RETURNED,
        reason=nora.RETURN_REASON,
    )
    story.claim("PAL-055", day=ago(10), comment=nora.CLAIM_COMMENT)
    story.ask_recommendations("PAL-055", day=ago(10), of=[], guide=unit.guide)
    story.recommend(
        "PAL-055",
        day=ago(8),
        by=unit.guide,
        role=Role.EDUCATIONAL_SUPERVISOR,
        comment="Trygg i bruk av pumper, også ved doseendring.",
    )
    story.ask_recommendations("PAL-055", day=ago(7), of=[hilde])
    for code, days in (("PAL-025", 7), ("PAL-008", 6), ("PAL-049", 3)):
        story.claim_with_recommendations(code, day=ago(days), team=unit)
    story.log(
        ["PAL-018"],
        day=ago(6),
        done_on=demo.calendar.day(2026, 8, 21),
        team=unit,
        note="Kursmodul 3",
        kind=ActivityKind.COURSE_MODULE,
    )
    story.ask("PAL-047", day=ago(2), of=unit.supervisor, comment="Ascites, oppfølging hjemme")
    story.log(["PAL-020"], day=ago(0), team=unit, note="Familiesamtale om overgang til lindring.")
