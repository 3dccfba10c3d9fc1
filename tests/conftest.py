"""The database of the tests (see tests/database.py) and what every test may use."""

from contextlib import ExitStack

import dj_database_url
import psycopg
import pytest
from django.db import connections

from config.database import APPLICATION, with_parts
from tests.database import copy_of, flush_as_superuser, migrated_template

TEMPLATE = pytest.StashKey[str]()
SERVER = pytest.StashKey[ExitStack]()


def template_url(config) -> str:
    """The migrated template; in a worker the one that the starting process made."""
    if hasattr(config, "workerinput"):
        return config.workerinput["template"]
    if TEMPLATE not in config.stash:
        config.stash[SERVER] = ExitStack()
        config.stash[TEMPLATE] = config.stash[SERVER].enter_context(migrated_template())
    return config.stash[TEMPLATE]


def pytest_unconfigure(config):
    if SERVER in config.stash:
        config.stash[SERVER].close()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    """Before pytest-xdist starts a worker."""
    node.workerinput["template"] = template_url(node.config)


@pytest.fixture(scope="session")
def superuser_url(request):
    """A superuser's URL of this worker's own database."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    with copy_of(template_url(request.config), name=worker) as url:
        yield url


@pytest.fixture(scope="session")
def django_db_setup(superuser_url, django_db_blocker):
    """Replaces pytest-django's: its tests would own the tables they are meant to be kept from."""
    connection = connections["default"]
    application_url = with_parts(superuser_url, user=APPLICATION, password="test")
    connection.settings_dict.update(dj_database_url.parse(application_url))
    connection.ops.execute_sql_flush = flush_as_superuser(superuser_url)
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture
def connect_as(superuser_url, transactional_db):
    """Opens the test's database beside Django, as a named role or (without a name) as superuser."""
    with ExitStack() as stack:

        def connect(role: str = "") -> psycopg.Connection:
            url = superuser_url
            if role:
                url = with_parts(superuser_url, user=role, password="test")
            return stack.enter_context(psycopg.connect(url, autocommit=True))

        yield connect
