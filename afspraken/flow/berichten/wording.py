"""The wording that ships: Dutch and English, for every kind of message.

A coordinator's published template goes before these. SMS texts stay within GSM-7 and two segments at the
longest realistic values (the rules by SMS within four). No law, benefit, case number or surname is named.
"""

from __future__ import annotations

from notifications import api as post

SMS = post.Channel.SMS
EMAIL = post.Channel.EMAIL

_Key = tuple[post.Channel, str]


def _sms(nl: str, en: str) -> dict[_Key, post.Wording]:
    return {
        (SMS, "nl"): post.Wording(subject="", body=nl),
        (SMS, "en"): post.Wording(subject="", body=en),
    }


def _email(nl_subject: str, nl: str, en_subject: str, en: str) -> dict[_Key, post.Wording]:
    return {
        (EMAIL, "nl"): post.Wording(subject=nl_subject, body=nl.strip()),
        (EMAIL, "en"): post.Wording(subject=en_subject, body=en.strip()),
    }


_SLOT_NL = """
((hulp))
((clientondersteuning))

Met vriendelijke groet,
((gemeente)), ((team))
"""
_SLOT_EN = """
((hulp))
((clientondersteuning))

Kind regards,
((gemeente)), ((team))
"""

DEFAULTS: dict[str, dict[_Key, post.Wording]] = {
    "uitnodiging": _sms(
        "((gemeente)): u heeft een gesprek op ((dag)) om ((tijd)). Wilt u opnemen? Dat mag. "
        "Laat het weten: antwoord ((ja)), ((nee)) of ((weet_niet)). "
        "Regels: antwoord REGELS of zie ((link)) ((hulp))",
        "((gemeente)): you have a meeting on ((dag)) at ((tijd)). Want to record it? You may. "
        "Let us know: reply ((ja)), ((nee)) or ((weet_niet)). "
        "Rules: reply REGELS or see ((link)) ((hulp))",
    )
    | _email(
        "Uw gesprek op ((dag)): wilt u het opnemen?",
        """
Beste ((naam)),

U heeft een gesprek met de gemeente.

Wanneer: ((dag)) om ((tijd)) uur
Waar: ((locatie))

Wilt u het gesprek opnemen? Dat mag. Wij vinden het fijn als u ons dat vooraf laat weten, en ook wat u met de opname gaat doen. U hoeft dat niet te zeggen als u dat liever niet doet.

Laat het weten op deze pagina:
((link))

U kunt uw antwoord veranderen tot het gesprek begint.

Dit zijn de spelregels:

((spelregels))
"""
        + _SLOT_NL,
        "Your meeting on ((dag)): would you like to record it?",
        """
Dear ((naam)),

You have a meeting with the municipality.

When: ((dag)) at ((tijd))
Where: ((locatie))

Would you like to record the meeting? You may. We would like you to let us know beforehand, and what you are going to do with the recording. You do not have to say so if you prefer not to.

Let us know on this page:
((link))

You can change your answer until the meeting starts.

These are the rules:

((spelregels))
"""
        + _SLOT_EN,
    ),
    "herinnering": _sms(
        "((gemeente)): uw gesprek is ((dag)) om ((tijd)). Wilt u het opnemen? U kunt het nog laten weten: "
        "antwoord ((ja)), ((nee)) of ((weet_niet)), of ga naar ((link)) Het hoeft niet. ((hulp))",
        "((gemeente)): your meeting is ((dag)) at ((tijd)). Want to record it? You can still let us know: "
        "reply ((ja)), ((nee)) or ((weet_niet)), or go to ((link)) You do not have to. ((hulp))",
    )
    | _email(
        "Uw gesprek is ((dag)) om ((tijd)) uur",
        """
Beste ((naam)),

Uw gesprek met de gemeente is ((dag)) om ((tijd)) uur.
Waar: ((locatie))

Wilt u het gesprek opnemen? U kunt het ons nog laten weten. Het hoeft niet.

((link))
"""
        + _SLOT_NL,
        "Your meeting is ((dag)) at ((tijd))",
        """
Dear ((naam)),

Your meeting with the municipality is ((dag)) at ((tijd)).
Where: ((locatie))

Would you like to record the meeting? You can still let us know. You do not have to.

((link))
"""
        + _SLOT_EN,
    ),
    "ontvangstbevestiging": _sms(
        "((gemeente)): bedankt. Genoteerd voor ((dag)) om ((tijd)): ((antwoord)). ((vervolg)) "
        "Veranderen kan tot het begin: antwoord opnieuw of zie ((link)) ((hulp))",
        "((gemeente)): thank you. Noted for ((dag)) at ((tijd)): ((antwoord)). ((vervolg)) "
        "You can change it until the start: reply again or see ((link)) ((hulp))",
    )
    | _email(
        "Wij hebben uw antwoord: ((antwoord))",
        """
Beste ((naam)),

Bedankt dat u het laat weten. Voor uw gesprek op ((dag)) om ((tijd)) uur staat genoteerd:

((antwoord_volledig))

De medewerker ziet dit voor het gesprek. U kunt uw antwoord veranderen of intrekken tot het gesprek begint:
((link))
"""
        + _SLOT_NL,
        "We have your answer: ((antwoord))",
        """
Dear ((naam)),

Thank you for letting us know. For your meeting on ((dag)) at ((tijd)) we noted:

((antwoord_volledig))

The employee sees this before the meeting. You can change or take back your answer until the meeting starts:
((link))
"""
        + _SLOT_EN,
    ),
    "verplaatst": _sms(
        "((gemeente)): uw gesprek is veranderd. Het is nu op ((dag)) om ((tijd)), ((locatie)). "
        "((antwoord_zin)) Meer weten: ((link)) ((hulp))",
        "((gemeente)): your meeting has changed. It is now on ((dag)) at ((tijd)), ((locatie)). "
        "((antwoord_zin)) More: ((link)) ((hulp))",
    )
    | _email(
        "Uw gesprek is veranderd: ((dag)) om ((tijd)) uur",
        """
Beste ((naam)),

Uw gesprek met de gemeente is veranderd.

Nieuwe tijd: ((dag)) om ((tijd)) uur
Waar: ((locatie))
Eerder was het: ((oude_dag)) om ((oude_tijd)) uur

((antwoord_zin))

Alles over uw gesprek staat hier:
((link))
"""
        + _SLOT_NL,
        "Your meeting has changed: ((dag)) at ((tijd))",
        """
Dear ((naam)),

Your meeting with the municipality has changed.

New time: ((dag)) at ((tijd))
Where: ((locatie))
It was before: ((oude_dag)) at ((oude_tijd))

((antwoord_zin))

Everything about your meeting is here:
((link))
"""
        + _SLOT_EN,
    ),
    "andere_medewerker": _sms(
        "((gemeente)): uw gesprek op ((dag)) om ((tijd)) gaat door, met een andere medewerker. ((antwoord_zin)) "
        "Meer weten: ((link)) ((hulp))",
        "((gemeente)): your meeting on ((dag)) at ((tijd)) takes place, with another employee. ((antwoord_zin)) "
        "More: ((link)) ((hulp))",
    )
    | _email(
        "Uw gesprek op ((dag)): u spreekt een andere medewerker",
        """
Beste ((naam)),

Uw gesprek op ((dag)) om ((tijd)) uur gaat door. U spreekt een andere medewerker. De tijd en de plaats blijven hetzelfde.

((medewerker_zin))

((antwoord_zin))

((link))
"""
        + _SLOT_NL,
        "Your meeting on ((dag)): you will speak to another employee",
        """
Dear ((naam)),

Your meeting on ((dag)) at ((tijd)) takes place. You will speak to another employee. The time and place stay the same.

((medewerker_zin))

((antwoord_zin))

((link))
"""
        + _SLOT_EN,
    ),
    "geannuleerd": _sms(
        "((gemeente)): uw gesprek op ((dag)) om ((tijd)) gaat niet door. U hoeft niets te doen. ((hulp))",
        "((gemeente)): your meeting on ((dag)) at ((tijd)) is cancelled. You do not have to do anything. ((hulp))",
    )
    | _email(
        "Uw gesprek op ((dag)) gaat niet door",
        """
Beste ((naam)),

Uw gesprek met de gemeente op ((dag)) om ((tijd)) uur gaat niet door. U hoeft niets te doen.
"""
        + _SLOT_NL,
        "Your meeting on ((dag)) is cancelled",
        """
Dear ((naam)),

Your meeting with the municipality on ((dag)) at ((tijd)) is cancelled. You do not have to do anything.
"""
        + _SLOT_EN,
    ),
    "onduidelijk": _sms(
        "((gemeente)): wij begrijpen uw bericht niet goed. Wilt u uw gesprek op ((dag)) om ((tijd)) opnemen? "
        "Antwoord ((ja)), ((nee)) of ((weet_niet)). U kunt ook kijken op ((link)) ((hulp))",
        "((gemeente)): we do not quite understand your message. Do you want to record your meeting on ((dag)) at "
        "((tijd))? Reply ((ja)), ((nee)) or ((weet_niet)), or see ((link)) ((hulp))",
    ),
    "kopie_formulier": _sms(
        "((gemeente)): het formulier van uw gesprek op ((dag)) is klaar. U kunt het lezen en bewaren: "
        "((link)) ((hulp))",
        "((gemeente)): the form of your meeting on ((dag)) is ready. You can read and save it: ((link)) ((hulp))",
    )
    | _email(
        "Uw kopie van het formulier van ((dag))",
        """
Beste ((naam)),

Bij dit bericht zit uw kopie van het formulier over het opnemen van uw gesprek op ((dag)) om ((tijd)) uur. Bewaar het goed.

U vindt het formulier ook hier:
((link))
"""
        + _SLOT_NL,
        "Your copy of the form of ((dag))",
        """
Dear ((naam)),

With this message you find your copy of the form about recording your meeting on ((dag)) at ((tijd)). Keep it safe.

You can also find the form here:
((link))
"""
        + _SLOT_EN,
    ),
    "regels": _sms("((spelregels_kort)) ((hulp))", "((spelregels_kort)) ((hulp))"),
    "hulp": _sms(
        "((gemeente)): antwoord JA als u uw gesprek wilt opnemen, NEE als u dat niet wilt, of WEET NIET. "
        "Antwoord REGELS voor de regels, STOP voor geen berichten meer. ((hulp))",
        "((gemeente)): reply YES if you want to record your meeting, NO if not, or DON'T KNOW. "
        "Reply REGELS for the rules, STOP for no more messages. ((hulp))",
    ),
    "welke_afspraak": _sms(
        "((gemeente)): over welk gesprek gaat uw bericht? Antwoord met het cijfer: ((keuzes)). ((hulp))",
        "((gemeente)): which meeting is your message about? Reply with the number: ((keuzes)). ((hulp))",
    ),
    "geen_afspraak": _sms(
        "((gemeente)): wij vinden bij dit nummer geen gesprek dat nog komt. ((hulp))",
        "((gemeente)): we find no coming meeting for this number. ((hulp))",
    ),
    "niet_meer": _sms(
        "((gemeente)): dit kunt u niet meer per sms veranderen. Vertel het aan het begin van uw gesprek. ((hulp))",
        "((gemeente)): you can no longer change this by text message. Tell us at the start of your meeting. ((hulp))",
    ),
    "doorgegeven": _sms(
        "((gemeente)): wij hebben uw bericht. Een medewerker leest het. Heeft u haast? ((hulp))",
        "((gemeente)): we have your message. An employee will read it. Is it urgent? ((hulp))",
    ),
    "gestopt": _sms(
        "((gemeente)): u krijgt geen sms meer van ons over uw gesprek. Het gesprek gaat wel door. "
        "Toch weer sms krijgen? Antwoord START. ((hulp))",
        "((gemeente)): you will get no more texts from us about your meeting. The meeting still takes place. "
        "Want texts again? Reply START. ((hulp))",
    ),
    "weer_aan": _sms(
        "((gemeente)): u krijgt weer sms van ons over uw gesprek. ((hulp))",
        "((gemeente)): you will get texts from us about your meeting again. ((hulp))",
    ),
}
