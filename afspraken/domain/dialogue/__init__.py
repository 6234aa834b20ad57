"""The conversation by SMS: given what one text says and where the conversation stands, what to do next.

Pure: the caller loads the appointments of the phone and acts on the steps. The rules in short: a text is
about an appointment only when that is certain; an unclear text gets one question and then a person; our
own texts are never the cause of the next one.
"""

from afspraken.domain.dialogue.limits import MAX_KEUZES, MAX_PER_DAG, MAX_VERKEERDE_CODES
from afspraken.domain.dialogue.rules import decide
from afspraken.domain.dialogue.steps import (
    AskWhich,
    Besluit,
    Clarify,
    NoAppointment,
    OpenAfspraak,
    OptIn,
    OptOut,
    PassOn,
    RecordAnswer,
    Reden,
    SendHelp,
    SendRules,
    Silence,
    Stand,
    Stap,
    TooLate,
    Vraag,
    Worklist,
)

__all__ = [
    "MAX_KEUZES",
    "MAX_PER_DAG",
    "MAX_VERKEERDE_CODES",
    "AskWhich",
    "Besluit",
    "Clarify",
    "NoAppointment",
    "OpenAfspraak",
    "OptIn",
    "OptOut",
    "PassOn",
    "RecordAnswer",
    "Reden",
    "SendHelp",
    "SendRules",
    "Silence",
    "Stand",
    "Stap",
    "TooLate",
    "Vraag",
    "Worklist",
    "decide",
]
