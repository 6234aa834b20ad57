from django.http import HttpRequest, HttpResponse


def twilio_sms(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=403)


def twilio_status(request: HttpRequest, uuid: object) -> HttpResponse:
    return HttpResponse(status=403)


def sendgrid_events(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=403)


def sendgrid_inbound(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=403)
