"""The tables of the post room; ``outbox`` and ``wording`` are the only writers."""

from notifications.models.console import ConsoleItem
from notifications.models.engine import EngineFlag
from notifications.models.inbound import InboundEmail, InboundSms
from notifications.models.limits import AllowedPrefix, Budget
from notifications.models.message import Attempt, Message
from notifications.models.opt_out import OptOut
from notifications.models.receipt import Receipt
from notifications.models.spent import Spent
from notifications.models.template import TemplateVersion

__all__ = [
    "AllowedPrefix",
    "Attempt",
    "Budget",
    "ConsoleItem",
    "EngineFlag",
    "InboundEmail",
    "InboundSms",
    "Message",
    "OptOut",
    "Receipt",
    "Spent",
    "TemplateVersion",
]
