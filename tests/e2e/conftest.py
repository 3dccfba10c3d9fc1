"""A browser, and a server that runs as the application role beside it."""

import os
import shutil
from contextlib import ExitStack

import pytest
from django.core.cache import cache
from django.db import connection
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from tests.e2e.people import SCREENS, Visitor
from tests.world import load_curriculum

CHROMIUM = shutil.which("chromium")
SECONDS = 15  # how long a page may take on a busy machine before a test gives up

# Playwright keeps an event loop in the thread of the tests, where Django then sees one.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
expect.set_options(timeout=SECONDS * 1000)


def pytest_collection_modifyitems(items):
    if not CHROMIUM:
        missing = pytest.mark.skip(reason="chromium is missing (apt-get install chromium)")
        for item in items:
            if item.path.is_relative_to(os.path.dirname(__file__)):
                item.add_marker(missing)


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return {
        "executable_path": CHROMIUM,
        "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    }


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    """The address of the server. What a module saves is there until the module ends."""
    with django_db_blocker.unblock():
        load_curriculum()
        server = LiveServer("localhost")
        try:
            yield server.url
        finally:
            server.stop()
            connection.ops.execute_sql_flush([])


@pytest.fixture(params=SCREENS)
def screen(request):
    return request.param


@pytest.fixture
def visit(site, browser):
    """Opens the site as one person, in a browser of their own."""
    cache.clear()  # the count of log-ins
    with ExitStack() as stack:

        def visit(user=None, *, screen="desktop", javascript=True, **options) -> Visitor:
            context = browser.new_context(
                base_url=site,
                java_script_enabled=javascript,
                locale="nb-NO",
                timezone_id="Europe/Oslo",
                **SCREENS[screen] | options,
            )
            stack.callback(context.close)
            context.set_default_timeout(SECONDS * 1000)
            visitor = Visitor(context.new_page())
            if user:
                visitor.has_session(user)
            return visitor

        yield visit
