from django.http import HttpResponse


def waiting_list(request):
    return HttpResponse()


def assess_choose(request):
    return HttpResponse()


def assess_unasked(request, training_id, curriculum, code):
    return HttpResponse()


def assess(request, request_id):
    return HttpResponse()


def assess_return(request, request_id):
    return HttpResponse()


def attest(request, activity_id):
    return HttpResponse()


def attest_return(request, activity_id):
    return HttpResponse()


def signed_list(request):
    return HttpResponse()


def assessment_detail(request, assessment_id):
    return HttpResponse()


def assessment_retract(request, assessment_id):
    return HttpResponse()


def assessment_correct(request, assessment_id):
    return HttpResponse()
