"""A person at a browser."""

import re

from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.factories import PASSWORD

SCREENS = {
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "has_touch": True,
        "is_mobile": True,
    },
}


class Visitor:
    """Opens pages, and remembers what the browser complained of on the way."""

    def __init__(self, page: Page):
        self.page = page
        self.complaints: list[str] = []
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._notice)

    def _listen(self, message) -> None:
        # The answer 422 is a form shown again; the browser calls it an error.
        if message.type in ("error", "warning") and "422" not in message.text:
            self.complaints.append(message.text)

    def _notice(self, request) -> None:
        if not request.url.startswith(("http://localhost:", "data:", "blob:")):
            self.complaints.append(f"left the site: {request.url}")

    def has_session(self, user: User) -> None:
        """Logged in already, where logging in is not what is tested."""
        client = Client()
        client.force_login(user)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.session.session_key}
        self.page.context.add_cookies([cookie | {"domain": "localhost", "path": "/"}])

    def log_in(self, user: User) -> None:
        self.page.goto("/konto/login/")
        self.page.get_by_label("E-post").fill(user.email)
        self.page.get_by_label("Passord").fill(PASSWORD)
        self.press("Logg inn")
        expect(self.page).not_to_have_url(re.compile("/konto/login/"))

    def open(self, path: str) -> None:
        answer = self.page.goto(path)
        assert answer.ok, f"{path} answers {answer.status}"

    def press(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str | re.Pattern) -> None:
        self.page.get_by_role("link", name=name).locator("visible=true").first.click()

    def meets(self, text: str) -> None:
        expect(self.page.get_by_text(text).locator("visible=true").first).to_be_visible()

    def is_at(self, heading: str | re.Pattern) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
