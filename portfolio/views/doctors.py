from django.http import HttpResponse


def cohort(request):
    return HttpResponse()


def doctor(request, training_id):
    return HttpResponse()


def supervisor_appoint(request, training_id):
    return HttpResponse()


def training_start(request):
    return HttpResponse()
