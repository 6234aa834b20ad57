"""Settings of the whole service, read from the environment (docs/settings.md lists every variable).

Nothing here has a secret as its default: a key that is missing or weak stops the start and says how
to make one. `make run` makes its own keys in var/demo.env, the tests bring fixed ones.
"""

import socket
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
from cryptography.fernet import Fernet
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from project.env import BASE_DIR, env
from project.logs import logging_config

django_stubs_ext.monkeypatch()

VAR_DIR = BASE_DIR / "var"

# --- What kind of run is this ---------------------------------------------------------------------
_debug = env.flag("DEBUG")
DEMO = env.flag("DEMO")
if DEMO and not _debug:
    raise ImproperlyConfigured(
        "DEMO=1 shows every message to whoever opens the page; it only starts together with DEBUG=1."
    )
# The demo shows what production shows: our own error pages, hashed static files, no query log.
DEBUG = _debug and not DEMO

PORT = env.number("PORT", 8000)
PUBLIC_URL = env.text("PUBLIC_URL", f"http://127.0.0.1:{PORT}" if _debug else "").rstrip("/")
_public = urlsplit(PUBLIC_URL)
if _public.scheme not in {"http", "https"} or not _public.hostname or _public.path:
    raise ImproperlyConfigured(
        "PUBLIC_URL must be the address clients see, scheme and host only, such as "
        "https://vooraf.gemeente.example: links and webhook signatures are made with it."
    )
HTTPS = _public.scheme == "https"
_local_hosts = ("127.0.0.1", "localhost", "[::1]") if _debug else ()
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", (_public.hostname, *_local_hosts))

# --- Keys -----------------------------------------------------------------------------------------
SECRET_KEY = env.key("SECRET_KEY")
SECRET_KEY_FALLBACKS = [key for key in [env.secret("SECRET_KEY_OLD")] if key]
# Client links are HMACs under this key: a dump of the database holds no usable link.
LINK_KEY = env.key("LINK_KEY")
# Blind index: finds the client of an inbound phone number without decrypting the table.
INDEX_KEY = env.key("INDEX_KEY")
# Newest first; the first encrypts, all decrypt. Separated by commas or lines.
FIELD_KEYS = env.secret("FIELD_KEYS").replace(",", " ").split()
try:
    # A list without keys is refused like a list with a wrong one.
    [Fernet(key) for key in FIELD_KEYS or [""]]
except ValueError:
    raise ImproperlyConfigured(
        "FIELD_KEYS is missing or holds something that is not a Fernet key: set FIELD_KEYS or "
        "FIELD_KEYS_FILE to one or more keys, newest first, each from: python3 -c "
        '"import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())". '
        "For a trial on your own machine: make run."
    ) from None
if len({SECRET_KEY, LINK_KEY, INDEX_KEY}) < 3:
    raise ImproperlyConfigured("SECRET_KEY, LINK_KEY and INDEX_KEY must be three different keys.")

# --- The municipality -----------------------------------------------------------------------------
GEMEENTE_NAAM = env.text("GEMEENTE_NAAM", "Gemeente Voorbeeld")
GEMEENTE_TELEFOON = env.text("GEMEENTE_TELEFOON", "14 012")
# Who wrote a text or a rules sheet does not publish it; off only where one person does all.
FOUR_EYES = env.flag("FOUR_EYES", default=True)

# --- Message providers ----------------------------------------------------------------------------
# A channel whose settings are absent is off, or goes to the console gateway when that is on.
NOTIFICATIONS_CONSOLE = env.flag("NOTIFICATIONS_CONSOLE", default=_debug)
TWILIO_ACCOUNT_SID = env.text("TWILIO_ACCOUNT_SID")
TWILIO_AUTH_TOKEN = env.secret("TWILIO_AUTH_TOKEN")
TWILIO_API_KEY = env.text("TWILIO_API_KEY")
TWILIO_API_SECRET = env.secret("TWILIO_API_SECRET")
TWILIO_FROM = env.text("TWILIO_FROM")
TWILIO_MESSAGING_SERVICE_SID = env.text("TWILIO_MESSAGING_SERVICE_SID")
TWILIO_API_URL = env.text("TWILIO_API_URL", "https://api.twilio.com").rstrip("/")
# The number a client can text to, as shown on pages; "" when the sender cannot receive.
SMS_NUMBER_SHOWN = env.text("SMS_NUMBER_SHOWN", TWILIO_FROM if TWILIO_FROM.startswith("+") else "")
SENDGRID_API_KEY = env.secret("SENDGRID_API_KEY")
SENDGRID_API_URL = env.text("SENDGRID_API_URL", "https://api.sendgrid.com").rstrip("/")
SENDGRID_FROM_EMAIL = env.text("SENDGRID_FROM_EMAIL")
SENDGRID_FROM_NAME = env.text("SENDGRID_FROM_NAME", GEMEENTE_NAAM)
SENDGRID_WEBHOOK_PUBLIC_KEY = env.text("SENDGRID_WEBHOOK_PUBLIC_KEY")
SENDGRID_INBOUND_PUBLIC_KEY = env.text("SENDGRID_INBOUND_PUBLIC_KEY")
SENDGRID_INBOUND_DOMAIN = env.text("SENDGRID_INBOUND_DOMAIN")
# How old a signed report may be; a repeat changes nothing either way, because reports count once.
SENDGRID_WEBHOOK_WINDOW_SECONDS = env.number("SENDGRID_WEBHOOK_WINDOW_SECONDS", 300)
# Brakes on sending: where SMS may go, and how many messages one person may get in a day.
NOTIFICATIONS_SMS_PREFIXES = env.words("NOTIFICATIONS_SMS_PREFIXES", ("+316",))
NOTIFICATIONS_DAILY_CAP_SMS = env.number("NOTIFICATIONS_DAILY_CAP_SMS", 25)
NOTIFICATIONS_DAILY_CAP_EMAIL = env.number("NOTIFICATIONS_DAILY_CAP_EMAIL", 25)
NOTIFICATIONS_THREADS = env.number("NOTIFICATIONS_THREADS", 48)
# Segments (SMS) or mails a second, of all workers together; 0 is as fast as the provider takes them.
NOTIFICATIONS_RATE_SMS = env.number("NOTIFICATIONS_RATE_SMS", 0)
NOTIFICATIONS_RATE_EMAIL = env.number("NOTIFICATIONS_RATE_EMAIL", 0)
# Per team: a mistake stops at a thousand texts, with time to see it, and not at four thousand.
NOTIFICATIONS_BUDGET_SMS_HOUR = env.number("NOTIFICATIONS_BUDGET_SMS_HOUR", 2_000)
NOTIFICATIONS_BUDGET_SMS_DAY = env.number("NOTIFICATIONS_BUDGET_SMS_DAY", 10_000)
NOTIFICATIONS_BUDGET_SMS_MONTH = env.number("NOTIFICATIONS_BUDGET_SMS_MONTH", 0)
NOTIFICATIONS_BUDGET_EMAIL_HOUR = env.number("NOTIFICATIONS_BUDGET_EMAIL_HOUR", 2_000)
NOTIFICATIONS_BUDGET_EMAIL_DAY = env.number("NOTIFICATIONS_BUDGET_EMAIL_DAY", 10_000)
NOTIFICATIONS_BUDGET_EMAIL_MONTH = env.number("NOTIFICATIONS_BUDGET_EMAIL_MONTH", 0)
NOTIFICATIONS_RETENTION_DAYS = env.number("NOTIFICATIONS_RETENTION_DAYS", 30)

# --- Applications ---------------------------------------------------------------------------------
INSTALLED_APPS = [
    "project",
    "afspraken",
    "notifications",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    # Its widget templates, so that templates/django/forms can override the field around them.
    "django.forms",
    "allauth",
    "allauth.account",
    "django_htmx",
    "django_q",
    "csp",
]
MIDDLEWARE = [
    # First: it also turns the refusals of the others into problems, and refuses the API on http
    # instead of redirecting it.
    "afspraken.api.middleware.ApiEdge",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Outside whatever may fail: an error page behind a client's link stays out of caches too.
    "afspraken.web.client.middleware.TokenPages",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # A screen that was handed to a client shows that client's form and nothing else.
    "afspraken.web.medewerker.middleware.Slot",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "project.urls"
WSGI_APPLICATION = "project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "project.context.municipality",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Database, cache, queue -----------------------------------------------------------------------
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.database("DATABASE_URL", f"sqlite:///{VAR_DIR / 'vooraf.sqlite3'}")
}
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # With the defaults a worker and two writers lose more than half their writes to "database is
    # locked"; a write lock taken at BEGIN, and readers that do not block, lose none.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    # A server that is away or unplugged is noticed within seconds, and not held to be busy for a quarter of an hour.
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 10,
        "tcp_user_timeout": 20_000,
        "keepalives_idle": 30,
        **DATABASES["default"].get("OPTIONS", {}),
    }

REDIS_URL = env.secret("REDIS_URL")
CACHES: dict[str, dict[str, Any]] = {
    # Shared by all processes: rate limits that live in one process are no limits.
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "vooraf_cache",
            # Rate limits keep a row per visitor: with Django's 300, a few hundred visitors push each other out.
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    ),
    # The cluster writes its own statistics every poll; in the database that costs 900 queries a
    # minute while idle.
    "q": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "q"},
}
Q_CLUSTER: dict[str, Any] = {
    "name": "vooraf",
    "workers": env.number("WORKER_PROCESSES", 2),
    # retry must exceed timeout, or a slow task runs twice at once.
    "timeout": 60,
    "retry": 120,
    "max_attempts": 3,
    # A worker that was down does not replay missed ticks: every sweep asks "who is due now?".
    "catch_up": False,
    # Tasks taken from the broker wait in memory; the clock of `retry` already runs for them.
    "queue_limit": 4,
    # Each look at the database is a query; at one a second a message waits half a second on average.
    "poll": 1.0,
    # Successes are not kept (each costs a count and a delete); failures always are.
    "save_limit": -1,
    "cache": "q",
    "broker_class": "project.broker_redis.RedisBroker" if REDIS_URL else "project.broker.OrmBroker",
    **({"redis": REDIS_URL} if REDIS_URL else {"orm": "default"}),
}
# The node's name in /metrics; its process number is put behind it.
WORKER_NAME = env.text("WORKER_NAME", socket.gethostname())
# What is set of the watchdog's bounds, in seconds; project/watchdog.py has the defaults and the reasons.
WORKER_BOUNDS = {
    name: env.number(variable, 0)
    for name, variable in {
        "beat": "WORKER_BEAT_SECONDS",
        "start": "WORKER_START_SECONDS",
        "idle": "WORKER_IDLE_SECONDS",
        "busy": "WORKER_BUSY_SECONDS",
        "stop": "WORKER_STOP_SECONDS",
        "failed_starts": "WORKER_FAILED_STARTS",
    }.items()
    if env.text(variable)
}

# --- Language and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
TIME_ZONE = "Europe/Amsterdam"
USE_I18N = True
USE_TZ = True

# --- Static files ---------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
# What npm installed, as far as pages use it (project/frontend.py puts it there).
_frontend = VAR_DIR / "frontend"
STATICFILES_DIRS: list[Any] = [
    BASE_DIR / "project" / "static",
    # Absent before `make install` has run; commands must work all the same.
    *([("vendor", _frontend)] if _frontend.is_dir() else []),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Pages name hashed files only, and those may be kept for ever; compressing each twice doubles the wait.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Source maps of the API documentation are megabytes that nobody's page loads.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("map", "png", "jpg", "gif", "ico", "woff2", "gz", "br", "zip")
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

# --- Logging in -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "afspraken.Gebruiker"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/werk/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "project.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
# No mail to whoever types an address that has no account: anyone could have us write to anyone.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_FORMS = {
    "login": "project.account_forms.LoginForm",
    "change_password": "project.account_forms.ChangePasswordForm",
    "set_password": "project.account_forms.SetPasswordForm",
    "reset_password": "project.account_forms.ResetPasswordForm",
    "reset_password_from_key": "project.account_forms.ResetPasswordKeyForm",
    "reauthenticate": "project.account_forms.ReauthenticateForm",
}
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "change_password": "5/m/user",
    "reset_password": "20/m/ip,5/m/key",
    "reauthenticate": "10/m/user",
}
# How many proxies of our own stand in front; with 0 a forwarded address is not believed.
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 0)
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- Security -------------------------------------------------------------------------------------
# __Host- pins a cookie to this host over https; a browser refuses it on http, hence the demo's names.
_cookie_prefix = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_cookie_prefix}sessionid"
CSRF_COOKIE_NAME = f"{_cookie_prefix}csrftoken"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 9 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SECURE_SSL_REDIRECT = HTTPS
# Probes of the platform come in on http, from inside.
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
# A proxy that terminates TLS says so in this header; without a trusted proxy anyone could say it.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
# Not "no-referrer": Chromium then sends "Origin: null" with a form, which Django refuses.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# --- Logging --------------------------------------------------------------------------------------
LOG_LEVEL = env.text("LOG_LEVEL", "INFO")
PLAIN_LOG = _debug
LOGGING = logging_config(level=LOG_LEVEL, plain=PLAIN_LOG)
