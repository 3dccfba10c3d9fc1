"""Whole page or partial, and the status that tells them apart."""

import pytest
from django import forms
from django.http import HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxMiddleware

from pages.rendering import render_page

PAGE = (
    "<h1>{{ word }}</h1>{% partialdef part inline %}<p id='part'>{{ word }}</p>{% endpartialdef %}"
)


class WordForm(forms.Form):
    word = forms.CharField()


@pytest.fixture(autouse=True)
def page(settings):
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    (
                        "template_partials.loader.Loader",
                        [("django.template.loaders.locmem.Loader", {"page.html": PAGE})],
                    )
                ],
                "builtins": ["template_partials.templatetags.partials"],
            },
        }
    ]


def request_with(**headers):
    request = RequestFactory().get("/", headers=headers)
    HtmxMiddleware(lambda request: HttpResponse())(request)
    return request


def test_render_page_whole():
    response = render_page(request_with(), "page.html", partial="part", word="mål")

    assert response.content.decode() == "<h1>mål</h1><p id='part'>mål</p>"
    assert response.status_code == 200
    assert response["Vary"] == "HX-Request"


def test_render_page_partial_for_htmx():
    response = render_page(request_with(hx_request="true"), "page.html", partial="part", word="mål")

    assert response.content.decode() == "<p id='part'>mål</p>"


def test_render_page_whole_for_htmx_when_the_view_names_no_partial():
    response = render_page(request_with(hx_request="true"), "page.html", word="mål")

    assert response.content.decode().startswith("<h1>")


def test_render_page_whole_when_going_back():
    request = request_with(hx_request="true", hx_history_restore_request="true")

    assert render_page(request, "page.html", partial="part").content.startswith(b"<h1>")


@pytest.mark.parametrize(
    ("form", "status"), [(WordForm(), 200), (WordForm({"word": "x"}), 200), (WordForm({}), 422)]
)
def test_render_page_status_follows_the_form(form, status):
    assert render_page(request_with(), "page.html", form=form).status_code == status


def test_render_page_status_of_a_formset():
    formset = forms.formset_factory(WordForm, min_num=1, validate_min=True)(
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0"}
    )

    assert render_page(request_with(), "page.html", formset=formset).status_code == 422


def test_render_page_status_given_wins():
    assert (
        render_page(request_with(), "page.html", status=409, form=WordForm({})).status_code == 409
    )
