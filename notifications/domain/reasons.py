"""Why a message did not arrive, in one vocabulary for all providers, and what a person does about it.

The texts are read by case workers and coordinators: plain Dutch, and always a next step.
"""

from enum import StrEnum


class Reason(StrEnum):
    """One word for what went wrong; the gateways translate their codes to these."""

    NONE = ""
    INVALID_ADDRESS = "invalid_address"
    NOT_MOBILE = "not_mobile"
    NOT_ALLOWED = "not_allowed"
    REGION_OFF = "region_off"
    UNROUTABLE = "unroutable"
    OPTED_OUT = "opted_out"
    UNREACHABLE = "unreachable"
    UNKNOWN_NUMBER = "unknown_number"
    BLOCKED = "blocked"
    FILTERED = "filtered"
    CARRIER_ERROR = "carrier_error"
    SENDER_NOT_REGISTERED = "sender_not_registered"
    TOO_LONG = "too_long"
    QUEUE_FULL = "queue_full"
    RATE_LIMITED = "rate_limited"
    ACCOUNT = "account"
    PROVIDER_ERROR = "provider_error"
    REFUSED = "refused"
    VALIDITY_EXPIRED = "validity_expired"
    TOO_LATE = "too_late"
    MAILBOX_UNKNOWN = "mailbox_unknown"
    MAILBOX_FULL = "mailbox_full"
    MAILBOX_UNAVAILABLE = "mailbox_unavailable"
    MAIL_REFUSED = "mail_refused"
    MAIL_DEFERRED = "mail_deferred"
    SUPPRESSED = "suppressed"
    SPAM_REPORT = "spam_report"
    NO_ANSWER = "no_answer"
    LOST = "lost"
    SILENT = "silent"
    INCOMPLETE = "incomplete"
    CAPPED = "capped"
    BUDGET = "budget"
    CHANNEL_OFF = "channel_off"
    WITHDRAWN = "withdrawn"


_CALL_OR_WRITE = "Bel de cliënt of stuur een brief."
_CHECK_NUMBER = "Controleer het nummer met de cliënt, of stuur een brief."
_CHECK_MAIL = "Controleer het e-mailadres met de cliënt, of bel."
_TELL_ADMIN = "Meld dit bij de beheerder. Is er haast? Bel de cliënt."

# reason -> (what happened, what to do)
_TEXTS: dict[Reason, tuple[str, str]] = {
    Reason.NONE: ("", ""),
    Reason.INVALID_ADDRESS: ("Dit nummer of adres bestaat niet.", _CALL_OR_WRITE),
    Reason.NOT_MOBILE: ("Dit is geen mobiel nummer. Een sms komt daar niet aan.", _CHECK_NUMBER),
    Reason.NOT_ALLOWED: (
        "Naar dit soort nummer sturen wij geen sms.",
        "Vraag de cliënt om een Nederlands mobiel nummer, of stuur een brief.",
    ),
    Reason.REGION_OFF: ("Ons account bij de provider mag geen sms sturen naar dit land.", _TELL_ADMIN),
    Reason.UNROUTABLE: ("De provider kan dit nummer niet bereiken.", _CALL_OR_WRITE),
    Reason.OPTED_OUT: (
        "De cliënt heeft zich afgemeld voor deze berichten.",
        "Stuur geen nieuw bericht langs deze weg. Bel of stuur een brief.",
    ),
    Reason.UNREACHABLE: (
        "De telefoon was niet bereikbaar. Hij staat uit of heeft geen bereik.",
        "Probeer het later nog eens, of bel de cliënt.",
    ),
    Reason.UNKNOWN_NUMBER: ("Dit nummer is niet in gebruik.", _CHECK_NUMBER),
    Reason.BLOCKED: ("De telefoon of de provider houdt onze berichten tegen.", _CALL_OR_WRITE),
    Reason.FILTERED: (
        "De provider zag het bericht als ongewenst en hield het tegen.",
        "Bel de cliënt. Komt dit vaker voor? Laat de tekst van het bericht aanpassen.",
    ),
    Reason.CARRIER_ERROR: ("De telefoonprovider kon het bericht niet bezorgen.", _CALL_OR_WRITE),
    Reason.SENDER_NOT_REGISTERED: ("Onze afzender is niet geregistreerd.", _TELL_ADMIN),
    Reason.TOO_LONG: ("Het bericht was te lang.", "Laat de coördinator de tekst korter maken."),
    Reason.QUEUE_FULL: ("De provider had het te druk.", "Stuur het bericht opnieuw, of bel."),
    Reason.RATE_LIMITED: ("De provider had het te druk.", "Stuur het bericht opnieuw, of bel."),
    Reason.ACCOUNT: ("De provider laat ons nu niet versturen.", _TELL_ADMIN),
    Reason.PROVIDER_ERROR: ("Er was een storing bij de provider.", _CALL_OR_WRITE),
    Reason.REFUSED: ("De provider nam het bericht niet aan.", _TELL_ADMIN),
    Reason.VALIDITY_EXPIRED: ("Het bericht kwam niet op tijd aan.", "Bel de cliënt."),
    Reason.TOO_LATE: ("Het bericht kon niet op tijd weg.", "Bel de cliënt."),
    Reason.MAILBOX_UNKNOWN: ("Dit e-mailadres bestaat niet.", _CHECK_MAIL),
    Reason.MAILBOX_FULL: ("De mailbox van de cliënt is vol.", "Bel de cliënt."),
    Reason.MAILBOX_UNAVAILABLE: ("De mailbox van de cliënt neemt geen mail aan. Hij is vol of gesloten.", _CHECK_MAIL),
    Reason.MAIL_REFUSED: ("De mailserver van de cliënt nam de mail niet aan.", _CHECK_MAIL),
    Reason.MAIL_DEFERRED: ("De mailserver van de cliënt neemt nu niets aan.", "Is er haast? Bel de cliënt."),
    Reason.SUPPRESSED: ("Een eerdere mail naar dit adres kwam terug.", _CHECK_MAIL),
    Reason.SPAM_REPORT: (
        "De cliënt heeft onze mail als ongewenst gemeld.",
        "Stuur geen mail meer. Bel of stuur een brief.",
    ),
    Reason.NO_ANSWER: (
        "Wij weten niet zeker of het bericht is verstuurd. Wij zoeken het uit.",
        "U hoeft nu niets te doen.",
    ),
    Reason.LOST: ("Wij konden niet nagaan of het bericht is verstuurd.", _CALL_OR_WRITE),
    Reason.SILENT: (
        "Het bericht is verstuurd. Wij weten niet of het is aangekomen.",
        "Is er nog geen antwoord? Bel de cliënt of stuur een brief.",
    ),
    Reason.INCOMPLETE: ("In het bericht ontbrak een gegeven.", _TELL_ADMIN),
    Reason.CAPPED: ("Naar dit nummer of adres gingen vandaag al te veel berichten.", _TELL_ADMIN),
    Reason.BUDGET: (
        "Het team heeft zoveel berichten verstuurd als was afgesproken. Dit bericht wacht.",
        "Vraag de beheerder om meer ruimte. Is er haast? Bel de cliënt.",
    ),
    Reason.CHANNEL_OFF: ("Dit soort berichten staat uit.", _TELL_ADMIN),
    Reason.WITHDRAWN: ("Het bericht was niet meer nodig.", ""),
}


def reason_text(reason: Reason) -> str:
    """What happened, in Dutch at B1 level; empty when nothing is wrong."""
    return _TEXTS[reason][0]


def advice_text(reason: Reason) -> str:
    """What the reader does now, in Dutch at B1 level; empty when there is nothing to do."""
    return _TEXTS[reason][1]
