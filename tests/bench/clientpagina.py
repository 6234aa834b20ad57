"""What the client's page weighs as it travels: with the style and script it loads, compressed as served."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.test import Client

from afspraken.models import Afspraak
from afspraken.web import links
from tests.bench.base import Cijfer, judged

GRENS_KB = 50.0
_LOADS = re.compile(r'<(?:link[^>]*rel="(?:stylesheet|icon|preload)"[^>]*href|script[^>]*src)="([^"]+)"')


def run(now: datetime) -> list[Cijfer]:
    """The first page behind a link, and the first question."""
    afspraak = Afspraak.objects.filter(bron="dag").order_by("pk").last()
    assert afspraak is not None
    token = links.token_for(afspraak)
    pages = {"eerste pagina": f"/v/{token}", "eerste vraag": f"/v/{token}/opnemen"}
    return [_weigh(name, address) for name, address in pages.items()]


def _weigh(name: str, address: str) -> Cijfer:
    answer = Client().get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    text = answer.content.decode()
    total, parts = len(answer.content), []
    for url in dict.fromkeys(_LOADS.findall(text)):
        size = _compressed(url)
        total += size
        parts.append(f"{Path(url).name.split('.')[0]} {size / 1000:.1f}")
    detail = f"client, {name} (html {len(answer.content) / 1000:.1f}, {', '.join(parts)})"
    return judged(detail, total / 1000, GRENS_KB, unit=" kB", digits=1)


def _compressed(url: str) -> int:
    """The smallest form that whitenoise serves to a browser that takes gzip; static files are collected by make."""
    file = Path(settings.STATIC_ROOT) / url.removeprefix(settings.STATIC_URL)
    packed = file.with_name(file.name + ".gz")
    return (packed if packed.is_file() else file).stat().st_size
