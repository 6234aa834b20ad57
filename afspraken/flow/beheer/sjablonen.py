"""The wording of messages: drafts and their publication. The post room keeps the versions; here are who and when."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from afspraken.domain.voornemen import Veldfout
from afspraken.flow import log
from afspraken.flow.beheer import vier_ogen
from afspraken.flow.beheer.fouten import TEGELIJK, BeheerGeweigerd, bij_botsing, geweigerd
from afspraken.flow.log import Actor
from afspraken.models import Team
from notifications import api as post


def sjabloon_kenmerk(versie: post.VersionInfo) -> str:
    """The mark of a version's text."""
    return vier_ogen.kenmerk(versie.subject, versie.body)


def bewaar_sjabloon(
    *,
    kind: str,
    channel: post.Channel,
    taal: str,
    team: Team | None,
    onderwerp: str,
    tekst: str,
    gezien: str,
    actor: Actor,
    now: datetime,
) -> int:
    """Keep a draft; returns its version id. Raises :class:`BeheerGeweigerd`.

    ``gezien`` is the mark of the draft that the writer started from ("" for none): who did not see a colleague's
    newer draft does not overwrite it. A text with something wrong is refused, with every reason.
    """
    scope = team.code if team else ""
    verdict = post.templates.check(kind=kind, channel=channel, language=taal, subject=onderwerp, body=tekst)
    if verdict.problems:
        raise BeheerGeweigerd(_veldfouten(verdict.problems))
    with bij_botsing("", TEGELIJK), transaction.atomic():
        draft = post.templates.draft(kind, channel, taal, scope)
        if draft is not None and sjabloon_kenmerk(draft) != gezien:
            raise geweigerd(
                "",
                "intussen_veranderd",
                f"{draft.author} heeft dit concept veranderd terwijl u schreef. Bekijk die tekst eerst. "
                "Slaat u nog een keer op? Dan vervangt uw tekst die van uw collega.",
            )
        version_id = post.templates.save_draft(
            kind=kind,
            channel=channel,
            language=taal,
            scope=scope,
            subject=onderwerp,
            body=tekst,
            author=actor.id,
            now=now,
        )
        _log("sjabloon.concept_bewaard", version_id, team, actor, now)
    return version_id


def publiceer_sjabloon(*, version_id: int, team: Team | None, gezien: str, actor: Actor, now: datetime) -> None:
    """Put a draft in use; ``gezien`` is the mark of the text that was on the screen.

    Raises :class:`BeheerGeweigerd`: own work, a text that changed meanwhile, or one that may not be sent.
    """
    with transaction.atomic():
        try:
            post.templates.publish(version_id=version_id, author=actor.id, now=now)
        except post.TemplateRefused as refused:
            raise BeheerGeweigerd(_veldfouten(refused.problems)) from refused
        except post.NotADraft as gone:
            raise geweigerd("", "geen_concept", "Dit concept is er niet meer, of het is al gepubliceerd.") from gone
        # Read after publishing: from here on nobody can change it, so these checks hold for what was published.
        info, _ = post.templates.version(version_id)
        vier_ogen.check_gezien(gezien=gezien, nu=sjabloon_kenmerk(info))
        vier_ogen.check_tweede_persoon(eigen_werk=info.author == actor.id)
        _log("sjabloon.gepubliceerd", version_id, team, actor, now)


def gooi_sjabloon_weg(*, version_id: int, team: Team | None, actor: Actor, now: datetime) -> bool:
    """Throw a draft away; False when it is no draft any more."""
    with transaction.atomic():
        if not post.templates.discard_draft(version_id=version_id):
            return False
        log.write(
            actie="sjabloon.concept_weg",
            object_soort="sjabloon",
            object_id=version_id,
            actor=actor,
            now=now,
            team_id=team.pk if team else None,
        )
    return True


def zet_sjabloon_terug(*, version_id: int, team: Team | None, actor: Actor, now: datetime) -> int:
    """A new draft with the text of an older version; it still has to be published by a second person.

    Raises :class:`BeheerGeweigerd` when a draft waits already: it would be overwritten unseen.
    """
    with transaction.atomic():
        _, slot = post.templates.version(version_id)
        if post.templates.draft(*slot) is not None:
            raise geweigerd(
                "", "concept_wacht", "Er is al een concept van deze tekst. Publiceer dat of gooi het eerst weg."
            )
        draft_id = post.templates.restore(version_id=version_id, author=actor.id, now=now)
        _log("sjabloon.teruggezet", draft_id, team, actor, now)
    return draft_id


def _veldfouten(problems: tuple[post.Problem, ...]) -> list[Veldfout]:
    names = {"subject": "onderwerp", "body": "tekst"}
    return [Veldfout(veld=names[p.field], code=p.code, melding=p.message) for p in problems]


def _log(actie: str, version_id: int, team: Team | None, actor: Actor, now: datetime) -> None:
    info, (kind, channel, taal, _) = post.templates.version(version_id)
    log.write(
        actie=actie,
        object_soort="sjabloon",
        object_id=version_id,
        actor=actor,
        now=now,
        team_id=team.pk if team else None,
        details={"soort": kind, "kanaal": channel.value, "taal": taal, "versie": info.number},
    )
