"""The menu of the person who is logged in, by the hats they wear today."""

from dataclasses import dataclass, field, replace

from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from pages.templatetags.palmappen import initials
from portfolio.queries.hats import Hats, request_hats


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    icon: str
    short_label: str = ""
    on_bar: bool = True  # of the phone, while there is room
    current: bool = False


@dataclass(frozen=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True)
class Person:
    name: str
    initials: str
    hat: str


@dataclass(frozen=True)
class Navigation:
    tabs: list[Tab] = field(default_factory=list)
    bar_tabs: list[Tab] = field(default_factory=list)
    more_tabs: list[Tab] = field(default_factory=list)
    primary_action: Link | None = None
    person: Person | None = None
    person_links: list[Link] = field(default_factory=list)


def navigation(request) -> dict:
    """Context processor. Lazy, so that a page without a menu asks the database nothing."""
    return {
        "navigation": SimpleLazyObject(lambda: build_navigation(request)),
        "is_demo": settings.MODE == "demo",
    }


def build_navigation(request) -> Navigation:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return Navigation()
    hats = request_hats(request)
    tabs = [_mark(tab, request.path) for tab in (*_trainee_tabs(hats), *_staff_tabs(hats))]
    bar = [tab for tab in tabs if tab.on_bar][: 3 if hats.is_trainee else 4]
    return Navigation(
        tabs=tabs,
        bar_tabs=bar,
        more_tabs=[tab for tab in tabs if tab not in bar],
        primary_action=_primary_action(hats),
        person=Person(user.name, initials(user.name), _hat_label(hats)),
        person_links=_person_links(hats),
    )


def _trainee_tabs(hats: Hats) -> list[Tab]:
    if not hats.is_trainee:
        return []
    goals = reverse("portfolio:goal_list", args=[hats.training_id])
    return [
        Tab(_("Dette gjenstår"), reverse("portfolio:home"), "house", _("Gjenstår")),
        Tab(_("Læringsmål"), goals, "tasklist", _("Mål")),
        Tab(_("Aktiviteter"), reverse("portfolio:activity_list"), "doc-pencil", on_bar=False),
        Tab(_("Tjenester"), reverse("portfolio:placement_list"), "hospital", on_bar=False),
        Tab(_("Plan"), reverse("portfolio:plan"), "calendar", on_bar=False),
        Tab(_("Kurs"), reverse("portfolio:course_list"), "book", on_bar=False),
        Tab(_("Søknad"), reverse("portfolio:application"), "folder"),
    ]


def _staff_tabs(hats: Hats) -> list[Tab]:
    waits = hats.supervises or hats.signs_service
    sessions = _("Kurssamlinger") if hats.is_trainee else _("Kurs")
    keeps_plan = hats.is_education_lead or hats.is_admin
    offered = [
        (waits, _("Venter på deg"), "portfolio:waiting_list", "inbox", _("Venter")),
        (hats.is_head, _("Godkjenn mål"), "portfolio:decision_list", "gavel", _("Godkjenn")),
        (hats.leads, _("Leger"), "portfolio:cohort", "person-group", ""),
        (hats.is_program_leader, sessions, "portfolio:session_list", "book", ""),
        (hats.supervises, _("Signert"), "portfolio:signed_list", "file-checkmark", ""),
        (
            hats.is_medical_lead,
            _("Tjenestebekreftelser"),
            "portfolio:attestation_list",
            "file-checkmark",
            _("Bekreftet"),
        ),
        (hats.is_admin, _("Personer"), "institutions:person_list", "cog", ""),
        (
            keeps_plan,
            _("Generell plan"),
            "institutions:general_plan_list",
            "buildings-3",
            _("Plan"),
        ),
    ]
    return [
        Tab(label, reverse(view), icon, short)
        for is_theirs, label, view, icon, short in offered
        if is_theirs
    ]


def _mark(tab: Tab, path: str) -> Tab:
    current = path == tab.url or (tab.url != "/" and path.startswith(tab.url))
    return replace(tab, current=current)


def _primary_action(hats: Hats) -> Link | None:
    if hats.is_in_training:
        return Link(_("Ny aktivitet"), reverse("portfolio:activity_new"))
    return None


def _hat_label(hats: Hats) -> str:
    labels = [
        (hats.is_trainee, hats.doctor_title),
        (hats.is_head, _("leder")),
        (hats.is_medical_lead, _("medisinsk ansvarlig overlege")),
        (hats.is_education_lead, _("utdanningsansvarlig overlege")),
        (hats.is_program_leader, _("programleder")),
        (hats.is_educational_supervisor, _("veileder")),
        (hats.is_clinical_supervisor, _("supervisør")),
        (hats.is_admin, _("administrator")),
    ]
    worn = [label for is_worn, label in labels if is_worn]
    title = " · ".join(worn[:2])
    return title[:1].upper() + title[1:]


def _person_links(hats: Hats) -> list[Link]:
    links = [Link(_("Min profil"), reverse("accounts:profile"))]
    if hats.is_trainee:
        links.append(Link(_("Dokumenter"), reverse("portfolio:document_list")))
        links.append(Link(_("Hvem har åpnet mappen"), reverse("portfolio:opening_list")))
    if hats.is_trainee or hats.leads:
        links.append(Link(_("Rapporter"), reverse("reports:report_list")))
    if hats.is_program_leader:
        links.append(Link(_("Regneark for kull"), reverse("reports:cohort_export")))
    links.append(Link(_("Alle læringsmål"), reverse("curriculum:curriculum_list")))
    links.append(Link(_("Utdanningssteder"), reverse("institutions:site_list")))
    links.append(Link(_("Kontroller dokument"), reverse("reports:check_document")))
    return links


def start(request):
    """Strangers meet the product's promise; everyone else goes to their own home."""
    if not request.user.is_authenticated:
        return render(request, "pages/start.html")
    return redirect(home_url(request_hats(request)))


def home_url(hats: Hats) -> str:
    if hats.is_trainee:
        return reverse("portfolio:home")
    if hats.supervises or hats.signs_service:
        return reverse("portfolio:waiting_list")
    if hats.leads:
        return reverse("portfolio:cohort")
    if hats.is_admin:
        return reverse("institutions:person_list")
    return reverse("accounts:profile")
