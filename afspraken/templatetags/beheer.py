"""What every page of /beheer/ shows: whether sending is stopped."""

from __future__ import annotations

from django import template

from notifications import api as post

register = template.Library()


@register.simple_tag
def gepauzeerd() -> post.SendingPaused | None:
    """Who stopped all sending and since when; None when sending goes on."""
    return post.sending_paused()
