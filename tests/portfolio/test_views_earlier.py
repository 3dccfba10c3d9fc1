"""Tidligere tjeneste og kompetanse: rows that come and go, and keep what is typed."""

import pytest
from django.urls import reverse

from portfolio.enums import DocumentKind
from portfolio.forms.earlier import MAX_ROWS
from portfolio.models import Document, Placement
from tests.factories import days_ago, make_department, make_training, make_user
from tests.portfolio.originals import make_cited_goal, make_course, upload, with_an_empty_page
from tests.portfolio.test_scans import locked
from tests.portfolio.visits import as_, url

pytestmark = pytest.mark.django_db

PAGE = reverse("portfolio:earlier")
SECTIONS = ("services", "modules", "approvals", "goals")
BLANK_SERVICE = {
    "department": "",
    "place_name": "",
    "service_kind": "own",
    "specialty": "",
    "post_kind": "employed",
    "percent": "100",
    "starts_on": "",
    "ends_on": "",
    "kept": "",
}


@pytest.fixture
def training():
    return make_training()


@pytest.fixture
def trainee(training):
    return as_(training.trainee)


def service(**fields) -> dict:
    """As the browser posts a row: with all that stands in it."""
    begun = {
        "place_name": "Karolinska, Stockholm",
        "service_kind": "abroad",
        "starts_on": days_ago(900).isoformat(),
        "ends_on": days_ago(600).isoformat(),
    }
    return BLANK_SERVICE | begun | fields


def approval(**fields) -> dict:
    begun = {"kind": "specialist_approval", "specialty": "Onkologi", "issued_on": "", "issuer": ""}
    return begun | {"kept": ""} | fields


def typed(press: dict | None = None, **sections) -> dict:
    form = {}
    for name in SECTIONS:
        rows = sections.get(name, [BLANK_SERVICE] if name == "services" else [{}])
        form |= {f"{name}-TOTAL_FORMS": len(rows), f"{name}-INITIAL_FORMS": 0}
        for place, row in enumerate(rows):
            form |= {f"{name}-{place}-{field}": value for field, value in row.items()}
    return form | (press or {})


def errors(response) -> dict:
    """By section and row."""
    return {
        f"{name}-{place}-{field}": list(messages)
        for name in SECTIONS
        for place, row in enumerate(response.context[name].forms)
        for field, messages in row.errors.items()
    }


def shown(response, name: str) -> list[dict]:
    return [
        {field: row[field].value() for field in row.fields if row[field].value()}
        for row in response.context[name].forms
    ]


def typed_of(rows: list[dict]) -> list[dict]:
    return [{name: row[name] for name in row if name not in ("key", "kept")} for row in rows]


# --- Saving --------------------------------------------------------------------------------------


def test_page_begins_with_one_blank_row_of_each(trainee):
    response = trainee.get(PAGE)

    assert [len(response.context[name].forms) for name in SECTIONS] == [1, 1, 1, 1]
    assert [response.context[name].is_begun for name in SECTIONS] == [False] * 4


def test_everything_is_saved_from_one_form(trainee, training):
    module, goal = make_course(pathway=training.pathway)[0], make_cited_goal()
    department = make_department()
    form = typed(
        services=[
            service(file=upload()),
            service(
                place_name="",
                department=str(department.pk),
                service_kind="part_1",
                starts_on=days_ago(1900).isoformat(),
                ends_on=days_ago(1500).isoformat(),
            ),
        ],
        modules=[{"module": str(module.pk), "title": "", "file": upload()}],
        approvals=[approval(file=upload())],
        goals=[{"cited_goal": str(goal.pk), "file": upload()}],
    )
    form = {name: value for name, value in form.items() if name.rpartition("-")[2] != "kept"}

    response = trainee.post(PAGE, form)

    assert (response.status_code, response.url) == (302, PAGE)
    places = Placement.objects.order_by("starts_on")
    assert [(one.place, one.service_kind) for one in places] == [
        (str(department), "part_1"),
        ("Karolinska, Stockholm", "abroad"),
    ]
    documents = Document.objects.order_by("pk").values_list("kind", "title", "specialty")
    assert list(documents) == [
        ("service_attestation", "Tjenestebekreftelse", ""),
        ("course_certificate", "Kursbevis, Modul 1", ""),
        ("specialist_approval", "Spesialistgodkjenning, Onkologi", "Onkologi"),
        ("other_goal", "GER-054, Geriatri", ""),
    ]


def test_what_is_entered_stands_on_the_page_as_given_by_the_doctor(trainee):
    form = typed(services=[service(file=upload(with_an_empty_page()))])

    page = trainee.post(PAGE, form, follow=True).content.decode()

    assert "Karolinska, Stockholm" in page
    assert "Oppgitt av deg" in page
    assert "Side 2: Filen har tomme sider." in page


def test_service_without_an_original_leads_to_uploading_it(trainee):
    page = trainee.post(PAGE, typed(services=[service()]), follow=True).content.decode()

    placement = Placement.objects.get()
    new = url("document_new")
    assert f"{new}?slag=service_attestation&amp;gjelder=placement:{placement.pk}" in page


def test_untouched_rows_are_not_saved(trainee):
    form = typed(services=[BLANK_SERVICE, service(), BLANK_SERVICE])

    trainee.post(PAGE, form)

    assert [one.place_name for one in Placement.objects.all()] == ["Karolinska, Stockholm"]


def test_nothing_filled_in_is_told(trainee):
    response = trainee.post(PAGE, typed())

    assert (response.status_code, "Fyll ut minst én rad først." in response.content.decode()) == (
        422,
        True,
    )


def test_form_without_counts_is_taken_for_blank(trainee):
    assert trainee.post(PAGE, {}).status_code == 422


def test_advance_approval_names_its_place(trainee):
    row = approval(kind="advance_approval", specialty="Demo sykehjem", file=upload())

    trainee.post(PAGE, typed(approvals=[row]))

    document = Document.objects.get()
    assert (document.title, document.specialty) == (
        "Forhåndsgodkjenning av tjenestested, Demo sykehjem",
        "",
    )


# --- Rows come and go ----------------------------------------------------------------------------


def test_one_row_more_keeps_what_is_typed_and_judges_nothing(trainee):
    rows = [service(percent="0", starts_on="i fjor")]

    response = trainee.post(PAGE, typed({"add": "services"}, services=rows))

    assert (response.status_code, errors(response)) == (200, {})
    first, second = shown(response, "services")
    assert (first["place_name"], first["percent"], first["starts_on"]) == (
        "Karolinska, Stockholm",
        "0",
        "i fjor",
    )
    assert set(second) == {"service_kind", "post_kind", "percent", "key"}
    assert not Placement.objects.exists()


def test_one_row_more_keeps_the_file(trainee):
    rows = [approval(file=upload(name="godkjenning.pdf"))]
    added = trainee.post(PAGE, typed({"add": "approvals"}, approvals=rows))
    (kept, _) = shown(added, "approvals")

    again = typed(approvals=[{name: kept[name] for name in ("kind", "specialty", "key", "kept")}])
    trainee.post(PAGE, again)

    assert added.context["approvals"].forms[0].kept_name == "godkjenning.pdf"
    assert Document.objects.get().name == "godkjenning.pdf"


def test_one_row_less_keeps_the_others(trainee):
    rows = [service(place_name=name) for name in ("Første", "Andre", "Tredje")]

    response = trainee.post(PAGE, typed({"drop": "services-1"}, services=rows))

    assert [row["place_name"] for row in shown(response, "services")] == ["Første", "Tredje"]


def test_last_row_is_emptied(trainee):
    response = trainee.post(PAGE, typed({"drop": "services-0"}, services=[service()]))

    (row,) = shown(response, "services")
    assert "place_name" not in row


@pytest.mark.parametrize("press", [{"add": "nonsense"}, {"drop": "services-x"}, {"drop": "x-1"}])
def test_nonsense_buttons_save_as_usual(trainee, press):
    assert trainee.post(PAGE, typed(press, services=[service()])).status_code == 302


def test_rows_have_an_end(trainee):
    rows = [BLANK_SERVICE] * (MAX_ROWS + 5)

    response = trainee.post(PAGE, typed({"add": "services"}, services=rows))

    assert len(response.context["services"].forms) == MAX_ROWS


# --- What is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"place_name": ""},
            {"department": ["Velg tjenestested, eller skriv navnet på det."]},
        ),
        ({"percent": "0"}, {"percent": ["«Stillingsprosent» er fra 1 til 100."]}),
        ({"starts_on": ""}, {"starts_on": ["Fyll ut «Fra og med»."]}),
        (
            {"starts_on": days_ago(-2).isoformat(), "ends_on": ""},
            {
                "starts_on": [
                    "«Fra og med» er i framtiden. Planlagt tjeneste legger du inn under Tjenester."
                ]
            },
        ),
        (
            {"ends_on": days_ago(1000).isoformat()},
            {"ends_on": ["«Til og med» er før «Fra og med». Rett en av dem."]},
        ),
        ({"service_kind": "other_specialty"}, {"specialty": ["Skriv hvilken spesialitet."]}),
        (
            {"place_name": "Hos 01010112377"},
            {
                "place_name": [
                    "Ta bort fødselsnummeret i «Eller navnet på stedet». "
                    "Skriv ikke noe som kan avsløre hvem pasienten er."
                ]
            },
        ),
    ],
)
def test_row_that_fails_explains_itself_and_the_good_one_stays_typed(trainee, changes, expected):
    good = service(starts_on=days_ago(1900).isoformat(), ends_on=days_ago(1500).isoformat())
    bad = service(**changes)

    response = trainee.post(PAGE, typed(services=[good, bad]))

    told = {f"services-1-{field}": messages for field, messages in expected.items()}
    given = [{name: value for name, value in row.items() if value} for row in (good, bad)]
    assert (response.status_code, errors(response)) == (422, told)
    assert typed_of(shown(response, "services")) == given
    assert not Placement.objects.exists()


def test_place_from_the_list_and_by_name_is_one_too_many(trainee):
    row = service(department=str(make_department().pk))

    response = trainee.post(PAGE, typed(services=[row]))

    assert errors(response) == {
        "services-0-place_name": ["Velg fra listen eller skriv navnet, ikke begge."]
    }


@pytest.mark.parametrize(
    ("name", "row", "expected"),
    [
        (
            "modules",
            {"module": "", "title": "", "issuer": "Demo"},
            {
                "module": ["Velg kursmodul, eller skriv navnet på kurset."],
                "file": ["Velg filen med dokumentet."],
            },
        ),
        ("approvals", approval(), {"file": ["Velg filen med dokumentet."]}),
        (
            "approvals",
            approval(specialty="", file=upload()),
            {"specialty": ["Skriv hvilken spesialitet."]},
        ),
        (
            "approvals",
            approval(kind="", file=upload()),
            {"kind": ["Velg hva slags godkjenning."]},
        ),
        (
            "approvals",
            approval(kind="advance_approval", specialty="", file=upload()),
            {"specialty": ["Skriv hvilket sted."]},
        ),
        (
            "approvals",
            approval(issued_on=days_ago(-1).isoformat(), file=upload()),
            {"issued_on": ["Datoen er i framtiden. Velg i dag eller en tidligere dag."]},
        ),
        ("goals", {"cited_goal": "", "file": upload()}, {"cited_goal": ["Velg læringsmål."]}),
        (
            "approvals",
            approval(file=upload(locked("secret"))),
            {"file": ["«bevis.pdf» er låst med passord. Last opp en åpen utgave."]},
        ),
        (
            "approvals",
            approval(kept="made-up"),
            {"file": ["Velg filen med dokumentet."]},
        ),
        (
            "approvals",
            approval(file=upload(name="01010112377.pdf")),
            {"file": ["Filnavnet har et fødselsnummer. Gi filen et annet navn."]},
        ),
    ],
)
def test_row_of_competence_that_fails_explains_itself(trainee, name, row, expected):
    if row.get("file"):
        row["file"].seek(0)

    response = trainee.post(PAGE, typed(**{name: [row]}))

    told = {f"{name}-0-{field}": messages for field, messages in expected.items()}
    assert (response.status_code, errors(response)) == (422, told)
    assert not Document.objects.exists()


def test_files_of_good_rows_are_kept_while_another_is_mended(trainee):
    rows = {"services": [service(percent="0", file=upload())], "approvals": [approval()]}
    rows["approvals"][0]["file"] = upload(name="godkjenning.pdf")
    refused = trainee.post(PAGE, typed(**rows))
    tokens = {name: refused.context[name].forms[0]["kept"].value() for name in rows}

    mended = typed(
        services=[service(kept=tokens["services"])],
        approvals=[approval(kept=tokens["approvals"])],
    )
    trainee.post(PAGE, mended)

    assert refused.status_code == 422
    assert list(Document.objects.order_by("pk").values_list("kind", "name")) == [
        (DocumentKind.SERVICE_ATTESTATION, "bevis.pdf"),
        (DocumentKind.SPECIALIST_APPROVAL, "godkjenning.pdf"),
    ]


def test_what_the_service_refuses_is_told_at_its_row_and_nothing_is_saved(trainee):
    rows = [service(), service(place_name="Oslo")]

    response = trainee.post(PAGE, typed(services=rows, approvals=[approval(file=upload())]))

    assert (response.status_code, errors(response)) == (
        422,
        {
            "services-1-percent": [
                "Tjenestene overlapper til mer enn 100 %. Endre prosenten eller datoene."
            ]
        },
    )
    assert (Placement.objects.count(), Document.objects.count()) == (0, 0)


def test_somebody_without_a_training_finds_nothing():
    assert as_(make_user()).get(PAGE).status_code == 404


def test_ended_training_is_read_and_not_written(training):
    training.ended_on = days_ago(1)
    training.save()
    trainee = as_(training.trainee)

    assert "Lagre alt" not in trainee.get(PAGE).content.decode()
    assert trainee.post(PAGE, typed(services=[service()])).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_the_same_few_queries(trainee, count, django_assert_num_queries):
    rows = [
        service(
            starts_on=days_ago(1900 - 100 * one).isoformat(),
            ends_on=days_ago(1850 - 100 * one).isoformat(),
            file=upload(),
        )
        for one in range(count)
    ]
    trainee.post(PAGE, typed(services=rows))
    trainee.get(PAGE)  # takes the messages away

    with django_assert_num_queries(9):
        trainee.get(PAGE)
