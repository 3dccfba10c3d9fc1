"""Ny aktivitet, the list and one activity."""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.urls import reverse
from PIL import Image

from institutions.enums import Role
from pages.dates import long_day
from portfolio import attachments
from portfolio.enums import ActivityKind
from portfolio.models import AssessmentRequest, Attachment, LearningActivity, Reflection
from portfolio.services.activities import (
    attach_file,
    recall_activity,
    return_activity,
    send_activity,
)
from portfolio.services.assessments import sign_assessment
from portfolio.services.logbook import log_activity
from tests.factories import (
    days_ago,
    give_role,
    make_activity,
    make_assessment,
    make_goal,
    make_user,
    make_ward,
    today,
)

pytestmark = pytest.mark.django_db

NEW = reverse("portfolio:activity_new")
AUTOSAVE = reverse("portfolio:activity_autosave")
IDENTITY_NUMBER = (
    "Ta bort fødselsnummeret i «Notat». Skriv ikke noe som kan avsløre hvem pasienten er."
)


@pytest.fixture
def ward():
    return make_ward()


@pytest.fixture
def trainee(client, ward):
    client.force_login(ward.trainee)
    return client


def typed(ward, **changes) -> dict:
    """An ordinary form, as a browser sends it."""
    make_goal()
    form = {
        "key": str(uuid4()),
        "version": "",
        "goals": ["pal-2023/PAL-055"],
        "performed_as": "supervised",
        "starts_on": days_ago(1).isoformat(),
        "ends_on": "",
        "department": str(ward.department.pk),
        "supervisor": str(ward.supervisor.pk),
        "note": "Startet pumpe hjemme.",
        "kind": "supervised_practice",
        "reflection": "",
    }
    return form | changes


def untouched(ward, **changes) -> dict:
    """A new form as it opened, and «Bare lagre»."""
    as_it_opened = {
        "goals": [],
        "performed_as": "",
        "starts_on": today().isoformat(),
        "supervisor": str(ward.guide.pk),
        "note": "",
        "only_save": "1",
    }
    return typed(ward, **as_it_opened) | changes


def errors(response) -> dict:
    return {field: list(messages) for field, messages in response.context["form"].errors.items()}


def picture(name: str = "kursbevis.png") -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (4, 3), "teal").save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue())


# --- The form as it opens ------------------------------------------------------------------------


def test_form_is_filled_in(trainee, ward):
    response = trainee.get(NEW)

    first = response.context["form"].initial
    assert first == {
        "goals": [],
        "starts_on": today(),
        "department": ward.department.pk,
        "supervisor": ward.guide.pk,  # nobody was asked before
        "kind": "supervised_practice",
    }


def test_form_suggests_the_assessor_used_last(trainee, ward):
    make_activity(ward=ward)

    response = trainee.get(NEW)

    assert response.context["form"].initial["supervisor"] == ward.supervisor.pk


def test_form_does_not_suggest_an_assessor_whose_role_has_ended(trainee, ward):
    make_activity(ward=ward)
    ward.supervisor.role_assignments.update(ends_on=days_ago(1))

    response = trainee.get(NEW)

    assert response.context["form"].initial["supervisor"] == ward.guide.pk


def test_goals_logged_last_come_first(trainee, ward):
    for code in ("PAL-001", "PAL-009", "PAL-020", "PAL-041", "PAL-055", "PAL-049"):
        make_goal(code=code)
    make_activity(ward=ward, goals_=[make_goal(code="PAL-041")], starts_on=days_ago(20))
    make_activity(ward=ward, goals_=[make_goal(code="PAL-055")], starts_on=days_ago(2))

    form = trainee.get(NEW).context["form"]

    codes = [one.goal.code for one in form.grid]
    assert codes[:2] == ["PAL-055", "PAL-041"]
    assert len(codes) == 5


def test_goal_in_the_address_is_chosen(trainee, ward):
    make_goal()

    form = trainee.get(NEW, {"mal": "pal-2023/PAL-055"}).context["form"]

    assert [one.value for one in form.grid if one.chosen] == ["pal-2023/PAL-055"]


def test_goal_in_the_address_that_does_not_exist_is_passed_over(trainee, ward):
    form = trainee.get(NEW, {"mal": "pal-2023/PAL-999"}).context["form"]

    assert form.initial["goals"] == []


def test_search_with_htmx_gives_the_list_alone_and_keeps_what_is_ticked(trainee, ward):
    for code in ("PAL-001", "PAL-041", "PAL-055"):
        make_goal(code=code)

    response = trainee.get(
        NEW, {"sok": "sprøytepumper", "goals": ["pal-2023/PAL-041"]}, headers={"HX-Request": "true"}
    )

    page = response.content.decode()
    assert ("<html" in page, "PAL-041" in page, "PAL-055" in page, "PAL-001" in page) == (
        False,
        True,
        True,
        False,
    )


def test_search_without_javascript_keeps_what_is_typed(trainee, ward):
    response = trainee.post(NEW, typed(ward, find="1", sok="finnes ikke", starts_on=""))

    assert response.status_code == 200
    assert response.context["form"]["note"].value() == "Startet pumpe hjemme."
    assert "Ingen mål med «finnes ikke»" in response.content.decode()
    assert not LearningActivity.objects.exists()


# --- Saving --------------------------------------------------------------------------------------


def test_save_and_ask(trainee, ward):
    response = trainee.post(NEW, typed(ward))

    activity = LearningActivity.objects.get()
    assert response.url == reverse("portfolio:activity_detail", args=[activity.pk])
    assert (activity.state, activity.note, activity.supervisor) == (
        "sent",
        "Startet pumpe hjemme.",
        ward.supervisor,
    )
    assert [one.asked_of for one in activity.assessment_requests.all()] == [ward.supervisor]


def test_only_save(trainee, ward):
    trainee.post(NEW, typed(ward, only_save="1", supervisor=""))

    activity = LearningActivity.objects.get()
    assert (activity.state, activity.assessment_requests.count()) == ("draft", 0)


@pytest.mark.parametrize(
    "given",
    [
        {"note": "Familiesam"},
        {"goals": ["pal-2023/PAL-055"]},
        {"performed_as": "observed"},
        {"reflection": "Jeg ble usikker."},
        {"kind": "on_call"},
        {"starts_on": days_ago(1).isoformat()},
    ],
)
@pytest.mark.parametrize("address", [NEW, AUTOSAVE])
def test_half_filled_form_is_kept(trainee, ward, address, given):
    trainee.post(address, untouched(ward, **given))

    assert [one.state for one in LearningActivity.objects.all()] == ["draft"]


def test_only_save_of_a_file_alone(trainee, ward):
    trainee.post(NEW, untouched(ward) | {"attachments": [picture()]})

    assert Attachment.objects.count() == 1


def test_only_save_of_nothing_asks_for_something(trainee, ward):
    response = trainee.post(NEW, untouched(ward))

    assert (response.status_code, errors(response)) == (
        422,
        {"note": ["Skriv et notat eller velg et mål først."]},
    )
    assert not LearningActivity.objects.exists()


def test_stored_draft_can_be_emptied(trainee, ward):
    form = untouched(ward, note="Familiesam")
    version = trainee.post(AUTOSAVE, form).json()["version"]

    response = trainee.post(AUTOSAVE, form | {"version": version, "note": ""})

    assert (response.json(), LearningActivity.objects.get().note) == ({"version": 2}, "")


def test_course_over_a_week_needs_no_how(trainee, ward):
    week = {"starts_on": days_ago(9).isoformat(), "ends_on": days_ago(5).isoformat()}

    trainee.post(NEW, typed(ward, kind="course_module", performed_as="", **week))

    activity = LearningActivity.objects.get()
    assert (activity.kind, activity.starts_on, activity.ends_on) == (
        "course_module",
        days_ago(9),
        days_ago(5),
    )


def test_period_of_one_day_has_no_end(trainee, ward):
    trainee.post(NEW, typed(ward, ends_on=days_ago(1).isoformat()))

    assert LearningActivity.objects.get().ends_on is None


def test_reflection_is_kept_apart(trainee, ward):
    trainee.post(NEW, typed(ward, reflection="Jeg ble usikker."))

    assert Reflection.objects.get().text == "Jeg ble usikker."


def test_extra_fields_change_nothing(trainee, ward):
    other = make_ward()

    trainee.post(
        NEW, typed(ward, state="attested", training=other.training.pk, sent_at="2020-01-01")
    )

    activity = LearningActivity.objects.get()
    assert (activity.training, activity.state) == (ward.training, "sent")


def test_files_are_attached(trainee, ward):
    trainee.post(NEW, typed(ward) | {"attachments": [picture("en.png"), picture("to.png")]})

    # The second is the same picture, and kept once.
    assert list(Attachment.objects.values_list("name", flat=True)) == ["en.png"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"goals": []}, {"goals": ["Velg minst ett læringsmål"]}),
        (
            {"goals": ["pal-2023/PAL-999"]},
            {"goals": ["Målet «PAL-999» finnes ikke. Velg et fra listen."]},
        ),
        ({"goals": ["tull"]}, {"goals": ["Målet «» finnes ikke. Velg et fra listen."]}),
        ({"performed_as": ""}, {"performed_as": ["Velg hvordan du gjorde det"]}),
        ({"starts_on": ""}, {"starts_on": ["Fyll ut «Når»."]}),
        (
            {"starts_on": "31.02.2026"},
            {"starts_on": ["Skriv «Når» som dag.måned.år, for eksempel 19.11.2026."]},
        ),
        (
            {"starts_on": days_ago(-1).isoformat()},
            {"starts_on": ["«Når» er i framtiden. Velg i dag eller en tidligere dag."]},
        ),
        (
            {"ends_on": days_ago(-1).isoformat()},
            {"ends_on": ["«Til og med» er i framtiden. Velg i dag eller en tidligere dag."]},
        ),
        (
            {"ends_on": days_ago(5).isoformat()},
            {"ends_on": ["«Til og med» er før «Når». Rett en av dem."]},
        ),
        ({"supervisor": ""}, {"supervisor": ["Velg hvem som skal vurdere."]}),
        ({"note": "Pasienten, 010101 12377, sov."}, {"note": [IDENTITY_NUMBER]}),
        (
            {"reflection": "Tenker på 01010112377"},
            {
                "reflection": [
                    "Ta bort fødselsnummeret i «Privat refleksjon». "
                    "Skriv ikke noe som kan avsløre hvem pasienten er."
                ]
            },
        ),
        (
            {"note": "x" * 2001},
            {"note": ["Kort ned «Notat» til 2000 tegn. Nå er det 2001."]},
        ),
    ],
)
def test_refused_form_names_the_field_and_keeps_everything(trainee, ward, changes, expected):
    form = typed(ward, **changes)

    response = trainee.post(NEW, form)

    kept = {name: response.context["form"][name].value() for name in form}
    assert (response.status_code, errors(response)) == (422, expected)
    assert kept == form
    assert not LearningActivity.objects.exists()


def test_day_before_authorisation_is_refused(trainee, ward):
    response = trainee.post(NEW, typed(ward, starts_on="1026-11-19"))

    day = long_day(ward.training.authorised_on)
    assert errors(response) == {
        "starts_on": [f"«Når» er før autorisasjonen din ({day}). Rett året."]
    }


def test_goal_of_another_curriculum_is_refused(trainee, ward):
    make_goal(code="LM-56")

    response = trainee.post(NEW, typed(ward, goals=["fkm-2017/LM-56"]))

    assert errors(response) == {
        "goals": ["LM-56: Målet hører til et annet utdanningsløp. Velg et av dine."]
    }


def test_assessor_without_a_role_today_is_refused(trainee, ward):
    ward.supervisor.role_assignments.update(ends_on=days_ago(1))

    response = trainee.post(NEW, typed(ward))

    assert errors(response) == {
        "supervisor": ["Personen er ikke supervisør eller veileder nå. Velg en annen."]
    }


def test_oneself_is_never_offered(trainee, ward):
    give_role(user=ward.trainee, role=Role.CLINICAL_SUPERVISOR, department=ward.department)

    response = trainee.post(NEW, typed(ward, supervisor=str(ward.trainee.pk)))

    assert errors(response) == {
        "supervisor": ["Personen er ikke supervisør eller veileder nå. Velg en annen."]
    }


def test_errors_come_in_the_order_of_the_page(trainee, ward):
    response = trainee.post(NEW, typed(ward, goals=[], performed_as="", note="01010112377"))

    assert list(errors(response)) == ["goals", "performed_as", "note"]
    assert "Rett opp 3 feil for å lagre" in response.content.decode()
    assert "<title>Feil: Ny aktivitet" in response.content.decode()


@pytest.mark.parametrize(
    ("upload", "message"),
    [
        (
            SimpleUploadedFile("video.gif", b"GIF89a"),
            "«video.gif» har feil filtype. Bruk PDF, PNG eller JPEG.",
        ),
        (
            SimpleUploadedFile("stor.pdf", b"%PDF-1.7" + b"\0" * attachments.MAX_BYTES),
            "«stor.pdf» er for stor. Grensen er 10 MB.",
        ),
        (SimpleUploadedFile("tom.pdf", b""), "Filen under «Vedlegg» er tom. Velg en annen."),
        (
            picture("01010112377.png"),
            "Gi filen et navn uten fødselsnummer, og last den opp på nytt.",
        ),
    ],
)
def test_refused_file_saves_nothing_and_says_that_files_are_chosen_again(
    trainee, ward, upload, message, settings
):
    before = stored_files(settings)

    response = trainee.post(NEW, typed(ward) | {"attachments": [picture(), upload]})

    assert (response.status_code, errors(response)) == (422, {"attachments": [message]})
    assert "Velg vedleggene på nytt" in response.content.decode()
    assert (LearningActivity.objects.count(), stored_files(settings)) == (0, before)


def test_eleven_files_are_too_many(trainee, ward):
    files = [picture(f"{number}.png") for number in range(11)]

    response = trainee.post(NEW, typed(ward) | {"attachments": files})

    assert errors(response) == {"attachments": ["Velg høyst ti filer under «Vedlegg»."]}


def stored_files(settings) -> set:
    return set(settings.PRIVATE_ROOT.glob("attachments/*"))


# --- Twice, and from two tabs --------------------------------------------------------------------


def test_same_form_twice_is_one_activity(trainee, ward):
    form = typed(ward)

    first = trainee.post(NEW, form)
    second = trainee.post(NEW, form)

    assert (first.url, LearningActivity.objects.count()) == (second.url, 1)


def test_form_sent_again_with_other_words_is_refused_with_the_words_kept(trainee, ward):
    form = typed(ward)
    trainee.post(NEW, form)

    response = trainee.post(NEW, form | {"note": "Noe annet."})

    assert response.status_code == 409
    assert response.context["form"]["note"].value() == "Noe annet."
    assert errors(response) == {
        "__all__": ["Aktiviteten er sendt. Trekk den tilbake for å endre den."]
    }


def test_stale_tab_is_told_and_keeps_its_text(trainee, ward):
    activity = make_activity(ward=ward)
    address = reverse("portfolio:activity_edit", args=[activity.pk])
    form = typed(ward, key=str(activity.key), version="1", only_save="1")
    trainee.post(address, form | {"note": "Fra den ene fanen."})

    response = trainee.post(address, form | {"note": "Fra den andre fanen."})

    assert response.status_code == 409
    assert response.context["form"]["note"].value() == "Fra den andre fanen."
    assert response.context["form"]["version"].value() == "2"
    assert LearningActivity.objects.get().note == "Fra den ene fanen."


def test_stale_tab_is_told_before_it_is_told_what_is_missing(trainee, ward):
    activity = make_activity(ward=ward)
    address = reverse("portfolio:activity_edit", args=[activity.pk])
    form = typed(ward, key=str(activity.key), version="1")
    trainee.post(address, form | {"only_save": "1"})

    response = trainee.post(address, form | {"goals": [], "performed_as": ""})

    assert (response.status_code, list(errors(response))) == (409, ["__all__"])
    assert response.context["form"]["version"].value() == "2"


def test_stale_tab_can_save_on_top_knowingly(trainee, ward):
    activity = make_activity(ward=ward)
    address = reverse("portfolio:activity_edit", args=[activity.pk])
    form = typed(ward, key=str(activity.key), version="1", only_save="1")
    trainee.post(address, form)

    trainee.post(address, form | {"note": "Fra den andre fanen.", "version": "2"})

    assert LearningActivity.objects.get().note == "Fra den andre fanen."


# --- Autosave ------------------------------------------------------------------------------------


def test_autosave_keeps_a_half_written_form_and_gives_its_version(trainee, ward):
    form = typed(ward, goals=[], performed_as="", supervisor="", note="Familiesam")

    answers = [trainee.post(AUTOSAVE, form).json()]
    form |= {"version": answers[0]["version"], "note": "Familiesamtale"}
    answers.append(trainee.post(AUTOSAVE, form).json())

    activity = LearningActivity.objects.get()
    assert answers == [{"version": 1}, {"version": 2}]
    assert (activity.note, activity.state) == ("Familiesamtale", "draft")


def test_autosave_of_what_is_only_searched_for_makes_no_row(trainee, ward):
    response = trainee.post(AUTOSAVE, untouched(ward, sok="pumpe"))

    assert (response.status_code, response.json()) == (200, {})
    assert not LearningActivity.objects.exists()


def test_browser_restores_no_tick_by_its_place(trainee, ward):
    make_goal()

    page = trainee.get(NEW).content.decode()

    ticks = re.findall('<input[^>]*type="checkbox"[^>]*name="goals"[^>]*>', page)
    form = re.search("<form[^>]*data-autosave[^>]*>", page)[0]
    assert ticks
    assert all('autocomplete="off"' in one for one in [form, *ticks])


def test_autosave_never_stores_an_identity_number(trainee, ward):
    form = typed(ward)
    trainee.post(AUTOSAVE, form)

    response = trainee.post(AUTOSAVE, form | {"version": "1", "note": "Fnr 01010112377"})

    assert (response.status_code, response.json()) == (422, {"message": IDENTITY_NUMBER})
    assert LearningActivity.objects.get().note == "Startet pumpe hjemme."


def test_autosave_from_a_stale_tab_changes_nothing(trainee, ward):
    form = typed(ward)
    trainee.post(AUTOSAVE, form)
    trainee.post(AUTOSAVE, form | {"version": "1", "note": "Nyere"})

    response = trainee.post(AUTOSAVE, form | {"version": "1", "note": "Eldre"})

    assert (response.status_code, LearningActivity.objects.get().note) == (409, "Nyere")
    assert response.json() == {
        "message": "Endret i en annen fane. Last siden på nytt for å se det nyeste."
    }


def test_autosave_of_what_is_sent_changes_nothing(trainee, ward):
    form = typed(ward)
    trainee.post(NEW, form)

    response = trainee.post(AUTOSAVE, form | {"note": "For sent"})

    assert (response.status_code, LearningActivity.objects.get().note) == (
        409,
        "Startet pumpe hjemme.",
    )


def test_autosave_then_send_is_one_activity(trainee, ward):
    form = typed(ward)
    version = trainee.post(AUTOSAVE, form).json()["version"]

    trainee.post(NEW, form | {"version": version})

    assert [one.state for one in LearningActivity.objects.all()] == ["sent"]


def test_somebody_elses_key_makes_an_activity_of_ones_own_impossible(trainee, ward):
    other = make_ward()
    theirs = make_activity(ward=other)

    response = trainee.post(NEW, typed(ward, key=str(theirs.key)))

    theirs.refresh_from_db()
    assert (response.status_code, theirs.note, theirs.training) == (
        403,
        "Familiesamtale om overgang til lindring.",
        other.training,
    )


@pytest.mark.django_db(transaction=True)
def test_same_form_many_times_at_once_is_one_activity(ward):
    content = {
        "kind": "supervised_practice",
        "starts_on": today(),
        "ends_on": None,
        "department": ward.department,
        "goals": [make_goal()],
        "performed_as": "supervised",
        "note": "Dobbeltklikk.",
        "reflection": "",
        "supervisor": ward.supervisor,
    }
    key = uuid4()

    def submit(_):
        try:
            return log_activity(
                training=ward.training, by=ward.trainee, key=key, send=True, **content
            ).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        made = set(threads.map(submit, range(24)))

    assert made == set(LearningActivity.objects.values_list("pk", flat=True))
    assert AssessmentRequest.objects.count() == 1


# --- One activity --------------------------------------------------------------------------------


def detail(activity) -> str:
    return reverse("portfolio:activity_detail", args=[activity.pk])


def test_detail_shows_what_the_assessor_said(trainee, ward):
    activity = make_activity(ward=ward, sent=True)
    sign_assessment(
        activity.assessment_requests.get(),
        by=ward.supervisor,
        levels={1: 2},
        feedback="Trygg og klar.",
        recommends=True,
        key=uuid4(),
    )

    page = trainee.get(detail(activity)).content.decode()

    for text in ("Bekreftet", "«Trygg og klar.»", "Supervisør Hilde Demo Vik", "Anbefaler"):
        assert text in page


@pytest.mark.parametrize(
    "person", ["guide", "supervisor", "head", "education_lead", "program_leader"]
)
def test_others_see_the_activity_without_reflection_and_actions(client, ward, person):
    activity = make_activity(ward=ward, sent=True, reflection="Jeg ble usikker.")
    client.force_login(getattr(ward, person))

    page = client.get(detail(activity)).content.decode()

    assert "Familiesamtale om overgang til lindring" in page
    for text in ("Jeg ble usikker.", "Trekk tilbake", "Påminn", "Slett"):
        assert text not in page


@pytest.mark.parametrize(
    ("person", "told"), [("supervisor", True), ("guide", True), ("head", False)]
)
def test_head_sees_that_there_was_guidance_and_not_what_was_said(client, ward, person, told):
    activity = make_activity(ward=ward, kind=ActivityKind.GUIDANCE, note="Om arbeidspress.")
    attachment = attach_file(activity, by=ward.trainee, upload=picture())
    send_activity(activity, by=ward.trainee)
    signed = sign_assessment(
        activity.assessment_requests.get(),
        by=ward.supervisor,
        levels={1: 2},
        feedback="",
        recommends=False,
        key=uuid4(),
    )
    client.force_login(getattr(ward, person))

    page = client.get(detail(activity)).content.decode()
    record = client.get(reverse("portfolio:assessment_detail", args=[signed.pk])).content.decode()
    download = client.get(reverse("portfolio:attachment_download", args=[attachment.pk]))

    assert "Veiledning" in page
    assert ["Om arbeidspress" in page, "Om arbeidspress" in record] == [told, told]
    assert download.status_code == (200 if told else 404)
    b"".join(download)  # so that the file is closed


@pytest.mark.parametrize("person", ["admin", "outsider"])
def test_activity_is_not_there_for_strangers(client, ward, person):
    activity = make_activity(ward=ward, sent=True)
    client.force_login(getattr(ward, person))

    assert client.get(detail(activity)).status_code == 404


@pytest.mark.parametrize("person", ["guide", "supervisor", "head"])
def test_draft_is_the_trainees_alone(client, ward, person):
    activity = make_activity(ward=ward)
    client.force_login(getattr(ward, person))

    assert client.get(detail(activity)).status_code == 404


def test_recall(trainee, ward):
    activity = make_activity(ward=ward, sent=True)

    trainee.post(reverse("portfolio:activity_recall", args=[activity.pk]))

    activity.refresh_from_db()
    assert activity.state == "draft"


def test_recall_of_what_is_answered_says_so(trainee, ward):
    activity = make_activity(ward=ward)

    response = trainee.post(reverse("portfolio:activity_recall", args=[activity.pk]), follow=True)

    assert "Den kan ikke trekkes tilbake" in response.content.decode()


@pytest.mark.parametrize("name", ["activity_recall", "activity_delete"])
def test_others_may_not_act(client, ward, name):
    activity = make_activity(ward=ward, sent=True)
    client.force_login(ward.guide)

    assert client.post(reverse(f"portfolio:{name}", args=[activity.pk])).status_code == 403


def test_others_may_not_edit(client, ward):
    activity = make_activity(ward=ward, sent=True)
    client.force_login(ward.guide)
    address = reverse("portfolio:activity_edit", args=[activity.pk])

    assert (client.get(address).status_code, client.post(address).status_code) == (403, 403)


def test_sent_activity_is_not_opened_for_editing(trainee, ward):
    activity = make_activity(ward=ward, sent=True)

    response = trainee.get(reverse("portfolio:activity_edit", args=[activity.pk]))

    assert response.status_code == 403


def test_draft_is_deleted(trainee, ward):
    activity = make_activity(ward=ward)

    response = trainee.post(reverse("portfolio:activity_delete", args=[activity.pk]))

    assert (response.url, LearningActivity.objects.count()) == (
        reverse("portfolio:activity_list"),
        0,
    )


@pytest.mark.parametrize(("sent", "offered"), [(False, True), (True, False)])
def test_draft_can_be_deleted_where_it_is_edited(trainee, ward, sent, offered):
    activity = make_activity(ward=ward, sent=sent)
    if sent:
        recall_activity(activity, by=ward.trainee)
    address = reverse("portfolio:activity_edit", args=[activity.pk])

    page = trainee.get(address).content.decode()

    delete = reverse("portfolio:activity_delete", args=[activity.pk])
    assert ("Slett kladden" in page, f'action="{delete}"' in page) == (offered, offered)


def test_what_was_sent_is_never_deleted(trainee, ward):
    activity = recall_activity(make_activity(ward=ward, sent=True), by=ward.trainee)

    response = trainee.post(reverse("portfolio:activity_delete", args=[activity.pk]))

    assert (response.status_code, LearningActivity.objects.count()) == (403, 1)


def test_returned_activity_says_why(trainee, ward):
    activity = make_activity(ward=ward, sent=True)
    return_activity(
        activity, by=ward.supervisor, reason="needs_change", comment="Skriv hva du selv gjorde."
    )

    page = trainee.get(detail(activity)).content.decode()

    assert "Hilde Demo Vik sendte den tilbake." in page
    assert "«Skriv hva du selv gjorde.»" in page
    assert "Endre og send på nytt" in page


def test_edit_form_holds_what_is_stored(trainee, ward):
    activity = make_activity(ward=ward, reflection="Min tanke.")

    form = trainee.get(reverse("portfolio:activity_edit", args=[activity.pk])).context["form"]

    assert (form["note"].value(), form["reflection"].value(), form["version"].value()) == (
        activity.note,
        "Min tanke.",
        1,
    )
    assert [one.value for one in form.grid if one.chosen] == ["pal-2023/PAL-055"]


# --- Attachments ---------------------------------------------------------------------------------


@pytest.fixture
def attachment(ward):
    activity = make_activity(ward=ward)
    return attach_file(activity, by=ward.trainee, upload=picture())


def test_attachment_is_a_download_that_runs_nothing(trainee, attachment):
    response = trainee.get(reverse("portfolio:attachment_download", args=[attachment.pk]))

    assert {
        name: response.headers[name]
        for name in (
            "Content-Disposition",
            "Content-Type",
            "X-Content-Type-Options",
            "Content-Security-Policy",
            "Cache-Control",
        )
    } == {
        "Content-Disposition": 'attachment; filename="kursbevis.png"',
        "Content-Type": "image/png",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
    }
    assert b"".join(response.streaming_content).startswith(b"\x89PNG")


@pytest.mark.parametrize("person", ["guide", "supervisor", "head", "admin", "outsider"])
def test_attachment_of_a_draft_is_the_trainees_alone(client, ward, attachment, person):
    client.force_login(getattr(ward, person))

    address = reverse("portfolio:attachment_download", args=[attachment.pk])

    assert client.get(address).status_code == 404


def test_attachment_follows_the_activity(client, ward, attachment):
    send_activity(attachment.activity, by=ward.trainee)
    address = reverse("portfolio:attachment_download", args=[attachment.pk])

    seen = {}
    for person in ("supervisor", "guide", "outsider"):
        client.force_login(getattr(ward, person))
        response = client.get(address)
        seen[person] = response.status_code
        b"".join(response)  # so that the file is closed

    assert seen == {"supervisor": 200, "guide": 200, "outsider": 404}


@pytest.mark.parametrize("name", ["attachment_remove", "activity_delete"])
def test_removed_attachment_leaves_no_file(
    trainee, attachment, name, django_capture_on_commit_callbacks
):
    file = attachment.file
    pk = attachment.pk if name == "attachment_remove" else attachment.activity_id
    existed = file.storage.exists(file.name)

    with django_capture_on_commit_callbacks(execute=True):
        trainee.post(reverse(f"portfolio:{name}", args=[pk]))

    assert not Attachment.objects.exists()
    assert (existed, file.storage.exists(file.name)) == (True, False)


def test_others_may_not_remove_an_attachment(client, ward, attachment):
    send_activity(attachment.activity, by=ward.trainee)
    client.force_login(ward.guide)

    response = client.post(reverse("portfolio:attachment_remove", args=[attachment.pk]))

    assert (response.status_code, Attachment.objects.count()) == (403, 1)


# --- The list ------------------------------------------------------------------------------------


def test_list_is_filtered_by_state(trainee, ward):
    make_activity(ward=ward, note="En kladd.")
    make_activity(ward=ward, note="En sendt.", sent=True)

    page = trainee.get(reverse("portfolio:activity_list"), {"status": "sent"}).content.decode()

    assert ("En sendt" in page, "En kladd" in page) == (True, False)


def test_list_holds_nobody_elses(trainee, ward):
    make_activity(ward=make_ward(), note="Andres sak.")

    assert "Andres sak" not in trainee.get(reverse("portfolio:activity_list")).content.decode()


@pytest.mark.parametrize("name", ["activity_list", "activity_new"])
def test_one_without_training_has_no_such_page(client, name):
    client.force_login(make_user())

    assert client.get(reverse(f"portfolio:{name}")).status_code == 404


# --- Queries -------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_list(trainee, ward, django_assert_num_queries, count):
    for _ in range(count):
        make_activity(ward=ward)
    trainee.get(reverse("portfolio:activity_list"))

    with django_assert_num_queries(6):
        trainee.get(reverse("portfolio:activity_list"))


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_a_new_form(trainee, ward, django_assert_num_queries, count):
    for code in ("PAL-055", "PAL-020", "PAL-041")[:count]:
        make_activity(ward=ward, goals_=[make_goal(code=code)])
    trainee.get(NEW)

    with django_assert_num_queries(9):
        trainee.get(NEW)


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_one_activity(trainee, ward, django_assert_num_queries, count):
    goals = [make_goal(code=code) for code in ("PAL-055", "PAL-020", "PAL-041")[:count]]
    activity = make_activity(ward=ward, goals_=goals, sent=True)
    make_assessment(ward=ward)
    trainee.get(detail(activity))

    with django_assert_num_queries(9):
        trainee.get(detail(activity))


@pytest.mark.parametrize("person", ["guide", "head", "program_leader"])
def test_queries_of_one_activity_that_others_open(client, ward, django_assert_num_queries, person):
    activity = make_activity(ward=ward, sent=True)
    client.force_login(getattr(ward, person))
    client.get(detail(activity))

    with django_assert_num_queries(10):
        client.get(detail(activity))


def test_queries_of_the_edit_form(trainee, ward, django_assert_num_queries):
    activity = make_activity(ward=ward)
    address = reverse("portfolio:activity_edit", args=[activity.pk])
    trainee.get(address)

    with django_assert_num_queries(10):
        trainee.get(address)
