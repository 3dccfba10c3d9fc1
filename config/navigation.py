"""The menu of the person who is logged in."""


def navigation(request):
    return {}
