"""Tables. Only ``afspraken.flow`` (and, for accounts and keys, the pages of the beheerder) writes them."""

from afspraken.models.afspraak import Afspraak, Vorm, VroegeAnnulering
from afspraken.models.formulier import Formulier, FormulierStatus, Handtekening, Rolnaam, Toestemming, Wijze
from afspraken.models.instellingen import ApiSleutel, Importconcept, TeamInstellingen
from afspraken.models.logboek import LogRegel, Werkpunt, WerkpuntSoort
from afspraken.models.personen import Client, Gebruiker, Medewerker, MedewerkerAlias, Rol, Team
from afspraken.models.spelregels import SpelregelsStatus, SpelregelsVersie, SpelregelsVertaling
from afspraken.models.voornemen import Gezien, SmsGesprek, Voornemen

__all__ = [
    "Afspraak",
    "ApiSleutel",
    "Client",
    "Formulier",
    "FormulierStatus",
    "Gebruiker",
    "Gezien",
    "Handtekening",
    "Importconcept",
    "LogRegel",
    "Medewerker",
    "MedewerkerAlias",
    "Rol",
    "Rolnaam",
    "SmsGesprek",
    "SpelregelsStatus",
    "SpelregelsVersie",
    "SpelregelsVertaling",
    "Team",
    "TeamInstellingen",
    "Toestemming",
    "Voornemen",
    "Vorm",
    "VroegeAnnulering",
    "Werkpunt",
    "WerkpuntSoort",
    "Wijze",
]
