"""Makes the demo's people and lets their history happen."""

import datetime as dt
import random
import uuid

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import User
from config.demo import midway
from config.demo.application import Application, agree_on_arena, hold_sessions
from config.demo.clock import Calendar, at, moment
from config.demo.nora import UNDER_OLD_GOALS
from config.demo.people import (
    DOCTORS,
    EDUCATION_LEADS,
    HPR_NUMBERS,
    LOGINS,
    MEDICAL_LEADS,
    NOTES,
    PLACES,
    STAFF_ROLES,
    Doctor,
)
from config.demo.story import Story, Team
from curriculum.models import LearningGoal, Pathway
from institutions.enums import AttestedBy, CohortKind, Role
from institutions.models import (
    Cohort,
    CohortLeadership,
    CohortMembership,
    Department,
    Institution,
    RoleAssignment,
)
from portfolio.enums import DocumentKind, PostKind, ServiceKind
from portfolio.models import Training
from portfolio.rules.plans import half_year_of
from portfolio.services import trainings

PASSWORD = "palmappen-demo"  # noqa: S105 – it is printed on the screen
LONG_AGO = dt.date(2015, 1, 1)


class Demo:
    """The demo as it is built: people by name, teams by place, goals by code."""

    def __init__(self, today: dt.date):
        self.calendar = Calendar(today)
        self.password = make_password(PASSWORD)
        self.people: dict[str, User] = {}
        self.teams: dict[str, Team] = {}
        # PAL before FKM, and within each in the order of the curriculum.
        required = LearningGoal.objects.filter(
            required=True, curriculum__code__in=["pal-2023", "fkm-2025"]
        ) | LearningGoal.objects.filter(code=UNDER_OLD_GOALS, curriculum__code="fkm-2017")
        self.goals = {
            goal.code: goal
            for goal in required.select_related("curriculum").prefetch_related("statements")
        }

    def build(self) -> None:
        self.make_staff()
        self.make_cohorts()
        self.make_arenas_and_courses()
        midway.make(self)
        self.make_ola()
        for doctor in DOCTORS:
            self.make_doctor(doctor)

    # --- People ---

    def person(self, name: str) -> User:
        if name not in self.people:
            login = LOGINS.get(name) or name.lower().replace(" demo ", ".").replace(" ", ".")
            login = login.translate(str.maketrans("æøåö", "eoao"))
            self.people[name] = User.objects.create(
                email=f"{login}@example.org",
                name=name,
                hpr_number=HPR_NUMBERS.get(name, f"{101 + 8 * len(self.people):09d}"),
                password=self.password,
                invited_at=timezone.now(),
            )
        return self.people[name]

    def give(self, name: str, role: str, **place) -> None:
        RoleAssignment.objects.get_or_create(
            user=self.person(name), role=role, defaults={"starts_on": LONG_AGO}, **place
        )

    def make_staff(self) -> None:
        for key, place in PLACES.items():
            department = Department.objects.get(
                institution__name=place.institution, name=place.department
            )
            for role, who in STAFF_ROLES:
                self.give(getattr(place, who), role, department=department)
            self.teams[key] = Team(
                department=department,
                supervisor=self.person(place.supervisor),
                guide=self.person(place.guide),
                head=self.person(place.head),
            )
        for name, institution in EDUCATION_LEADS.items():
            self.give(
                name, Role.EDUCATION_LEAD, institution=Institution.objects.get(name=institution)
            )
        for name, institution in MEDICAL_LEADS.items():
            self.give(
                name, Role.MEDICAL_LEAD, institution=Institution.objects.get(name=institution)
            )
        self.give("Ada Demo Lie", Role.ADMIN)
        self.admin = self.person("Ada Demo Lie")
        Institution.objects.filter(name="Helse Nord-Trøndelag HF").update(
            activities_attested_by=AttestedBy.EDUCATIONAL_SUPERVISOR
        )

    def start(
        self,
        name: str,
        *,
        decides_goals: bool,
        authorised_on: dt.date,
        started_on: dt.date,
        version: str = "",
    ) -> Story:
        code = "specialty" if decides_goals else "competence-area"
        version = version or ("2026" if decides_goals else "2023")
        pathway = Pathway.objects.get(code=code, version=version)
        with at(moment(started_on, 8 * 60)):
            training = trainings.start_training(
                trainee=self.person(name),
                pathway=pathway,
                authorised_on=authorised_on,
                started_on=started_on,
                by=self.admin,
            )
        CohortMembership.objects.create(
            cohort=self.cohorts[decides_goals], user=training.trainee, starts_on=started_on
        )
        return Story(training, self.goals)

    def guide(self, training: Training, guide: str, first: dt.date, last: dt.date | None) -> None:
        with at(moment(first, 8 * 60 + 30)):
            trainings.appoint_supervisor(
                training=training,
                supervisor=self.person(guide),
                starts_on=first,
                ends_on=last,
                specialty="Onkologi",
                holds_competence_area=True,
                employer=self.employer_of(guide),
                by=self.admin,
            )

    def employer_of(self, guide: str) -> Institution:
        return next(
            team.department.institution
            for team in self.teams.values()
            if team.guide == self.person(guide)
        )

    def place(
        self,
        training: Training,
        key: str,
        first: dt.date,
        last: dt.date | None = None,
        percent: int = 100,
        other_specialty: str = "",
    ) -> None:
        # Nobody has a post of their own for the competence area.
        designated = training.pathway.decides_goals and key != "lindrende"
        with at(moment(first, 8 * 60 + 45)):
            trainings.add_placement(
                training=training,
                by=training.trainee,
                department=self.teams[key].department,
                post_kind=PostKind.DESIGNATED if designated else PostKind.EMPLOYED,
                percent=percent,
                starts_on=first,
                ends_on=last,
                service_kind=ServiceKind.OTHER_SPECIALTY if other_specialty else ServiceKind.OWN,
                specialty=other_specialty,
                key=uuid.uuid4(),
            )

    def make_cohorts(self) -> None:
        central = Cohort.objects.create(name="Helse Midt-Norge", kind=CohortKind.REGION)
        course = Cohort.objects.create(name="Kompetanseområdekurset 2026", kind=CohortKind.COURSE)
        for cohort, leader in ((central, "Eva Demo Solberg"), (course, "Trond Demo Lia")):
            CohortLeadership.objects.create(
                cohort=cohort, user=self.person(leader), starts_on=LONG_AGO
            )
        self.cohorts = {True: central, False: course}  # by whether goals are decided

    def make_arenas_and_courses(self) -> None:
        day, ago = self.calendar.day, self.calendar.days_ago
        agree_on_arena(
            "Trondheim kommune",
            "St. Olavs hospital HF",
            first=day(2024, 1, 1),
            last=day(2026, 12, 31),
            by=self.person("Tor Demo Nygård"),
        )
        self.sessions = hold_sessions(
            "competence-area-course",
            self.cohorts[False],
            [ago(300), ago(190), ago(75), ago(-60)],
            leader=self.person("Trond Demo Lia"),
            place="Trondheim",
            organiser="Universitetssykehusene i fellesskap",
        )

    # --- Their history ---

    def make_ola(self) -> None:
        ago = self.calendar.days_ago
        story = self.start(
            "Ola Demo Nes",
            decides_goals=False,
            authorised_on=ago(3900),
            started_on=ago(40),
        )
        self.guide(story.training, "Berit Demo Foss", ago(40), None)
        self.place(story.training, "ahus", ago(40))
        team = self.teams["ahus"]
        story.assess(
            "PAL-004", {1: 2}, day=ago(12), team=team, note="Palliativ kartlegging, ESAS-r"
        )
        box = story.log(["PAL-026"], day=ago(6), team=team, note="Behandlingsbegrensning, drøfting")
        story.return_request(
            box, day=ago(4), by=team.supervisor, comment="Skriv hva du selv bidro med."
        )
        story.log(["PAL-033"], day=ago(1), team=team, note="Smerteplan ved utskriving")
        Application(story).upload(
            DocumentKind.SPECIALIST_APPROVAL,
            "Spesialistgodkjenning",
            day=ago(38),
            issued_on=ago(900),
            issuer="Helsedirektoratet",
            specialty="Onkologi",
            confirmed_by=self.person("Berit Demo Foss"),
        )
        story.play()

    def make_doctor(self, doctor: Doctor) -> None:
        ago, team = self.calendar.days_ago, self.teams[doctor.place]
        story = self.start(
            doctor.name,
            decides_goals=doctor.decides_goals,
            authorised_on=ago(doctor.started_days_ago + 900),
            started_on=ago(doctor.started_days_ago),
        )
        guide = PLACES[doctor.place].guide
        guided_until = ago(-12) if doctor.name == "Amir Demo Khan" else None
        self.guide(story.training, guide, ago(doctor.started_days_ago), guided_until)
        if doctor.decides_goals:
            self.place(story.training, doctor.place, ago(doctor.started_days_ago))
        else:
            self.what_a_specialist_applies_with(story, doctor, team)
        self.history(story, doctor, team)
        story.play()

    def what_a_specialist_applies_with(self, story: Story, doctor: Doctor, team: Team) -> None:
        """Midway in the competence area: a year attested, half the course, no checklist yet."""
        ago, application = self.calendar.days_ago, Application(story)
        first, last = ago(doctor.started_days_ago), ago(doctor.started_days_ago - 364)
        self.place(story.training, doctor.place, first, last)
        self.place(story.training, doctor.place, last + dt.timedelta(days=1), None, percent=80)
        application.attest(
            application.placed(first),
            day=last,
            head=team.head,
            medical_lead=self.person("Unn Demo Ask"),
        )
        application.upload(
            DocumentKind.SPECIALIST_APPROVAL,
            "Spesialistgodkjenning",
            day=first,
            issued_on=self.calendar.day(2022, 3, 4),
            issuer="Helsedirektoratet",
            specialty="Onkologi",
            confirmed_by=team.guide,
        )
        for session in self.sessions[:3]:
            application.attended(session, by=self.person("Trond Demo Lia"))
        application.plan_goals(
            [self.goals[code] for code in ("PAL-017", "PAL-040")],
            day=ago(80),
            half_year=half_year_of(ago(80)),
            department=team.department,
            agreed_by=team.guide,
        )

    def history(self, story: Story, doctor: Doctor, team: Team) -> None:
        """Approved, assessed and waiting goals, each goal used once, spread over the years."""
        chance = random.Random(doctor.name)  # noqa: S311 – the same demo every time
        codes = iter(self.codes_of(doctor, chance))
        span = doctor.started_days_ago - 60
        for index in range(doctor.approved):
            days = max(span - index * span // doctor.approved, doctor.last_activity_days_ago + 15)
            story.reach(
                next(codes),
                decided=self.calendar.days_ago(days),
                team=team,
                note=chance.choice(NOTES),
            )
        for index in range(doctor.assessed):
            code = next(codes)
            days = doctor.last_activity_days_ago + index * 9
            story.assess(
                code,
                self.partly(code, chance),
                day=self.calendar.days_ago(days),
                team=team,
                note=chance.choice(NOTES),
            )
        for who, days in doctor.waiting:
            self.waits(story, next(codes), who, days, team, note=chance.choice(NOTES))

    def codes_of(self, doctor: Doctor, chance: random.Random) -> list[str]:
        """FKM goals come last: they are in force from 1 March 2026."""
        pal = [code for code in self.goals if code.startswith("PAL")]
        chance.shuffle(pal)
        fkm = [code for code in self.goals if code.startswith("FKM")]
        return pal + (fkm if doctor.decides_goals else [])

    def partly(self, code: str, chance: random.Random) -> dict[int, int]:
        """The first statement, at the required level or one below."""
        statements = list(self.goals[code].statements.all())
        if not statements:
            return {0: 2}
        return {1: max(1, statements[0].level - chance.choice((0, 1)))}

    def waits(self, story: Story, code: str, who: str, days: int, team: Team, *, note: str) -> None:
        asked = self.calendar.days_ago(days)
        if who == "supervisor":
            story.log([code], day=asked, team=team, note=note)
            return
        shown = asked - dt.timedelta(days=5)
        story.assess(code, None, day=shown, team=team, note=note)
        story.claim_with_recommendations(
            code, day=asked, team=team, waits_for="" if who == "head" else who
        )
