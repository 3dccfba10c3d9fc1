"""Tags of the reports: the button that orders one, and small words on paper."""

import uuid

from django import template

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


@register.filter
def lower_first(text):
    """«Veileder» in a sentence is «veileder»; «LIS» stays."""
    text = str(text)
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
