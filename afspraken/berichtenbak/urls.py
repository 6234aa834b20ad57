"""Addresses of the demo's phone and mailbox; project/urls.py includes them in the demo only."""

from __future__ import annotations

from django.urls import path

from afspraken.berichtenbak import views

app_name = "berichtenbak"
urlpatterns = [
    path("", views.start, name="start"),
    path("afspraken-demo.csv", views.voorbeeldbestand, name="voorbeeldbestand"),
    path("telefoon/<int:nummer>", views.telefoon, name="telefoon"),
    path("telefoon/<int:nummer>/draad", views.draad, name="draad"),
    path("mailbox/<path:adres>", views.mailbox, name="mailbox"),
    path("mail/<uuid:uuid>", views.mail, name="mail"),
    path("mail/<uuid:uuid>/html", views.mail_html, name="mail_html"),
    path("mail/<uuid:uuid>/bijlage/<int:nummer>", views.bijlage, name="bijlage"),
    path("nu-versturen/<uuid:uuid>", views.nu_versturen, name="nu_versturen"),
]
