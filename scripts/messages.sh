#!/bin/sh
# Reads all texts into the catalogues and compiles them; needs gettext. Use: make messages
set -eu
export PORTAL_ENV=test DATABASE_URL=postgresql://nobody@127.0.0.1:1/none REDIS_URL=redis://127.0.0.1:1/0
python -W ignore manage.py makemessages --locale de --locale es --no-location --no-wrap --no-obsolete \
    --ignore .venv --ignore var --ignore tests
python -W ignore manage.py compilemessages --ignore .venv --ignore var
