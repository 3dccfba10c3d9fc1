"""Loading the curricula. What was approved must never come to mean something else."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.db import models, transaction
from django.db.models import F

from curriculum.documents import (
    CourseDocument,
    CurriculumDocument,
    Fixtures,
    GoalDocument,
    PathwayDocument,
    SuccessionDocument,
)
from curriculum.models import (
    Course,
    CourseModule,
    Curriculum,
    GoalStatement,
    GoalSuccession,
    LearningGoal,
    Pathway,
    PathwayCurriculum,
    Theme,
)

# Of these a record of evidence may have been built on the old value.
_STATEMENT_WORDING = (
    "order", "kind", "level", "supervised", "in_team", "text", "focus", "collaboration",
)  # fmt: skip
_OUT_OF_THE_WAY = 10_000


class LoadRefused(Exception):
    """Somebody already stands on what the files would change. Nothing was loaded."""

    def __init__(self, reasons: list[str]):
        super().__init__("\n".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class Loaded:
    """What a load did to the goals of one curriculum."""

    code: str
    added: int
    changed: int
    removed: int
    total: int


@transaction.atomic
def load_curricula(fixtures: Fixtures) -> list[Loaded]:
    """All or nothing. Curricula that are no longer in the files stay: records point at them."""
    courses = {course.code: course for path in fixtures.pathways for course in path.courses}
    reasons = [reason for document in fixtures.curricula for reason in _refusals(document)]
    reasons += [reason for document in fixtures.pathways for reason in _pathway_refusals(document)]
    reasons += _course_refusals(courses)
    if reasons:
        raise LoadRefused(reasons)
    loaded = [
        _load(document, position) for position, document in enumerate(fixtures.curricula, start=1)
    ]
    _load_courses(courses.values())
    for position, document in enumerate(fixtures.pathways, start=1):
        _load_pathway(document, position)
    _load_successions(fixtures.successions)
    return loaded


def referenced_elsewhere(objects: models.QuerySet) -> set[int]:
    """Which of the rows other apps point at, found through the model's reverse relations.

    The apps that hold evidence know this one; it must not know them.
    """
    model = objects.model
    found: set[int] = set()
    for relation in model._meta.get_fields(include_hidden=True):
        if not (relation.one_to_many or relation.one_to_one) or not relation.auto_created:
            continue
        if relation.related_model._meta.app_label != model._meta.app_label:
            name = relation.field.attname
            rows = relation.related_model._base_manager.filter(**{f"{name}__in": objects})
            found.update(rows.values_list(name, flat=True))
    return found


def _refusals(document: CurriculumDocument) -> list[str]:
    """Locks the goals, so that no evidence arrives between this answer and the change."""
    documents = {goal.code: goal for goal in document.goals}
    goals = LearningGoal.objects.filter(curriculum__code=document.code)
    list(goals.select_for_update().values_list("pk"))
    carrying = referenced_elsewhere(goals)
    reasons = []
    for goal in goals.filter(pk__in=carrying).prefetch_related("statements"):
        if goal.code not in documents:
            reasons.append(f"{document.code}: {goal.code}: carries evidence and cannot be removed")
            continue
        before, after = _wording_of(goal), _wording_of_document(documents[goal.code])
        for name in (name for name in before if before[name] != after[name]):
            reasons.append(
                f"{document.code}: {goal.code}: {name}: carries evidence and cannot be changed; "
                "a new wording needs a curriculum with a new code"
            )
    return reasons


def _wording_of(goal: LearningGoal) -> dict:
    return {
        "text": goal.text,
        "bullets": (tuple(goal.bullets), goal.bullets_belong_to),
        "statements": tuple(
            tuple(getattr(statement, name) for name in _STATEMENT_WORDING)
            for statement in goal.statements.all()
        ),
    }


def _wording_of_document(goal: GoalDocument) -> dict:
    return {
        "text": goal.text,
        "bullets": (goal.bullets, goal.bullets_belong_to),
        "statements": tuple(
            tuple(getattr(statement, name) for name in _STATEMENT_WORDING)
            for statement in goal.statements
        ),
    }


def _load(document: CurriculumDocument, position: int) -> Loaded:
    fields = {name: getattr(document, name) for name in _CURRICULUM_FIELDS}
    curriculum, _ = Curriculum.objects.update_or_create(
        code=document.code, defaults={**fields, "position": position}
    )
    Theme.objects.bulk_create(
        [
            Theme(curriculum=curriculum, number=n, title=title)
            for n, title in document.themes.items()
        ],
        update_conflicts=True,
        unique_fields=["curriculum", "number"],
        update_fields=["title"],
    )
    loaded = _load_goals(curriculum, document)
    curriculum.themes.exclude(number__in=document.themes).delete()
    return loaded


_CURRICULUM_FIELDS = (
    "title", "kind", "standing", "in_force_from", "repealed_from", "source", "note",
    "levels_source", "checksum",
)  # fmt: skip


def _load_goals(curriculum: Curriculum, document: CurriculumDocument) -> Loaded:
    """Writes only what differs."""
    removed = curriculum.goals.exclude(code__in=[goal.code for goal in document.goals])
    gone = removed.count()
    removed.delete()
    existing = {goal.code: goal for goal in curriculum.goals.prefetch_related("statements")}
    _clear_positions(curriculum, document, existing)
    theme_ids = dict(curriculum.themes.values_list("number", "pk"))
    values = {
        goal.code: {
            **{name: getattr(goal, name) for name in _GOAL_FIELDS},
            "bullets": list(goal.bullets),
            "position": position,
            "theme_id": theme_ids[goal.theme_number],
        }
        for position, goal in enumerate(document.goals, start=1)
    }
    changed = {code for code, row in existing.items() if _update(row, values[code])}
    new = [
        LearningGoal(curriculum=curriculum, code=code, **fields)
        for code, fields in values.items()
        if code not in existing
    ]
    LearningGoal.objects.bulk_create(new)
    changed |= _load_statements(document, existing, {goal.code: goal for goal in new})
    return Loaded(curriculum.code, len(new), len(changed), gone, len(document.goals))


def _update(row: LearningGoal, values: dict) -> bool:
    differs = any(getattr(row, name) != value for name, value in values.items())
    if differs:
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
    return differs


def _load_statements(
    document: CurriculumDocument, existing: dict[str, LearningGoal], new: dict[str, LearningGoal]
) -> set[str]:
    """Returns the codes of existing goals whose statements changed."""
    wanted = {goal.code: [asdict(part) for part in goal.statements] for goal in document.goals}
    changed = {
        code
        for code, row in existing.items()
        if [_plain(part) for part in row.statements.all()] != wanted[code]
    }
    GoalStatement.objects.filter(goal__in=[existing[code] for code in changed]).delete()
    rows = {**new, **{code: existing[code] for code in changed}}
    GoalStatement.objects.bulk_create(
        GoalStatement(goal=row, **part) for code, row in rows.items() for part in wanted[code]
    )
    return changed


def _clear_positions(
    curriculum: Curriculum, document: CurriculumDocument, existing: dict[str, LearningGoal]
) -> None:
    """Two goals can only change places when the places are free (unique in the database)."""
    moved = any(
        goal.code in existing and existing[goal.code].position != position
        for position, goal in enumerate(document.goals, start=1)
    )
    if moved:
        curriculum.goals.update(position=F("position") + _OUT_OF_THE_WAY)
        for goal in existing.values():
            goal.position += _OUT_OF_THE_WAY


_GOAL_FIELDS = (
    "text", "elaboration", "bullets_belong_to", "keyword", "part", "arena", "required",
    "in_force_from", "note",
)  # fmt: skip


def _plain(statement: GoalStatement) -> dict:
    return {
        field.name: getattr(statement, field.name)
        for field in GoalStatement._meta.concrete_fields
        if field.name not in {"id", "goal"}
    }


def _pathway_refusals(document: PathwayDocument) -> list[str]:
    """A doctor follows the goals of the pathway version they began under."""
    pathways = Pathway.objects.filter(code=document.code, version=document.version)
    list(pathways.select_for_update().values_list("pk"))
    for pathway in pathways.filter(pk__in=referenced_elsewhere(pathways)):
        links = pathway.pathwaycurriculum_set.values_list("curriculum__code", flat=True)
        before = (tuple(links), pathway.decides_goals)
        if before != (document.curricula, document.decides_goals):
            return [
                f"pathways: {document.code} {document.version}: doctors follow it, so its "
                "curricula and decides_goals cannot be changed; it needs a new version"
            ]
    return []


def _course_refusals(courses: dict[str, CourseDocument]) -> list[str]:
    """A module somebody has taken, or that is held on a day, must stay."""
    wanted = {(code, number) for code, course in courses.items() for number, _ in course.modules}
    modules = CourseModule.objects.filter(course__code__in=courses).select_related("course")
    gone = [row for row in modules if (row.course.code, row.number) not in wanted]
    used = referenced_elsewhere(CourseModule.objects.filter(pk__in=[row.pk for row in gone]))
    return [
        f"pathways: {row.course.code}: module {row.number}: is in use and cannot be removed"
        for row in gone
        if row.pk in used
    ]


def _load_courses(documents: Iterable[CourseDocument]) -> None:
    """Courses that are no longer in the files stay too, on no pathway of the files."""
    for document in documents:
        values = asdict(document)
        modules, code = values.pop("modules"), values.pop("code")
        course, _ = Course.objects.update_or_create(code=code, defaults=values)
        _load_rows(course.modules, "number", [{"number": n, "title": t} for n, t in modules])


def _load_pathway(document: PathwayDocument, position: int) -> None:
    values = asdict(document) | {"position": position}
    codes, courses = values.pop("curricula"), values.pop("courses")
    requirements, activities = values.pop("requirements"), values.pop("recommended_activities")
    key = {name: values.pop(name) for name in ("code", "version")}
    pathway, _ = Pathway.objects.update_or_create(**key, defaults=values)
    pathway.pathwaycurriculum_set.exclude(curriculum__code__in=codes).delete()
    curricula = Curriculum.objects.in_bulk(codes, field_name="code")
    for place, code in enumerate(codes, start=1):
        PathwayCurriculum.objects.update_or_create(
            pathway=pathway, curriculum=curricula[code], defaults={"position": place}
        )
    pathway.courses.set(Course.objects.filter(code__in=[course["code"] for course in courses]))
    _load_rows(pathway.requirements, "code", _in_order(requirements))
    _load_rows(pathway.recommended_activities, "code", _in_order(activities))


def _in_order(rows: Iterable[dict]) -> list[dict]:
    return [row | {"position": position} for position, row in enumerate(rows, start=1)]


def _load_rows(manager: models.Manager, key: str, rows: list[dict]) -> None:
    """The rows of one parent become these, each known by `key`; others go."""
    manager.exclude(**{f"{key}__in": [row[key] for row in rows]}).delete()
    for row in rows:
        manager.update_or_create(**{key: row[key]}, defaults=row)


def _load_successions(documents: Iterable[SuccessionDocument]) -> None:
    ids = {
        (curriculum, code): pk
        for pk, curriculum, code in LearningGoal.objects.values_list(
            "pk", "curriculum__code", "code"
        )
    }
    kept = []
    for document in documents:
        row, _ = GoalSuccession.objects.update_or_create(
            old_goal_id=ids[document.old],
            new_goal_id=ids[document.new],
            defaults={
                "official": document.official, "note": document.note, "source": document.source
            },
        )  # fmt: skip
        kept.append(row.pk)
    GoalSuccession.objects.exclude(pk__in=kept).delete()
