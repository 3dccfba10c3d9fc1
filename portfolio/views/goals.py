from django.http import HttpResponse


def my_goals(request):
    return HttpResponse()


def goal_list(request, training_id):
    return HttpResponse()


def goal_detail(request, training_id, curriculum, code):
    return HttpResponse()
