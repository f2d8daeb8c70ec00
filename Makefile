# Everything runs in .venv, which scripts/bootstrap.py makes with uv; it needs only a Python.
PYTHON ?= python3
BOOTSTRAP = sh scripts/bootstrap.sh $(PYTHON)
# Arguments for pytest, as in: make test ARGS="tests/sla -x"
ARGS ?=

.PHONY: help demo servers stop test faults bench lint check format screens messages

help:
	@echo "make demo      everything on one machine: http://127.0.0.1:8000 (PORT= HOST= RESET=1)"
	@echo "make test      the whole suite, browser tests included (ARGS= for pytest)"
	@echo "make check     what CI checks before the tests;  make lint: the quick part of it"
	@echo "make screens   a picture of every page into var/screens/"
	@echo "make messages  the texts of the code into locale/, to be translated (docs/languages.md)"
	@echo "make faults    every test that kills and starves, the long drills too;  make bench: the load figures"
	@echo "make servers   PostgreSQL and Valkey alone, for manage.py;  make stop: stop them"

demo:
	@exec $(BOOTSTRAP) --no-dev -- python -m scripts.demo

servers:
	@exec $(BOOTSTRAP) -- python -m supportportal.embedded start

stop:
	@exec $(BOOTSTRAP) -- python -m supportportal.embedded stop

# One worker a core, at most four: each has servers of its own. With a browser come whole portals,
# one a worker, and half the time is waiting for them. Each worker keeps to its share, whose files
# may load something for all their tests, and takes of another's when its own is done. What kills
# and starves comes last, alone: it needs the room. ARGS may leave one of the three without a test,
# which pytest answers with 5.
test:
	@$(BOOTSTRAP) -- python -m pytest -n auto --maxprocesses 4 --dist worksteal -m "not browser and not faults" $(ARGS) || [ $$? -eq 5 ]
	@$(BOOTSTRAP) -- python -m pytest -n auto --maxprocesses 2 --dist worksteal -m browser $(ARGS) || [ $$? -eq 5 ]
	@$(BOOTSTRAP) -- python -m pytest -m "faults and not drills" $(ARGS) || [ $$? -eq 5 ]

faults:
	@exec $(BOOTSTRAP) -- python -m pytest -m faults $(ARGS)

bench:
	@exec $(BOOTSTRAP) -- python -m tests.load $(ARGS)

lint:
	@exec $(BOOTSTRAP) -- sh scripts/check.sh lint

check:
	@exec $(BOOTSTRAP) -- sh scripts/check.sh

format:
	@exec $(BOOTSTRAP) -- sh scripts/check.sh format

messages:
	@exec $(BOOTSTRAP) -- sh scripts/messages.sh

screens:
	@exec $(BOOTSTRAP) -- python -m scripts.screens $(ARGS)

