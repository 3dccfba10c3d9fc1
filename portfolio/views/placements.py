from django.http import HttpResponse


def placement_list(request):
    return HttpResponse()


def placement_new(request):
    return HttpResponse()


def placement_edit(request, placement_id):
    return HttpResponse()


def placement_remove(request, placement_id):
    return HttpResponse()


def opening_list(request):
    return HttpResponse()
