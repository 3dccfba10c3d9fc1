"""The file of a portfolio: what is in it, and how strictly it is read."""

import hashlib
import json

import pytest
from django.apps import apps
from django.core.management import call_command

from portfolio.models import Event
from portfolio.transfer.package import opened
from portfolio.transfer.parsing import Unreadable
from portfolio.transfer.tables import OUTSIDE, OWN, TRAINING
from tests.factories import make_ward
from tests.portfolio.transfers import Zip, exported, rewritten, zipped
from tests.reports.dossiers import DRAFT, GUIDANCE, REFLECTION, make_portfolio

transaction = pytest.mark.django_db(transaction=True)  # an export sees one moment


# --- What is in it -------------------------------------------------------------------------------


def test_every_table_of_the_portfolio_is_in_the_file():
    """A new model must be added to the list, or a moved portfolio would lose it."""
    models = set(apps.get_app_config("portfolio").get_models())

    assert {table.model for table in (TRAINING, *OWN)} == models


@pytest.mark.parametrize("table", [TRAINING, *OWN, *OUTSIDE], ids=lambda table: table.name)
def test_rows_point_only_at_what_stands_before_them(table):
    order = [*OUTSIDE, TRAINING, *OWN]
    before = {one.model for one in order[: order.index(table) + 1]}

    pointed_at = {field.related_model for field in table.fields if field.related_model}

    assert pointed_at <= before


@transaction
def test_file_has_all_that_is_the_doctors_own(tmp_path):
    call_command("load_curriculum", verbosity=0)
    ward = make_portfolio().ward

    made = exported(ward.training)

    content = made.content
    told = {row["note"] for row in content["own"]["learningactivity"]}
    assert content["schema"] == "palmappen.portfolio/1"
    assert {GUIDANCE, DRAFT} <= told
    assert [row["text"] for row in content["own"]["reflection"]] == [REFLECTION]
    assert len(content["own"]["event"]) == Event.objects.filter(training=ward.training).count()
    assert content["own"]["event"][-1]["verb"] == "portfolio_exported"
    assert sorted(made.files) == sorted(
        row["file"] for name in ("attachment", "document") for row in content["own"][name]
    )


@transaction
def test_file_of_one_doctor_has_nothing_of_another():
    call_command("load_curriculum", verbosity=0)
    mine, other = make_portfolio().ward, make_ward()

    text = json.dumps(exported(mine.training).content)

    assert mine.trainee.email in text
    assert other.trainee.email not in text
    assert other.supervisor.email not in text


# --- Read strictly -------------------------------------------------------------------------------


@pytest.fixture
def made(transactional_db, tmp_path) -> Zip:
    call_command("load_curriculum", verbosity=0)
    return exported(make_portfolio().ward.training)


def set_in(*path, to):
    def change(content):
        for step in path[:-1]:
            content = content[step]
        if to is None:
            del content[path[-1]]
        else:
            content[path[-1]] = to

    return change


def sign_for_oneself(content):
    content["own"]["decision"][0]["actor"] = content["training"]["trainee"]


def cut_the_ledger(content):
    del content["own"]["event"][-1]


PLACEMENT = ("own", "placement", 0)
EVENT = ("own", "event", 1)
MALFORMED = {
    "schema:": set_in("schema", to="palmappen.portfolio/2"),
    "mappe.json.own: is missing": set_in("own", to=None),
    "mappe.json.more: is unknown": set_in("more", to=1),
    "own.placement: is not a list": set_in("own", "placement", to={}),
    "own.placement[0].percent: is missing": set_in(*PLACEMENT, "percent", to=None),
    "own.placement[0].percent: is not a whole number": set_in(*PLACEMENT, "percent", to="80"),
    "own.placement[0].percent": set_in(*PLACEMENT, "percent", to=-1),
    "own.placement[0].starts_on": set_in(*PLACEMENT, "starts_on", to="2026-02-30"),
    "own.placement[0].post_kind: «chief»": set_in(*PLACEMENT, "post_kind", to="chief"),
    "own.placement[0].place_name: is not a text": set_in(*PLACEMENT, "place_name", to=5),
    "own.placement[0].key": set_in(*PLACEMENT, "key", to="no key"),
    "own.placement[0].department: points at nothing": set_in(*PLACEMENT, "department", to=99),
    "own.placement[0].id: is not 1": set_in(*PLACEMENT, "id", to=7),
    "own.decision[0].acted_at": set_in("own", "decision", 0, "acted_at", to="2026-01-01T10:00:00"),
    "own.decision[0].actor: signs for themselves": sign_for_oneself,
    "own.document[0].file: is not a name": set_in("own", "document", 0, "file", to="../../x.pdf"),
    "the ledger does not hold: content of event 2": set_in(*EVENT, "content", to="{}"),
    "the ledger does not hold: hash of event 2": set_in(*EVENT, "acted_at", to="2020-01-01T00:00Z"),
    "the ledger does not hold: checkpoint": cut_the_ledger,
}


@transaction
def test_file_that_is_wrong_is_refused_by_where_it_is_wrong(made, tmp_path):
    told = {}
    for expected, change in MALFORMED.items():
        wrong = rewritten(made, tmp_path, change=change)
        with pytest.raises(Unreadable) as refused:
            opened(wrong.path, sha256=wrong.sha256)
        told[expected] = str(refused.value)

    assert {expected: expected in text for expected, text in told.items()} == dict.fromkeys(
        MALFORMED, True
    ), told


@transaction
def test_control_shows_that_the_same_file_unchanged_is_read(made, tmp_path):
    same = rewritten(made, tmp_path, change=lambda content: None)

    package = opened(same.path, sha256=same.sha256)

    assert len(package.portfolio.own["event"]) == len(made.content["own"]["event"])


@transaction
def test_file_that_is_no_portfolio_is_refused(made, tmp_path):
    text = json.dumps(made.content).encode()
    name, content = next(iter(made.files.items()))
    without = {one: bytes_ for one, bytes_ in made.files.items() if one != name}
    wrong = {
        f"{name}: is not in the ZIP once": (text, without),
        f"{name}: is another file": (text, without | {name: content[:-1] + b"x"}),
        f"{name}: is of another size": (text, without | {name: b"0" * 30_000_000}),
        "'../../evil.pdf': is in the ZIP, and no row": (text, made.files | {"../../evil.pdf": b""}),
        "mappe.json is not JSON": (b"{", made.files),
        "mappe.json is not JSON: maximum recursion": (b"[" * 100_000, made.files),
    }

    for expected, parts in wrong.items():
        package = zipped(tmp_path, *parts)
        with pytest.raises(Unreadable, match=r".") as refused:
            opened(package.path, sha256=package.sha256)
        assert expected in str(refused.value)


@transaction
def test_text_that_would_fill_the_memory_is_not_unpacked(made, tmp_path):
    bomb = zipped(tmp_path, b" " * (201 * 1024**2), {})

    with pytest.raises(Unreadable, match=r"mappe\.json: is larger than 200 MB"):
        opened(bomb.path, sha256=bomb.sha256)


@transaction
def test_file_of_another_digest_or_none_at_all_is_refused(made, tmp_path):
    no_zip = tmp_path / "brev.zip"
    no_zip.write_bytes(b"Hei, drift")

    with pytest.raises(Unreadable, match="another than the one that was exported"):
        opened(made.path, sha256="0" * 64)
    with pytest.raises(Unreadable, match="not a ZIP"):
        opened(no_zip, sha256=hashlib.sha256(no_zip.read_bytes()).hexdigest())
