"""Small words on paper."""

from django import template
from django.utils.translation import gettext as _

from reports.qr import qr_svg
from reports.queries.people import lower_first

register = template.Library()


@register.filter(name="lower_first")
def lowered(text):
    return lower_first(str(text))


@register.simple_tag
def qr(text):
    return qr_svg(text, title=_("QR-kode til %(address)s") % {"address": text})


@register.filter
def cells(line, orders):
    """What the assessment shows of each statement, in order; None where it shows nothing."""
    shown = {one.order: one for one in line.levels}
    return [shown.get(order) for order in (orders or (0,))]
