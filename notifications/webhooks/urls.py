"""Addresses that providers call; fixed, because they are typed into consoles of others."""

from django.urls import path

from notifications.webhooks import views

app_name = "webhooks"

urlpatterns = [
    path("twilio/sms", views.twilio_sms, name="twilio-sms"),
    path("twilio/status/<uuid:uuid>", views.twilio_status, name="twilio-status"),
    path("sendgrid/events", views.sendgrid_events, name="sendgrid-events"),
    path("sendgrid/inbound", views.sendgrid_inbound, name="sendgrid-inbound"),
]
