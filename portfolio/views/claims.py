from django.http import HttpResponse


def goal_claim(request, training_id, curriculum, code):
    return HttpResponse()


def claim_recall(request, claim_id):
    return HttpResponse()


def recommendation_request(request, claim_id):
    return HttpResponse()


def recommendation_remind(request, request_id):
    return HttpResponse()


def assessment_request(request, training_id, curriculum, code):
    return HttpResponse()


def assessment_request_recall(request, request_id):
    return HttpResponse()


def assessment_remind(request, request_id):
    return HttpResponse()
