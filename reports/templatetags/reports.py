"""Tags of the reports: the button that orders one, and small words on paper."""

import uuid

from django import template

from reports.queries.people import lower_first

register = template.Library()


@register.inclusion_tag("reports/_order.html", takes_context=True)
def order_report(context, training, label="", variant="secondary"):
    """The button that orders a progress report, with a key of its own: twice pressed is once."""
    return {
        "training": training,
        "label": label,
        "variant": variant,
        "key": uuid.uuid4(),
        "csrf_token": context.get("csrf_token"),
    }


@register.filter(name="lower_first")
def lowered(text):
    return lower_first(str(text))
