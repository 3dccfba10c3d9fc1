"""What the file points at, found here by what it is called everywhere; people and places are made
where they are not known."""

from dataclasses import dataclass, field

from django.db import models

from accounts.models import User
from curriculum.models import (
    Course,
    CourseModule,
    Curriculum,
    GoalStatement,
    LearningGoal,
    Pathway,
)
from institutions.models import CourseSession, Department, Institution
from portfolio.transfer.parsing import Portfolio
from portfolio.transfer.tables import OUTSIDE, Table

IMPORTED = "importert"


@dataclass
class Found:
    """Keys here, in the order of the file; what was made, and what stands in the way."""

    keys: dict[type[models.Model], list[int | None]] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def find(portfolio: Portfolio, *, using: str) -> Found:
    """Call in the transaction of the import. With anything `missing` it must not go on."""
    matcher = _Matcher(using)
    for table in OUTSIDE:
        matcher.match(table, portfolio.outside[table.name])
    matcher.require_all_statements(portfolio.outside[GoalStatement._meta.model_name])
    found = matcher.found
    found.missing = list(dict.fromkeys(found.missing))
    return found


class _Matcher:
    def __init__(self, using: str):
        self.using = using
        self.found = Found()
        self.finders = {
            User: self.person,
            Institution: self.institution,
            Department: self.department,
            Curriculum: self.curriculum,
            LearningGoal: self.goal,
            GoalStatement: self.statement,
            Course: self.course,
            CourseModule: self.module,
            CourseSession: self.session,
            Pathway: self.pathway,
        }

    def match(self, table: Table, rows: list[dict]) -> None:
        keys = self.found.keys[table.model] = []
        parents = [one for one in table.fields if one.related_model]
        for row in rows:
            local = dict(row)
            for parent in parents:
                local[parent.attname] = self.found.keys[parent.related_model][
                    row[parent.attname] - 1
                ]
            lacks_parent = any(local[parent.attname] is None for parent in parents)
            here = None if lacks_parent else self.finders[table.model](local)
            keys.append(here.pk if here else None)

    def _all(self, model: type[models.Model]) -> models.QuerySet:
        return model._default_manager.using(self.using)

    def _national(self, model: type[models.Model], what: str, **key) -> models.Model | None:
        here = self._all(model).filter(**key).first()
        if here is None:
            self.found.missing.append(f"{what} is not here")
        return here

    # --- National: must be here, in the same words ---

    def curriculum(self, row: dict) -> Curriculum | None:
        return self._national(Curriculum, f"curriculum {row['code']}", **row)

    def goal(self, row: dict) -> LearningGoal | None:
        key = {"curriculum_id": row["curriculum_id"], "code": row["code"]}
        here = self._national(LearningGoal, f"goal {row['code']}", **key)
        if here and (here.text, here.bullets) != (row["text"], row["bullets"]):
            self._worded_differently(here)
        return here

    def statement(self, row: dict) -> GoalStatement | None:
        same = self._all(GoalStatement).filter(**row).first()
        if same is None:
            self._worded_differently(self._all(LearningGoal).get(pk=row["goal_id"]))
        return same

    def require_all_statements(self, rows: list[dict]) -> None:
        told = [self.found.keys[LearningGoal][row["goal_id"] - 1] for row in rows]
        goals = self._all(LearningGoal).filter(pk__in=self.found.keys[LearningGoal])
        for goal in goals.annotate(here=models.Count("statements")):
            if goal.here != told.count(goal.pk):
                self._worded_differently(goal)

    def _worded_differently(self, goal: LearningGoal) -> None:
        curriculum = self._all(Curriculum).get(pk=goal.curriculum_id)
        self.found.missing.append(
            f"goal {goal.code} ({curriculum.code}) is worded differently here"
        )

    def course(self, row: dict) -> Course | None:
        return self._national(Course, f"course {row['code']}", **row)

    def module(self, row: dict) -> CourseModule | None:
        return self._national(CourseModule, f"module {row['number']} of a course", **row)

    def pathway(self, row: dict) -> Pathway | None:
        return self._national(Pathway, f"pathway {row['code']} {row['version']}", **row)

    # --- People and places: made where they are not known ---

    def person(self, row: dict) -> User | None:
        """By HPR number, else by address. Who is made cannot log in until invited."""
        number, address = row["hpr_number"], row["email"].lower()
        people = self._all(User)
        here = people.filter(hpr_number=number).first() if number else None
        if here is None:
            here = people.filter(email=address).first()
            if here and number and here.hpr_number:
                self.found.missing.append(f"{address} belongs to another HPR number here")
                return None
        if here and here.pk in self.found.keys[User]:
            self.found.missing.append(f"{here.name}: two people of the file are one here")
            return None
        return here or self._make_person(row | {"email": address})

    def _make_person(self, row: dict) -> User:
        person = User(**row, is_active=False)
        person.set_unusable_password()
        person.save(using=self.using)
        self.found.made.append(f"person {person.name}, deactivated")
        return person

    def institution(self, row: dict) -> Institution | None:
        number = row["organisation_number"]
        places = self._all(Institution)
        here = places.filter(organisation_number=number).first() if number else None
        if here is None:
            here = places.filter(name=row["name"]).first()
            if here and number and here.organisation_number:
                self.found.missing.append(f"{row['name']} has another organisation number here")
                return None
        return here or self._make(Institution, row["name"], **row, source=IMPORTED)

    def department(self, row: dict) -> Department:
        key = {"institution_id": row["institution_id"], "name": row["name"]}
        here = self._all(Department).filter(**key).first()
        return here or self._make(Department, row["name"], **row)

    def session(self, row: dict) -> CourseSession:
        key = {name: value for name, value in row.items() if name != "sign_up_until"}
        here = self._all(CourseSession).filter(**key).first()
        return here or self._make(CourseSession, f"{row['place']} {row['starts_on']}", **row)

    def _make(self, model: type[models.Model], what: str, **row) -> models.Model:
        self.found.made.append(f"{model._meta.model_name} {what}")
        return self._all(model).create(**row)
