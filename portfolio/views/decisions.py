from django.http import HttpResponse


def recommend(request, claim_id):
    return HttpResponse()


def decision_list(request):
    return HttpResponse()


def decide(request, claim_id):
    return HttpResponse()


def approval_withdraw(request, decision_id):
    return HttpResponse()
