"""The address of the test's own database, for another process to open."""

from urllib.parse import quote

from django.db import connection


def database_url() -> str:
    """As DATABASE_URL has it. A socket's folder stands in the options, a machine's name in HOST."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    user = quote(str(found["USER"])) + (f":{quote(str(found['PASSWORD']))}" if found["PASSWORD"] else "")
    host = str(found["HOST"] or found.get("OPTIONS", {}).get("host", ""))
    if host.startswith("/"):
        return f"postgres://{user}@/{found['NAME']}?host={quote(host, safe='')}"
    port = f":{found['PORT']}" if found["PORT"] else ""
    return f"postgres://{user}@{host}{port}/{found['NAME']}"
