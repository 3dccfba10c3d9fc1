"""What a doctor brings along is entered in one sitting: all of it, or nothing."""

import datetime as dt
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage

from portfolio.enums import DocumentKind, PostKind, ServiceKind, Verb
from portfolio.models import Document, Event, Placement
from portfolio.services import kept_files
from portfolio.services.earlier import (
    EarlierCompetence,
    EarlierService,
    SomeRefused,
    add_earlier,
)
from tests.factories import days_ago, make_department, make_ward
from tests.portfolio.originals import make_cited_goal, make_course, upload, with_an_empty_page
from tests.portfolio.test_scans import locked

pytestmark = pytest.mark.django_db

WRONG = ("Velg filen på nytt. Den er ikke tatt vare på lenger.",)


@pytest.fixture
def ward():
    return make_ward()


def service(**fields) -> EarlierService:
    facts = {
        "key": uuid4(),
        "department": None,
        "place_name": "Karolinska, Stockholm",
        "service_kind": ServiceKind.ABROAD,
        "specialty": "",
        "post_kind": PostKind.EMPLOYED,
        "percent": 100,
        "starts_on": days_ago(1900),
        "ends_on": days_ago(1700),
    }
    return EarlierService(**facts | fields)


def competence(*, kept: str, **fields) -> EarlierCompetence:
    facts = {
        "key": uuid4(),
        "kind": DocumentKind.SPECIALIST_APPROVAL,
        "title": "Spesialistgodkjenning, Geriatri",
        "specialty": "Geriatri",
    }
    return EarlierCompetence(kept=kept, **facts | fields)


def add(ward, *, services=(), competences=()) -> list[Document]:
    return add_earlier(
        training=ward.training, by=ward.trainee, services=services, competences=competences
    )


def files(folder: str) -> list[str]:
    return default_storage.listdir(folder)[1] if default_storage.exists(folder) else []


# --- In one sitting ------------------------------------------------------------------------------


def test_everything_is_entered_at_once(ward, django_capture_on_commit_callbacks):
    module, goal = make_course(pathway=ward.training.pathway)[0], make_cited_goal()
    department = make_department()
    tokens = [kept_files.keep(upload(), owner=ward.trainee) for _ in range(4)]

    with django_capture_on_commit_callbacks(execute=True):
        made = add(
            ward,
            services=[
                service(kept=tokens[0]),
                service(
                    department=department,
                    place_name="",
                    service_kind=ServiceKind.PART_1,
                    starts_on=days_ago(1699),
                    ends_on=days_ago(1400),
                ),
            ],
            competences=[
                competence(kept=tokens[1]),
                competence(
                    kept=tokens[2],
                    kind=DocumentKind.COURSE_CERTIFICATE,
                    title="Kursbevis, Modul 1",
                    specialty="",
                    module=module,
                ),
                competence(
                    kept=tokens[3],
                    kind=DocumentKind.OTHER_GOAL,
                    title="GER-054, Geriatri",
                    specialty="",
                    cited_goal=goal,
                ),
            ],
        )

    abroad = Placement.objects.get(place_name="Karolinska, Stockholm")
    assert Placement.objects.filter(department=department, service_kind="part_1").exists()
    assert [(one.kind, one.placement, one.module, one.cited_goal) for one in made] == [
        (DocumentKind.SERVICE_ATTESTATION, abroad, None, None),
        (DocumentKind.SPECIALIST_APPROVAL, None, None, None),
        (DocumentKind.COURSE_CERTIFICATE, None, module, None),
        (DocumentKind.OTHER_GOAL, None, None, goal),
    ]
    assert [kept_files.name_of(token, owner=ward.trainee) for token in tokens] == [""] * 4


def test_each_row_is_remembered_by_the_ledger(ward):
    token = kept_files.keep(upload(), owner=ward.trainee)

    add(ward, services=[service(kept=token)])

    assert list(Event.objects.values_list("verb", flat=True)) == [
        Verb.PLACEMENT_ADDED,
        Verb.DOCUMENT_ADDED,
    ]


def test_faults_of_a_scan_do_not_refuse(ward):
    token = kept_files.keep(upload(with_an_empty_page()), owner=ward.trainee)

    (made,) = add(ward, competences=[competence(kept=token)])

    assert made.scan_faults == [{"fault": "blank_pages", "pages": [2]}]


def test_same_sitting_twice_is_entered_once(ward, django_capture_on_commit_callbacks):
    tokens = [kept_files.keep(upload(), owner=ward.trainee) for _ in range(2)]
    rows = {
        "services": [service(kept=tokens[0])],
        "competences": [competence(kept=tokens[1])],
    }

    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            add(ward, **rows)

    assert (Placement.objects.count(), Document.objects.count()) == (2, 2)  # one is the ward's


# --- All or nothing ------------------------------------------------------------------------------


def test_one_row_that_fails_leaves_nothing_and_every_reason_is_told(ward):
    good = kept_files.keep(upload(), owner=ward.trainee)
    before = files("documents")
    too_much = service(starts_on=days_ago(1800), ends_on=days_ago(1750))
    without_file = competence(kept="gone")

    with pytest.raises(SomeRefused) as refused:
        add(
            ward,
            services=[service(kept=good), too_much],
            competences=[competence(kept=good), without_file],
        )

    assert refused.value.rows == {
        too_much.key: ("Tjenestene overlapper til mer enn 100 %. Endre prosenten eller datoene.",),
        without_file.key: WRONG,
    }
    assert (Placement.objects.count(), Document.objects.count(), files("documents")) == (
        1,  # the ward's own
        0,
        before,
    )
    assert kept_files.name_of(good, owner=ward.trainee) == "bevis.pdf"


def test_rows_without_fault_are_entered(ward):
    """The control of the test above."""
    tokens = [kept_files.keep(upload(), owner=ward.trainee) for _ in range(2)]

    add(ward, services=[service(kept=tokens[0])], competences=[competence(kept=tokens[1])])

    assert (Placement.objects.count(), Document.objects.count()) == (2, 2)


@pytest.mark.parametrize("person", ["head", "guide", "admin", "outsider"])
def test_only_the_trainee_enters(ward, person):
    with pytest.raises(PermissionDenied):
        add_earlier(
            training=ward.training, by=getattr(ward, person), services=[service()], competences=[]
        )


# --- Files that wait -----------------------------------------------------------------------------


def test_kept_file_is_its_owners_alone(ward):
    token = kept_files.keep(upload(), owner=ward.trainee)

    assert kept_files.name_of(token, owner=ward.trainee) == "bevis.pdf"
    assert kept_files.name_of(token, owner=ward.head) == ""
    with pytest.raises(ValidationError), kept_files.reopened(token, owner=ward.head):
        pass


def test_token_that_was_tampered_with_opens_nothing(ward):
    token = kept_files.keep(upload(), owner=ward.trainee)

    assert kept_files.name_of(token[:-1] + "x", owner=ward.trainee) == ""


def test_owner_keeps_so_much_at_a_time(ward, monkeypatch):
    monkeypatch.setattr(kept_files, "MAX_BYTES", 3 * len(upload().read()) // 2)
    token = kept_files.keep(upload(), owner=ward.trainee)

    with pytest.raises(ValidationError) as refused:
        kept_files.keep(upload(), owner=ward.trainee)
    kept_files.keep(upload(), owner=ward.head)  # has room of their own

    assert refused.value.messages == [
        "Det er ikke plass til flere filer før du lagrer. Lagre det du har fylt ut, "
        "og legg til resten etterpå. Filer som ikke lagres, slettes etter et døgn."
    ]
    kept_files.forget(token, owner=ward.trainee)
    assert kept_files.keep(upload(), owner=ward.trainee)


def test_harmful_file_is_not_kept(ward):
    before = files(f"kept/{ward.trainee.pk}")

    with pytest.raises(ValidationError) as refused:
        kept_files.keep(upload(locked("secret")), owner=ward.trainee)

    assert refused.value.messages == ["«bevis.pdf» er låst med passord. Last opp en åpen utgave."]
    assert files(f"kept/{ward.trainee.pk}") == before


def test_file_that_nobody_came_back_for_goes_after_a_day(ward):
    token = kept_files.keep(upload(), owner=ward.trainee)
    kept_files.keep(upload(), owner=ward.trainee)
    assert kept_files.name_of(token, owner=ward.trainee) == "bevis.pdf"

    with time_machine.travel(dt.datetime.now(tz=dt.UTC) + dt.timedelta(hours=25)):
        assert kept_files.name_of(token, owner=ward.trainee) == ""
        kept_files.keep(upload(), owner=ward.head)

    assert kept_files.name_of(token, owner=ward.trainee) == ""
