"""The words people use in an SMS, as patterns over a normalised text (see ``reply``).

A normalised text is lower case without diacritics and apostrophes, its words parted by single spaces; a
comma stands for any mark that ends a clause, a question mark for itself. Every pattern matches whole
words. Order decides: what stands first is tried first at the same word.
"""

from __future__ import annotations

import re

from afspraken.domain.voornemen import Antwoord, Doel, Soort

# Names of the signals. JA_ZWAK counts only alone; the TOCH ones correct an earlier word.
CODE = "code"
CIJFER = "cijfer"
JA = "ja"
JA_ZWAK = "ja_zwak"
JA_TOCH = "ja_toch"
NEE = "nee"
NEE_TOCH = "nee_toch"
WEET = "weet"
WEET_ANDERS = "weet_anders"
LIEVER_NIET = "liever_niet"
STOP_SMS = "stop_sms"
STOP_KAAL = "stop_kaal"
STOP_OPNEMEN = "stop_opnemen"
NIET_STOPPEN = "niet_stoppen"
START = "start"
REGELS = "regels"
HULP = "hulp"
HULP_ZIN = "hulp_zin"
PERSOON = "persoon"
AANWEZIG = "aanwezig"
INSTEMMING = "instemming"
BELEEFD = "beleefd"
NEUTRAAL = "neutraal"
HERSTEL = "herstel"

_TABLE = r"""
code         [2-9][bcdfghjkmnpqrstvwxz]
code         ((?<=^)|(?<=ja )|(?<=nee )|(?<=niet )|(?<=code ))[2-9] [bcdfghjkmnpqrstvwxz](?= ja| nee| weet|$)
cijfer       ((nummer|nr|number|keuze|optie|option|afspraak|gesprek) )?[1-9]
cijfer       (de |het |the )?(eerste|tweede|derde|vierde|first|second|third)( gesprek| afspraak| one)?<slot>
# What is said in passing and only looks like an answer.
neutraal     waarom (ook )?niet|why not|niet alleen|not only|als het niet \w+
neutraal     (niet|niets|niks|nooit){zo heel erg altijd alles meer al te iets}
              (goed|alles|onthouden|onthoud|horen|vergeten|vergeet|snel|verstaan)
beleefd      no problem|no worries|geen (probleem|problemen|punt|dank|moeite|zorgen)
# The purpose is nobody's business: no answer to the question whether.
liever_niet  ((zeg|vertel|meld) ik{dat het je u jullie er}|zeg (dat|het)){liever gewoon nog} <niets>( hoor)?
liever_niet  wil<ik>{dat het u je jullie}( liever)? <niets>( aan| tegen)?( u| je| jullie)?( zeggen| vertellen| kwijt)
liever_niet  (liever )?<niets> (zeggen|vertellen)
liever_niet  gaat (u|je|jullie|niemand|de gemeente){dat het} <niets>( aan)?
liever_niet  niet (uw|jullie|je) zaak|none of your business
liever_niet  (i )?(id |would )?(rather|prefer)( to)? not( to)? (say|tell)( you| that)?
liever_niet  (i )?(do not|dont) (want|wish|like)( to)? (say|tell)( you| that)?
# Not for us to read: attendance, changes, calls, wrong numbers. A person has to.
persoon      (ik |we |wij )?kan<ik>
             {helaas dan die_dag dat er morgen vandaag echt toch op maandag dinsdag woensdag donderdag vrijdag}
              niet( komen| aanwezig( zijn)?| bij zijn| zijn)?<slot>
persoon      (ik |we |wij )?k(om|omen)<ik>{helaas dan morgen vandaag echt dus toch} niet( meer)?
persoon      (ik )?ben er (dan |helaas )?niet<slot>
persoon      (ik )?ben( ik)?{helaas erg heel} (ziek|verhinderd)|im (sick|ill)|i am (sick|ill)
persoon      ((afspraak|gesprek|appointment|meeting) )?(wil ik |graag |te |moet ik )*(verzetten|verplaatsen)
persoon      afzeggen|annuleren|annuleer|afbellen|afwezig|cancel(led)?( (my|the|this) (appointment|meeting))?
persoon      andere (tijd|datum|dag)|another (time|day|date)|reschedule
persoon      (ik )?(ben|kom)( ik)? (wat |iets |te )*(laat|later)|(running|be) late
persoon      bel(t|len)?( u)? (mij|me|ons)( terug| op)?|terug ?bell?en|(mij|me|ons) (terug ?)?bellen
persoon      bel terug|call me( back)?
persoon      contact( met \w+)?( op)? ?(op ?nemen|op|te nemen)?|phone me
persoon      (i )?(cant|cannot|can not|wont|will not) (come|make it|attend|be there)
persoon      verkeerde? (nummer|persoon)|wrong (number|person)|nummer klopt niet
# Decides between "don't know whether" and "don't know what for".
weet_anders  we+t<ik>{het nog nu alleen zelf echt} <niet>( precies| zeker)?
              (waarvoor|waarom|wat|hoe|welke?|wie|wanneer|waar)
weet_anders  (do not|dont|not sure)( really| yet)?( know)?( yet)? (what|why|how|which|who|when|where)
weet         we+t<ik>{het t k dat nog nu echt eigenlijk zelf even gewoon} (niet|nie|nit|neit|niett)( zeker)?
weet         weetni(et|e|t)|(nog )?geen (flauw )?idee|no idea|nie wiem
weet         (nog )?niet (helemaal )?(zeker|besloten|beslist)( van)?|(er )?(nog )?niet (over )?uit<slot>
weet         twijfel\w*|mis+c?h?ie?n|misschie|mischein|misschein|mss|wellicht|mogelijk|eventueel|maybe|mayb|perhaps
weet         possibly
weet         dunno|idk|dontknow|(do not|dont|did not|didnt){really yet}( know| no)( yet)?<slot>
weet         (do not|dont) know (yet )?(if|whether)|not (really |yet |so |quite )*(sure|decided)( yet)?
weet         undecided
weet         (moet|wil|ga|zal)<ik>{er het}{nog even eerst}( over)? (nadenken|overleggen)
weet         denk<ik>( er)?( nog)?( even)? over na|hangt er ?van ?af|(it )?depends
weet         denk( het| van| ik)+( wel| niet)?|denk (ja|nee|wel|niet)|waarschijnlijk( wel| niet)?
weet         i think (so|not|yes|no)|probably( not| yes)?|zou kunnen|(we )?zien (we )?(dan )?wel
weet         laat<ik>( het| dat| u| je| jullie| nog| later)+ weten|(ill|will) let you know( later)?
# STOP is about messages; "ik stop met opnemen" is not.
niet_stoppen stop\w*{er nog met_sms} (niet|nooit)|(niet|nooit|dont|do not|never) (te )?stop\w*
stop_opnemen stop\w*{ik er nu toch maar ook dan}( met)?{het de mijn te the my} <opnemen>
stop_sms     (stop+|stoppen|stopt|houd? op|ophouden|kappen)
             {aub svp nu eens alstublieft alsjeblieft maar direct gewoon graag please u jullie hier}
             ( met| mee)?{het de al die deze dit uw jullie mij me sturen van sending the these your all te}
              (<sms>|sturen|sending|lastig)
stop_sms     (wil|hoef|wens|stuur|stuurt|graag|liever){ik mij me ons u aub svp s_v_p nu liever dus}
              geen (enkele )?<sms>( meer)?
stop_sms     geen <sms> meer|no more <sms>|niet meer (sturen|<sms>)|<sms> (mij |me )?niet meer
stop_sms     stuur (mij |me |ons )?(aub |svp )?(niks|niets) meer
stop_sms     (dont|do not) (text|message|sms) me( anymore)?
stop_sms     schrijf (mij|me) uit|haal (mij|me) (eraf|er af)|unsubscribe|opt ?out|stopall|afmelden voor <sms>
stop_kaal    stop+|stoppen|sotp|stpo|uitschrijven|afmelden
start        start+|unstop|strat|aanmelden
start        (toch )?(graag )?weer (wel )?(graag )?<sms>( ontvangen| krijgen| sturen)?
regels       spelregels?|spelregls|spel regels|huisregels|regels|regeles|regls|reegels|regelss|rgels|rules?
hulp_zin     (ik )?(snap|begrijp|versta)<ik>{het dit er u je deze dat bericht sms jullie even} (niet|niks|niets|nie)
hulp_zin     (i )?(do not|dont) (get|understand)( it| this| you)?
hulp_zin     wat (is|betekent|bedoelt?|bedoelen) (dit|dat|u|je|jullie|de bedoeling)( hiermee| hier mee)?
hulp_zin     wat moet ik (nu )?doen|hoe werkt (dit|het|dat)|waar(over)? gaat (dit|het)( over)?
hulp_zin     wie (is|bent|ben|zijn) (dit|u|je|jij|jullie)|who (is this|are you)|what (is this|does this mean)
hulp         hulp|help|info|informatie|uitleg|hullp|hupl|hulo|hepl|helpp
# An answer to another question: whether they will come.
aanwezig     (ik |we |wij )(kom|komen|zal er zijn|ben er(?! (nog )?niet)|ben erbij|ben aanwezig|zal komen)
             {eraan dan zeker wel}
aanwezig     (ill|i will|we will) (be there|come)|(im|i am) coming|i come
nee_toch     toch (maar |liever )?<niet><slot>
ja_toch      toch (maar )?(wel|doen)<slot>|toch (maar |wel )*<opnemen><slot>
nee          (zeker|absoluut|echt|natuurlijk|tuurlijk|beslist|helemaal|liever|graag|gewoon|ook|sowieso|uiteraard
             |eigenlijk) (maar |toch )?<niet><slot>
nee          hoef(t|ft)?{van voor mij mijn me ik het dat u echt er} <niet>( zo)?( nodig)?<slot>
nee          niet nodig|nergens voor nodig|not needed|no need|not necessary
nee          geen (behoefte|interesse|zin)( aan| in)?
nee          (wil|ga|gaan|doe|doen|zal|willen)
             {ik we wij het dat dit er liever toch maar echt zeker ook gewoon gesprek} <niet>( doen)?<slot>
nee          ben<ik>{dat het} niet van plan|geen (geluids)?opname[ns]?|geen opnames|no recordings?
nee          (i )?(wont|will not|do not|dont|am not|m not)( going to| gonna| want to| want| plan to)?<slot>
nee          (definitely|absolutely|certainly|of course|id rather|would rather|rather|surely) not<slot>
nee          ne{2,}[nhj]?|nre|nwee|neen|neuh?|nah|no+|nope|nein|nooit|never
ja           ja+h?|(ja){2,}|joa|jawel|jazeker|jahoor|jaha|jep|jup|yep|yup|yes+h?|yeah+|yea
instemming   ok+|oke+|okay|okee|okido|prima|(dat |het )?is goed|dat is prima|goed|top|akkoord|begrepen|duidelijk
instemming   fine|got it
ja_zwak      (heel |erg )?graag|zeker( weten)?|tuurlijk|natuurlijk|uiteraard|absoluut|sure|of course|certainly
ja_zwak      definitely|absolutely|(dat )?doe ik(?! (\w+ )?niet)( zeker| wel)?|please do
ja_zwak      (ik |we |wij )?(wil|willen) (het |dat |dit )?(wel|graag)(?=( hoor| bedankt| dank\w*)*( [,?]|$))
ja_zwak      doe maar(?! niet)
herstel      wacht|sorry|pardon|oeps|oops|bedoel|bedoelde|foutje|fout|correctie|actually|wait|mean|meant|nu|now|liever
beleefd      (heel |erg |hartelijk |alvast |nogmaals |many )*
             (bedankt|dank\w*|thanks?|thx|tnx|merci|gracias|danke|dziekuje|tesekkurler|shukran)
             ( u| je| you)?( wel)?( (voor|for)( de| het| uw| jullie| je| the| your)? [^ ,?]+)?
beleefd      (tot|see you) (dan|ziens|morgen|straks|snel|zo|later|then|soon|tomorrow|\w+dag|volgende week)
beleefd      fijne \w+|prettige? \w+
beleefd      (met )?(vriendelijke |hartelijke |lieve )?(groet|groeten|groetjes)( [^ ]+){0,6}$
beleefd      (mvg|gr|grt|grtjs|liefs|regards|(kind|best|warm) regards|greetings|cheers)( [^ ]+){0,6}$|groet
beleefd      groeten|groetjes
neutraal     (goede|goeie|good) ?(morgen|middag|avond|dag|morning|afternoon|evening)
neutraal     goede(morgen|middag|navond|ndag)
"""
"""One signal a line: its name and what it looks like; a line that begins with spaces goes on. A plain group
captures nothing. ``{a b}`` is any number of these words in between, with _ for a space; ``<name>`` a list below.
"""

_LISTS = {
    "sms": (
        r"(smse?n?|smsjes?|smss?en|sms ?berichten|berichten|berichtjes?|bericht|appjes|appen|mailtjes"
        r"|messages?|texts?|texting|messaging|herinneringen|reminders)"
    ),
    "ik": "( ik| we| wij| k)?",
    "niet": "(niet|nie)",
    "niets": "(niet|niks|niets|nie)",
    "opnemen": r"(op ?nemen|op te nemen|opneem|opgenomen|opnam?es?|opname[ns]?|film\w*|record\w*|vastleggen)",
    # A negation that closes its clause, give or take a polite word: "dat hoeft niet hoor", not "hoeft niet lang".
    "slot": (
        r"(?={hoor bedankt dankje dankjewel dank_u dank_je dank_u_wel dank_je_wel alvast nodig doen opnemen op_nemen"
        " opname opnames aub meer thanks thank please u you mij me voor van to do record need graag sorry groet"
        " groeten groetjes gr mvg mevrouw meneer}( [,?]|$))"
    ),
}


def _pattern(text: str) -> str:
    """The notation of the table as a regular expression."""
    for name, pattern in _LISTS.items():
        text = text.replace(f"<{name}>", pattern)
    text = re.sub(r"\{([a-z_ ]+)\}", lambda m: "(" + "|".join(f" {w}" for w in m[1].split()) + ")*", text)
    return re.sub(r"\((?!\?)", "(?:", text).replace("_", " ")


def _rows(table: str) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for line in table.splitlines():
        name, pattern = line[:13].strip(), line[13:]
        if line.startswith("#") or not line:
            continue
        if name:
            rows.append((name, pattern))
        else:
            rows[-1] = (rows[-1][0], rows[-1][1] + pattern)
    return [(name, _pattern(pattern)) for name, pattern in rows]


PATTERNS: tuple[tuple[str, str], ...] = tuple(_rows(_TABLE))

SCANNER = re.compile(
    "(?:(?<= )|^)(?:"
    + "|".join(f"(?P<p{number}>{pattern})" for number, (_, pattern) in enumerate(PATTERNS))
    + ")(?= |$)"
)
"""One pass from left to right; ``PATTERNS[int(match.lastgroup[1:])][0]`` names the signal."""

# Whole texts in other languages that clients were invited in; only what can't be a Dutch or English word
# with another meaning. Keys are normalised.
FOREIGN: dict[str, Antwoord] = {
    **dict.fromkeys(("j", "y", "evet", "tak", "oui", "si", "haa", "так", "да", "نعم", "بله", "አወ", "እወ"), Antwoord.JA),
    **dict.fromkeys(
        ("n", "hayir", "nie", "non", "maya", "ні", "нет", "لا", "نه", "ኣይፋል", "ኣይፋልን", "አይፋል"), Antwoord.NEE
    ),
    **dict.fromkeys(
        ("bilmiyorum", "nie wiem", "je ne sais pas", "no se", "mi no sa", "weiss nicht", "ich weiss nicht",
         "weiss ich nicht", "weiss ich noch nicht", "не знаю", "لا اعرف", "لا أعرف", "نمیدانم", "نمی دانم",
         "ma garanayo", "ኣይፈልጥን"),
        Antwoord.WEET_NIET,
    ),
}  # fmt: skip

NEGATION = frozenset(
    "niet nie geen niks niets nooit zonder not never no none dont wont cant cannot without isnt doesnt didnt"
    " noch nor kein nicht".split()
)
# Where one thought ends and a negation no longer reaches.
BREAKS = frozenset("maar dus want omdat zodat anders als om but because so since".split())
QUESTION_START = frozenset(
    "mag mogen kan kunt kunnen moet moeten hoe waar wat wie waarom wanneer welke wilt can may could is do does"
    " what how why when should".split()
)
STOPWORDS = frozenset(
    "ik we wij k u je jij jullie mij me ons het de een dat dit die t er en of ook dan nog wel eens even al is zijn"
    " ben bent wil wou wilde willen ga gaan zal zou zullen kan kunnen mag moet doe doen heb hebben word wordt neem"
    " nemen op maak maken in bij met van voor aan te tot om maar dus want toch nu hier daar zo gewoon alleen"
    " natuurlijk gesprek afspraak opname opnemen opnames graag hoor aub svp alstublieft alsjeblieft please pls plz"
    " hallo hoi hey hi hello dag beste geachte heer meneer mevrouw gemeente mijn uw jouw zelf lekker fijn"
    " i im ill id it the a an to my me will would like want that this is am are be do for of and with at going"
    " gonna record recording meeting conversation appointment code antwoord answer lol haha x dear sir madam"
    " plan just so s p v eventjes hiermee ermee daarmee hierover nou hoeft hoef super leuk mooi you us we our your"
    " then".split()
)
REGELS_EXTRA = frozenset(
    "stuur sturen stuurt toe toesturen zien lezen krijgen ontvangen wat welke zijn waar vind staan gelden opnieuw"
    " keer send give show read see what which where are mail hebben weten over nodig need have know about kunt u can"
    " could you".split()
)
HULP_EXTRA = frozenset("nodig need krijgen heb have wat over with kunt kan can some meer more bij me mij".split())
POLITE = frozenset(
    "hallo hoi hey hi hello dag beste geachte heer meneer mevrouw gemeente hoor aub svp please u je you alvast"
    " dear sir madam x de het voor bericht sms team ook en".split()
)
OK_SIGNS = ("\U0001f44d", "\U0001f44c", "\u2705", "\u2714")
"""Thumb up, OK hand, check marks: agreement, but with what?"""

KINDS: tuple[tuple[Soort, re.Pattern[str]], ...] = (
    (Soort.GELUID, re.compile(r"(?:geluid|audio|voice|stem(?:opname|memo)|dictafoon|sound|spraak)\w*")),
    (Soort.VIDEO, re.compile(r"(?:video|film|vlog)\w*|beeld(?:en|opnames?|materiaal)?|camera")),
    (Soort.FOTO, re.compile(r"(?:foto|photo)\w*|pictures?|kiekjes?")),
)

_PURPOSE_TABLE = r"""
delen        facebook|face book|fb|insta|instagra?m|tik ?tok|you ?tube|twitter|snapchat|linkedin|internet|online
delen        openbaar\w*|publiceren|publiek|posten|social media|sociale media|socials|krant|journalist|media|pers
delen        viraal|post it|publish|public|upload\w*|facbook|facebok
delen?       delen|deel (het|hem|de opname)|share|sharing|verspreiden
deskundige   advoca?at\w*|advocaten|advokaat|jurist\w*|juridisch\w*|deskundigen?|rechts ?bijstand\w*|raadsman
deskundige   raadsvrouw|lawyers?|attorney|solicitor|legal \w+|expert|sociaal raads\w+|raadslieden|adviseur
deskundige   huisarts|dokter|arts|psycholoog|doctor
privekring   familie\w*|famielie|prive ?kring|mantelzorger|gezin|family
privekring   (mijn|m n|mn|me|my|voor|aan|met|de|onze|our|for|with) (man|vrouw|vriend|vriendin|vrienden|zoon|dochter
             |moeder|vader|ouders|broer|zus|zusje|kinderen|kind|buurvrouw|buurman|schoonzus|oma|opa|tante|oom|mama
             |papa|ma|pa|partner|gezin|husband|wife|friend|friends|son|daughter|mother|father|parents|mum|mom|dad
             |brother|sister|kids|children)
naluisteren  (na|terug|af|her)( te |te)? ?luister\w*|opnieuw (luisteren|horen|luister)|naluist\w*
naluisteren  nog (een|n|1) ?keer (\w+ )?(luisteren|horen|beluisteren)|thuis|voor (me|mij|mijn|m) ?zelf
naluisteren  eigen gebruik|terug ?(kijken|horen|zien)|terug te (horen|kijken|luisteren)
naluisteren  listen (back|again|to it|later)|at home|(for )?myself|(my )?own use
"""
"""Words that name a purpose; the question mark after a name: only vaguely ("delen met mijn advocaat")."""

PURPOSES: tuple[tuple[Doel, bool, re.Pattern[str]], ...] = tuple(
    (Doel(name.rstrip("?")), not name.endswith("?"), re.compile(f"(?:(?<= )|^)(?:{pattern})(?= |$)"))
    for name, pattern in _rows(_PURPOSE_TABLE)
)

# Our own texts coming back: an answering machine or a quote. Never read the words in them as an answer.
ECHO = re.compile(
    r"(?:antwoord|reply)(?: ,)? (?:ja|yes)(?: \w\w)?(?: ,)? (?:nee|no|als|if)"
    r"|(?:antwoord|reply) (?:regels|start|stop|opnieuw|again|met het cijfer|with the number)"
    r"|(?:antwoord|reply) , (?:regels|start)|wij begrijpen uw bericht niet goed|we do not quite understand your message"
    r"|u heeft een gesprek op|you have a meeting on|staat genoteerd|we noted|over welk gesprek gaat uw bericht"
    r"|which meeting is your message about|geen gesprek dat nog komt|no coming meeting for this number"
    r"|geen sms meer van ons|no more texts from us|krijgt weer sms van ons|u mag het gesprek opnemen"
    r"|medewerker leest het"
)
# Machines: never answer these.
AUTOMATIC = re.compile(
    r"auto(?:matisch|matic|mated)? ?(?:antwoord|reply|response|bericht|message)|autoreply|auto reply|out of office"
    r"|(?:ik ben|im|i am|ben|am) (?:nu |momenteel |even |currently )*(?:aan het (?:rijden|autorijden)|driving)"
    r"|afwezigheids?bericht|niet (?:op )?dit bericht (?:te )?(?:antwoorden|beantwoorden)|do not reply|noreply"
    r"|(?:ik )?kan (?:nu |even |momenteel |op dit moment )+(?:even )?niet (?:opnemen|praten|bellen)"
    r"|(?:i )?(?:cant|cannot) (?:talk|pick up|answer)(?: right)?(?: now)?"
)
