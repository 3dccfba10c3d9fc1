import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

FIXTURES = Path(settings.BASE_DIR) / "fixtures"


@pytest.fixture
def loaded(db):
    """All curricula, pathways and successions, as in production."""
    call_command("load_curriculum", verbosity=0)


@pytest.fixture
def read_fixture():
    def read(name: str):
        return json.loads((FIXTURES / name).read_text())

    return read


@pytest.fixture
def fixtures_copy(tmp_path):
    """A copy of fixtures/ whose files a test may change."""
    (tmp_path / "curriculum").mkdir()
    others = (FIXTURES / "pathways.json", FIXTURES / "successions.json")
    for path in [*FIXTURES.glob("curriculum/*.json"), *others]:
        (tmp_path / path.relative_to(FIXTURES)).write_text(path.read_text())
    return tmp_path


@pytest.fixture
def change(fixtures_copy):
    """change("curriculum/pal-2023.json", edit): edit(data) changes the data of one file."""

    def change_file(name: str, edit):
        path = fixtures_copy / name
        data = json.loads(path.read_text())
        edit(data)
        path.write_text(json.dumps(data, ensure_ascii=False))

    return change_file
