"""Filters of the pages about plans."""

from django import template
from django.utils.translation import gettext as _

from curriculum.enums import Phase
from institutions.enums import Role
from portfolio.queries.plans import Consent, Revision

register = template.Library()


@register.filter
def parties(revision: Revision) -> list[tuple[str, Consent | None]]:
    """The trainee, and the one on the other side: what each is called, and what each has said."""
    return [
        (_("Lege"), revision.consent_of(Role.TRAINEE)),
        (str(revision.other_party.label), revision.consent_of(revision.other_party)),
    ]


@register.filter
def in_training(phase: Phase | None) -> str:
    """When in the training; the label of the last alone is an English word to other catalogues."""
    names = {
        Phase.EARLY: _("Tidlig i utdanningen"),
        Phase.MIDWAY: _("Midtveis"),
        Phase.LATE: _("Sent i utdanningen"),
    }
    return names.get(phase, _("I løpet av utdanningen"))
