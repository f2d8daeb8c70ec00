# Everything CI checks before the tests: `make check`. Runs inside the environment.
# With `lint`: only what takes a second. With `format`: mend what can be mended.
set -u
failed=""

step() {
    name=$1
    shift
    echo "── $name"
    "$@" || failed="$failed $name"
}

templates() {
    git ls-files -z --cached --others --exclude-standard 'templates/*.html' | xargs -0 -r djade --target-version 6.1 "$@"
}

if [ "${1:-}" = format ]; then
    ruff check --fix-only --quiet .
    ruff format .
    templates
    exit 0
fi

export PORTAL_ENV=test
export PYTHONWARNINGS=default

step ruff ruff check .
step format ruff format --check .
step templates templates --check
if [ "${1:-}" != lint ]; then
    # Servers of its own: the migrations are compared with a real, empty database.
    PORTAL_VAR=$(mktemp -d)
    export PORTAL_VAR
    chmod 711 "$PORTAL_VAR"
    trap 'python -m supportportal.embedded stop; rm -rf "$PORTAL_VAR"' EXIT
    step servers sh -c 'python -m supportportal.embedded start >/dev/null'

    step types mypy
    step imports lint-imports
    step migrations python manage.py makemigrations --check --dry-run
    step deploy env PORTAL_ENV=production \
        SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
        ALLOWED_HOSTS=support.orrin.example BEHIND_TLS_PROXY=1 \
        PORTAL_BASE_URL=https://support.orrin.example \
        DATABASE_URL=postgresql://portal@db/portal REDIS_URL=redis://queue:6379/0 \
        EMAIL_URL=smtp+tls://mail.orrin.example \
        python manage.py check --deploy --fail-level WARNING
    step image hadolint --failure-threshold info Dockerfile
    step compose check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
fi

if [ -n "$failed" ]; then
    echo "Failed:$failed" >&2
    exit 1
fi
echo "All checks passed."
