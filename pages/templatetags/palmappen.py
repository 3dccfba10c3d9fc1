"""Tags and filters of the pages. See docs/design.md for what each looks like."""

import uuid

from django import forms, template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pages import dates
from pages.icons import icon_svg, shared_icon_svg, symbol_sheet

register = template.Library()

NARROW_SPACE = "\u202f"


@register.simple_tag
def icon(name, size=24, label=""):
    """``{% icon "folder" %}``, or with a label when no text stands beside it."""
    return icon_svg(name, size, str(label))


@register.simple_tag
def shared_icon(name, size=15):
    """As ``icon``, for lists that repeat it: a reference to a symbol that base.html carries."""
    return shared_icon_svg(name, size)


@register.simple_tag
def icon_symbols():
    return symbol_sheet()


@register.simple_tag
def tag(label, color="neutral", icon=None, outline=False):
    """A status: colour, icon and word. The calls for each status stand in docs/design.md."""
    return format_html(
        '<span class="ds-tag status" data-color="{}"{}>{}{}</span>',
        color,
        mark_safe(' data-variant="outline"') if outline else "",
        shared_icon_svg(icon, 15) if icon else "",
        label,
    )


@register.simple_tag
def level(shown, required):
    """A level cell: shown of required, «–» when nothing is shown yet."""
    return format_html(
        '<span class="level" data-state="{}"><span aria-hidden="true">{}/{}</span>'
        '<span class="ds-sr-only">{}</span></span>',
        level_state(shown, required),
        shown or "–",
        required,
        _("vist %(shown)s av krav %(required)s")
        % {"shown": shown or _("ingenting"), "required": required},
    )


@register.simple_tag
def level_dot(shown, required):
    """A level cell with the shown level alone, in tables of evidence."""
    if not shown:
        return format_html(
            '<span class="level-none"><span aria-hidden="true">·</span>'
            '<span class="ds-sr-only">{}</span></span>',
            _("ikke vurdert"),
        )
    if not required:
        return format_html(
            '<span class="level level--single" data-state="reached">'
            '<span class="ds-sr-only">{} </span>{}</span>',
            _("nivå"),
            shown,
        )
    return format_html(
        '<span class="level level--single" data-state="{}">{}'
        '<span class="ds-sr-only"> {}</span></span>',
        level_state(shown, required),
        shown,
        _("av krav %(required)s") % {"required": required},
    )


@register.simple_tag
def strokes(levels):
    """The strokes under a tile, one per statement: pairs of (shown, required)."""
    return format_html(
        '<span class="tile__strokes" aria-hidden="true">{}</span>',
        format_html_join(
            "",
            '<i data-state="{}"></i>',
            ((level_state(shown, required),) for shown, required in levels),
        ),
    )


def level_state(shown, required) -> str:
    if not shown:
        return "none"
    return "reached" if shown >= required else "below"


@register.inclusion_tag("components/field.html")
def field(bound, hint=None, label=None, mark=None, hint_below=False):
    """Label, hint, error and input of one bound field."""
    return {
        "field": bound,
        "input": _input(bound, hint),
        "kind": _kind(bound.field.widget),
        "label": label or bound.label,
        "hint": bound.help_text if hint is None else hint,
        "mark": _mark(bound) if mark is None else mark,
        "hint_below": hint_below,
    }


def _input(bound, hint):
    """The input, described by a hint that the template gave; dressed also in forms not ours."""
    attrs = {"class": bound.field.widget.attrs.get("class", "ds-input"), "placeholder": False}
    described_by = [bound.aria_describedby] if bound.aria_describedby else []
    if hint and not bound.help_text:
        described_by.insert(0, f"{bound.auto_id}_helptext")
    if described_by:
        attrs["aria-describedby"] = " ".join(described_by)
    return bound.as_widget(attrs=attrs)


@register.inclusion_tag("components/field_row.html")
def field_row(bound, label=None):
    """A field as a row in a card: label left, value right (date, place, supervisor)."""
    return {"field": bound, "label": label or bound.label}


@register.inclusion_tag("components/level_radios.html")
def level_radios(bound, required=None):
    """Four radios, «Ikke sett» and the three levels; stands in a fieldset with its legend."""
    options = [
        {
            "id": option.id_for_label,
            "value": option.data["value"],
            "digit": option.data["value"] or "–",
            "label": option.choice_label,
            "checked": option.data["selected"],
            "required": required is not None and str(option.data["value"]) == str(required),
        }
        for option in bound
    ]
    return {"field": bound, "options": options, "required": required}


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms_on_page, to=None):
    """All errors of the forms (and formsets) of the page, each a link to its field."""
    errors = [error for form in forms_on_page for error in _errors_of(form)]
    return {"errors": errors, "heading": _heading(len(errors), to or _("lagre"))}


def _heading(count: int, act: str) -> str:
    return ngettext(
        "Rett opp én feil for å %(act)s", "Rett opp %(count)d feil for å %(act)s", count
    ) % {
        "count": count,
        "act": act,
    }


def _errors_of(form):
    if form is None or isinstance(form, str) or not form.is_bound:
        return
    if isinstance(form, forms.BaseFormSet):
        for message in form.non_form_errors():
            yield {"target": "", "message": message}
        for member in form.forms:
            yield from _errors_of(member)
        return
    for name, messages in form.errors.items():
        target = "" if name == "__all__" else _first_input_id(form[name])
        for message in messages:
            yield {"target": target, "message": message}


def _first_input_id(bound) -> str:
    if isinstance(bound.field.widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return f"{bound.auto_id}_0"
    return bound.id_for_label


def _kind(widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return "choices"
    return "text"


def _mark(bound) -> str:
    """Mark the few: «Valgfritt» where most must be filled, «Må fylles ut» otherwise."""
    marking = getattr(bound.form, "mark", None)
    if marking == "optional" and not bound.field.required:
        return "" if isinstance(bound.field.widget, forms.CheckboxInput) else _("Valgfritt")
    if marking == "required" and bound.field.required:
        return _("Må fylles ut")
    return ""


def _on_a_day(function):
    """A filter that leaves an empty value empty."""

    def on_a_day(value):
        return function(dates.local_day(value)) if value else ""

    return on_a_day


register.filter("day", _on_a_day(lambda value: dates.short_day(value, today=timezone.localdate())))
register.filter("day_year", _on_a_day(dates.short_day_with_year))
register.filter("day_long", _on_a_day(dates.long_day))
register.filter("day_numeric", _on_a_day(dates.numeric_day))
register.filter("weekday", _on_a_day(dates.weekday))
register.filter("month_year", _on_a_day(dates.month_and_year))
register.filter("month_short", _on_a_day(lambda value: dates.SHORT[value.month - 1]))
register.filter(
    "since_days", _on_a_day(lambda value: dates.days_since(value, today=timezone.localdate()))
)


@register.filter
def clock(value):
    """«14.32»: a moment's time of day in Norway."""
    return timezone.localtime(value).strftime("%H.%M") if value else ""


@register.filter
def initials(name):
    """First letter of the first and last part: «Nora Demo Aasen» is «NA»."""
    parts = str(name or "").split()
    return "".join(part[0] for part in (parts[:1] + parts[1:][-1:])).upper()


@register.filter
def thousands(value):
    """«2 373», with a narrow space that does not break."""
    if value is None or value == "":
        return ""
    return f"{int(value):,}".replace(",", NARROW_SPACE)


@register.filter
def file_size(value):
    """«441 kB», «1,4 MB»."""
    kilobytes = max(round((value or 0) / 1000), 1)
    if kilobytes < 1000:
        return f"{kilobytes}\u00a0kB"
    return f"{value / 1_000_000:.1f}\u00a0MB".replace(".", ",")


@register.simple_tag
def form_key():
    """The idempotency key of a form that is only a button: pressed twice, it acts once."""
    return format_html('<input type="hidden" name="key" value="{}">', uuid.uuid4())
