"""Every setting of the portal, each value from the environment.

PORTAL_ENV says where we run: `demo` (the default: embedded servers, a key kept in var/), `test`
or `production`. In production an unsafe or missing value stops the start, with one sentence.
"""

import logging
import os
import secrets
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from supportportal import embedded

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("PORTAL_VAR", BASE_DIR / "var"))

ENVIRONMENT = os.environ.get("PORTAL_ENV", "demo")
if ENVIRONMENT not in {"demo", "test", "production"}:
    raise ImproperlyConfigured("PORTAL_ENV must be demo, test or production.")
IN_PRODUCTION = ENVIRONMENT == "production"


def _flag(name: str, *, default: bool) -> bool:
    value = os.environ.get(name, "1" if default else "0").strip().lower()
    if value not in {"0", "1", "true", "false", "yes", "no"}:
        raise ImproperlyConfigured(f"{name} must be 1 or 0.")
    return value in {"1", "true", "yes"}


def _names(name: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


def _secret_key() -> str:
    """The signing key: given in production, made once and kept in var/ elsewhere."""
    key = os.environ.get("SECRET_KEY", "")
    if IN_PRODUCTION:
        if len(key) < 50 or len(set(key)) < 10:
            raise ImproperlyConfigured(
                "SECRET_KEY must be set to at least 50 random characters in production."
            )
        return key
    if key:
        return key
    if ENVIRONMENT == "test":
        return secrets.token_urlsafe(50)
    path = VAR_DIR / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must start with postgresql://.")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "supportportal.postgres",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or query.pop("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": "5",
            # What is asked for the fifth time is no longer planned (docs/decisions, 0034); a pooler
            # that hands a connection on after each transaction may not bear it.
            "server_side_binding": True,
            "prepare_threshold": 5 if _flag("DATABASE_PREPARED", default=True) else None,
            **query,
        },
    }


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = _names("SECRET_KEY_FALLBACKS")
DEBUG = _flag("DEBUG", default=False)
ALLOWED_HOSTS = _names("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = _names("CSRF_TRUSTED_ORIGINS")
BASE_URL = os.environ.get("PORTAL_BASE_URL", "http://127.0.0.1:8000").rstrip("/")

if IN_PRODUCTION:
    if DEBUG:
        raise ImproperlyConfigured("DEBUG must be off in production.")
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS must name the portal's hosts in production.")
    if not _flag("BEHIND_TLS_PROXY", default=False):
        raise ImproperlyConfigured(
            "BEHIND_TLS_PROXY=1 must be set in production: the portal is served only behind a "
            "proxy that ends TLS and sets X-Forwarded-Proto itself."
        )
    if not BASE_URL.startswith("https://"):
        raise ImproperlyConfigured("PORTAL_BASE_URL must start with https:// in production.")
    for required in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL"):
        if not os.environ.get(required):
            raise ImproperlyConfigured(f"{required} must be set in production.")
elif not ALLOWED_HOSTS:
    ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *_names("HOST")]

# --- Applications ---------------------------------------------------------------------------

INSTALLED_APPS = [
    "supportportal",
    "announcements",
    "tickets",
    "knowledge",
    "entitlements",
    "sla",
    "notifications",
    "accounts",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "supportportal.download_host.DownloadHostMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "supportportal.page_weight.CompressPagesMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.ReaderLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.kept_text.KeptTextMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.DeviceMiddleware",
    "accounts.middleware.ReaderTimeZoneMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "accounts.middleware.PrivatePagesMiddleware",
    "supportportal.write_limit.WriteLimitMiddleware",
    "supportportal.page_errors.DomainErrorMiddleware",
]

ROOT_URLCONF = "supportportal.urls"
WSGI_APPLICATION = "supportportal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "supportportal.context_processors.portal",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Data -------------------------------------------------------------------------------------

DATABASES = {"default": _database(os.environ.get("DATABASE_URL") or embedded.database_url())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = os.environ.get("REDIS_URL") or embedded.redis_url()
CACHES = {
    "default": {
        "BACKEND": "supportportal.cache.PatientRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "portal",
        # A cache that hangs holds a page up for so long, once for each question.
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
    }
}
MEDIA_ROOT = Path(os.environ.get("PORTAL_MEDIA", VAR_DIR / "media"))
MEDIA_URL = ""  # Files are served by a view that asks the ticket, never from a public path.
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_HANDLERS = [
    "tickets.uploads.LimitedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
ATTACHMENT_MAX_BYTES = int(os.environ.get("ATTACHMENT_MAX_BYTES", str(25 * 1024 * 1024)))
ATTACHMENT_MAX_COUNT = int(os.environ.get("ATTACHMENT_MAX_COUNT", "10"))
# Files that arrive in pieces: one of them, and what one person may have waiting. Units: bytes.
UPLOAD_MAX_BYTES = int(os.environ.get("UPLOAD_MAX_BYTES", str(10 * 1024**3)))
UPLOAD_MAX_WAITING_BYTES = int(os.environ.get("UPLOAD_MAX_WAITING_BYTES", str(20 * 1024**3)))
# How long a malware sample is kept after its ticket was closed; its hash and verdict stay.
SAMPLE_RETENTION_DAYS = int(os.environ.get("SAMPLE_RETENTION_DAYS", "90"))
# Where clamd listens: unix:///run/clamav/clamd.ctl or tcp://host:3310. Empty: nothing is scanned,
# and each file says so.
CLAMD_ADDRESS = os.environ.get("CLAMD_ADDRESS", "")
if CLAMD_ADDRESS and urlsplit(CLAMD_ADDRESS).scheme not in {"unix", "tcp"}:
    raise ImproperlyConfigured("CLAMD_ADDRESS must start with unix:// or tcp://.")
# Where files of strangers are given out, best on a domain of its own: no page and no cookie lives
# there (docs/decisions, 0036). Empty: the portal gives them out itself, as attachments.
DOWNLOAD_URL = os.environ.get("PORTAL_DOWNLOAD_URL", "").rstrip("/")
DOWNLOAD_PATH = "/downloads/"
_download_host = urlsplit(DOWNLOAD_URL).hostname or ""
# In the demo another name of the same machine: there the rest of it stays the portal.
DOWNLOAD_HOST_IS_SHARED = _download_host in ALLOWED_HOSTS
if DOWNLOAD_URL:
    if urlsplit(DOWNLOAD_URL).scheme not in ({"https"} if IN_PRODUCTION else {"http", "https"}):
        raise ImproperlyConfigured("PORTAL_DOWNLOAD_URL must start with https:// in production.")
    if _download_host == urlsplit(BASE_URL).hostname or (IN_PRODUCTION and DOWNLOAD_HOST_IS_SHARED):
        raise ImproperlyConfigured("PORTAL_DOWNLOAD_URL must name a host that is not the portal's.")
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, _download_host]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# --- Celery -----------------------------------------------------------------------------------

# Celery has its own name for the address of a socket.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A publish that cannot reach the broker gives up at once: the outbox row is already committed and
# the next tick of the beat table finds it.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # A broker that hangs holds whoever files a ticket up for so long.
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
    "max_retries": 0,
    # A task is the worker's once it is fetched: what one leaves undone, the next tick finds. With
    # acknowledgements, kombu 5.7 ends a worker that loses the broker while a task is under way.
    "ack_emulation": False,
}
# How often one process starts a task of which the beat finds the work a moment later; 0 starts it
# after each commit. Units: seconds.
KICKED_EVERY_SECONDS = 0.0 if ENVIRONMENT == "test" else 0.2
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")

# --- People and sessions ----------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["supportportal.readers.ReaderBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
if ENVIRONMENT == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "accounts.adapter.InvitedOnlyAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.sign_in_forms.SignInForm",
    "reset_password": "accounts.sign_in_forms.ForgottenPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # People are invited to an address; nobody signs up.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = os.environ.get("PORTAL_VENDOR_NAME", "Orrin") + " Support"
# Staff must hold a second factor; the demo leaves it off so that a visitor gets in at once.
STAFF_SECOND_FACTOR_REQUIRED = _flag("STAFF_SECOND_FACTOR_REQUIRED", default=IN_PRODUCTION)

# Changes one person makes in a minute, by page and API together; the demo counts none.
WRITES_PER_MINUTE = int(os.environ.get("WRITES_PER_MINUTE", "240" if IN_PRODUCTION else "0"))

# Not cached: people stay signed in while Valkey is away or was emptied (docs/decisions, 0011).
SESSION_ENGINE = "supportportal.sessions"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "supportportal.page_errors.csrf_failure"

# --- Transport security -----------------------------------------------------------------------

if IN_PRODUCTION:
    # Who asks stands so far from the end of X-Forwarded-For: tries are counted by that address,
    # and by the proxy's everybody would share one count.
    _proxies = os.environ.get("TRUSTED_PROXIES", "1")
    if not _proxies.isdecimal() or int(_proxies) < 1:
        raise ImproperlyConfigured("TRUSTED_PROXIES must be a whole number from 1.")
    ALLAUTH_TRUSTED_PROXY_COUNT = int(_proxies)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    # Probes and Prometheus come from inside, without the proxy.
    SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
    SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds())
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    # A sample's form leads on to the host that gives files out.
    "form-action": [CSP.SELF, *([DOWNLOAD_URL] if DOWNLOAD_URL else [])],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}

# --- Mail -------------------------------------------------------------------------------------

_mail = urlsplit(os.environ.get("EMAIL_URL") or f"file://{VAR_DIR / 'mail'}")
_backends = "django.core.mail.backends"
_mailer: dict[str, object]
if _mail.scheme == "file":
    _mailer = {
        "BACKEND": f"{_backends}.filebased.EmailBackend",
        "OPTIONS": {"file_path": unquote(_mail.path)},
    }
elif _mail.scheme == "console":
    _mailer = {"BACKEND": f"{_backends}.console.EmailBackend"}
elif _mail.scheme in {"smtp", "smtp+tls", "smtps"}:
    _mailer = {
        "BACKEND": f"{_backends}.smtp.EmailBackend",
        "OPTIONS": {
            "host": _mail.hostname or "localhost",
            "port": _mail.port or {"smtp": 25, "smtp+tls": 587, "smtps": 465}[_mail.scheme],
            "username": unquote(_mail.username or ""),
            "password": unquote(_mail.password or ""),
            "use_tls": _mail.scheme == "smtp+tls",
            "use_ssl": _mail.scheme == "smtps",
            "timeout": 10,
        },
    }
else:
    raise ImproperlyConfigured(
        "EMAIL_URL must be file:///path, console:, smtp://, smtp+tls:// or smtps://."
    )
MAILERS = {"default": _mailer}
DEFAULT_FROM_EMAIL = os.environ.get("PORTAL_FROM_EMAIL", "Orrin Support <support@orrin.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Webhooks call the internet only, so that nobody reaches our own servers through them.
WEBHOOKS_HTTPS_ONLY = IN_PRODUCTION
WEBHOOKS_MAY_STAY_INSIDE = _flag("WEBHOOKS_MAY_STAY_INSIDE", default=False)
if IN_PRODUCTION and WEBHOOKS_MAY_STAY_INSIDE:
    raise ImproperlyConfigured("WEBHOOKS_MAY_STAY_INSIDE must be off in production.")
# Who manages the webhooks of an owner, by the owner's first word.
WEBHOOK_OWNERS = {
    "staff": "notifications.permissions.manages_webhooks_of_staff",
    "customer": "entitlements.permissions.manages_webhooks_of",
}
# The names an article may be filed under; articles know no tickets.
PRODUCT_NAMES = "tickets.querysets.product_names"
# Who may still read of a thing when a mail of it goes out, by the word of its thread.
NOTICE_SIGHTS = {
    "ticket": "tickets.notices.readable_tickets",
    "escalation": "tickets.escalation_notices.readable_escalations",
    "announcement": "announcements.notices.readable_announcements",
}
# What the mail of a notice offers besides reading it, by the notice's kind.
NOTICE_OFFERS = {"resolved": "tickets.rating_links.offers_of"}

# --- Words and places -------------------------------------------------------------------------

VENDOR_NAME = os.environ.get("PORTAL_VENDOR_NAME", "Orrin")
PHONE_LINE = os.environ.get("PORTAL_PHONE", "+1 617 555 0142")
LANGUAGE_CODE = "en"
# In their own words: who looks for theirs may read no other.
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "portal_language"
LANGUAGE_COOKIE_AGE = int(timedelta(days=365).total_seconds())
USE_I18N = True
USE_TZ = True
# By whose clock the vendor's own night begins.
HOME_ZONE = os.environ.get("PORTAL_HOME_ZONE", "America/New_York")
TIME_ZONE = "UTC"
FORMAT_MODULE_PATH = None

# --- Static files -----------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(os.environ.get("PORTAL_STATIC", VAR_DIR / "static"))
WHITENOISE_USE_FINDERS = not IN_PRODUCTION
if not IN_PRODUCTION:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a missing one
WHITENOISE_MAX_AGE = 0 if DEBUG else 3600
if IN_PRODUCTION:
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }

# --- API --------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api_authentication.ApiTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api_authentication.IsSignedInWithScope"],
    "DEFAULT_THROTTLE_CLASSES": ["accounts.api.throttling.WriteThrottle"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["accounts.api.parsing.BoundedJSONParser"],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "supportportal.api_errors.handle_exception",
    "DEFAULT_PAGINATION_CLASS": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": f"{VENDOR_NAME} Support Portal API",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["accounts.api_authentication.IsSignedInWithScope"],
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "supportportal.api_schema.add_refusals",
    ],
    "ENUM_NAME_OVERRIDES": {
        "TicketStateEnum": "tickets.choices.TicketState.choices",
        "ContractStateEnum": "entitlements.choices.ContractState.choices",
        "ClockStateEnum": "sla.choices.ClockState.choices",
        "TicketKindEnum": "tickets.choices.TicketKind.choices",
        "ScanStateEnum": "tickets.choices.ScanState.choices",
        "EventKindEnum": "tickets.choices.EventKind.choices",
        "ReplayOutcomeEnum": "tickets.choices.ReplayOutcome.choices",
        "SeverityEnum": "entitlements.choices.Severity.choices",
    },
}

# --- Watch ------------------------------------------------------------------------------------

# A step acted on later than this after its time is marked late. Units: seconds.
WATCH_LATE_AFTER_SECONDS = 60

# Told every so often, while the watch looks; its silence is the outside's alarm. Units: seconds.
HEARTBEAT_URL = os.environ.get("HEARTBEAT_URL", "")
HEARTBEAT_SECONDS = float(os.environ.get("HEARTBEAT_SECONDS", "30"))
if HEARTBEAT_URL and urlsplit(HEARTBEAT_URL).scheme not in {"http", "https"}:
    raise ImproperlyConfigured("HEARTBEAT_URL must start with https:// or http://.")
if HEARTBEAT_SECONDS < 1:
    raise ImproperlyConfigured("HEARTBEAT_SECONDS must be 1 or more.")

# --- Figures for Prometheus -------------------------------------------------------------------

# Who may read /metrics: a program that sends the token, or one that asks from these networks
# without a proxy between. With neither there is no such page.
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")
if METRICS_TOKEN and len(METRICS_TOKEN) < 20:
    raise ImproperlyConfigured("METRICS_TOKEN must have 20 characters or more.")
try:
    METRICS_NETWORKS = [ip_network(name) for name in _names("METRICS_NETWORKS")]
except ValueError as error:
    raise ImproperlyConfigured(
        "METRICS_NETWORKS must name networks, as in 10.0.0.0/8,192.0.2.7."
    ) from error

# --- Sending ----------------------------------------------------------------------------------

# How long an answer or a note can be taken back after it was sent; 0 holds nothing. Units: seconds.
SEND_HOLD_SECONDS = float(
    os.environ.get("SEND_HOLD_SECONDS", "0" if ENVIRONMENT == "test" else "10")
)
if not 0 <= SEND_HOLD_SECONDS <= 60:
    raise ImproperlyConfigured("SEND_HOLD_SECONDS must be between 0 and 60.")

# --- Queue ------------------------------------------------------------------------------------

# How old the sizes of the queue's views may be; 0 counts anew for every page. Units: seconds.
QUEUE_COUNTED_EVERY_SECONDS = 0 if ENVIRONMENT == "test" else 2

# --- Logs -------------------------------------------------------------------------------------


def _is_no_probe(record: logging.LogRecord) -> bool:
    """A probe asks every few seconds: the checks themselves log what failed."""
    request = getattr(record, "request", None)
    return request is None or not request.path.startswith("/health/")


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "filters": {
        "no_probe": {"()": "django.utils.log.CallbackFilter", "callback": _is_no_probe},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    # The beat ticks every second: a line for each would bury what people do.
    "loggers": {
        "django.request": {"filters": ["no_probe"]},
        "celery.app.trace": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
    },
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
