# Run scripts/bootstrap.py with a Python that can, or say in one sentence why none can.
python=$1
shift
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 8))' >/dev/null 2>&1; then
    if command -v "$python" >/dev/null 2>&1; then
        echo "The Python called $python does not work or is older than 3.8: install Python 3.13 or name one with PYTHON=." >&2
    else
        echo "There is no Python called $python here: install Python 3.13 or name one with PYTHON=." >&2
    fi
    exit 1
fi
exec "$python" scripts/bootstrap.py "$@"
