"""Small words on paper."""

from django import template

from reports.queries.people import lower_first

register = template.Library()


@register.filter(name="lower_first")
def lowered(text):
    return lower_first(str(text))
