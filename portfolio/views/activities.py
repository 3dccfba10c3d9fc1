from django.http import HttpResponse


def activity_list(request):
    return HttpResponse()


def activity_new(request):
    return HttpResponse()


def activity_autosave(request):
    return HttpResponse()


def activity_detail(request, activity_id):
    return HttpResponse()


def activity_edit(request, activity_id):
    return HttpResponse()


def activity_recall(request, activity_id):
    return HttpResponse()


def activity_delete(request, activity_id):
    return HttpResponse()


def attachment_download(request, attachment_id):
    return HttpResponse()


def attachment_remove(request, attachment_id):
    return HttpResponse()
