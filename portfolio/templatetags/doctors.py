"""Small drawings and words of the leader's pages."""

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from portfolio.enums import Need
from portfolio.queries.doctors import DoctorLine
from portfolio.queries.waits import Wait

register = template.Library()

BAR_WIDTH = 120  # user units; the SVG is drawn as wide as its cell


@register.simple_tag
def goal_bar(line: DoctorLine) -> str:
    """How many of the pathway's goals are settled and claimed; the digits stand beside it."""
    settled = round(BAR_WIDTH * line.settled / line.total) if line.total else 0
    claimed = round(BAR_WIDTH * line.claimed / line.total) if line.total else 0
    return format_html(
        '<svg class="chart goal-bar" viewBox="0 0 {width} 8" width="{width}" height="8"'
        ' aria-hidden="true" focusable="false">'
        '<rect class="chart-fill-tinted" width="{width}" height="8" rx="1"/>'
        '<rect class="chart-fill-soft" x="{settled}" width="{claimed}" height="8"/>'
        '<rect class="chart-fill" width="{settled}" height="8" rx="1"/></svg>',
        width=BAR_WIDTH,
        settled=settled,
        claimed=min(claimed, BAR_WIDTH - settled),
    )


WITH = {
    "clinical_supervisor": _("hos supervisør"),
    "educational_supervisor": _("hos veileder"),
    "department_head": _("hos leder"),
}


@register.filter
def lies_with(wait: Wait) -> str:
    """«hos leder»."""
    return WITH[wait.role]


WHAT = {
    "assessment": _("Vurdering"),
    "recommendation": _("Anbefaling"),
    "decision": _("Avgjørelse"),
}


@register.filter
def act(wait: Wait) -> str:
    return WHAT[wait.what]


SENTENCES = {
    Need.OLD_WAIT: _("Noe har ventet i over 14 dager."),
    Need.QUIET: _("Ingen aktivitet er logget de siste 60 dagene."),
    Need.GUIDANCE: _("Veileder mangler, eller gjør det snart."),
    Need.DECISION: _("Mål venter på avgjørelse."),
}


@register.filter
def need_sentence(need: Need) -> str:
    """A whole sentence about one doctor; the label counts many."""
    return SENTENCES[need]


@register.simple_tag
def waited(wait: Wait, on) -> int:
    """Whole days."""
    return wait.days(on)
