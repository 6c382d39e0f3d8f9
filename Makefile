# Balie: `make up` starts everything on this machine, `make test` proves it. `make help` lists the rest.
.DEFAULT_GOAL := help
.PHONY: help up down reset logs timeline test check format lock servers chaos bench
PYTHON := .venv/bin/python
LOCAL := exec $(PYTHON) -m deploy.local

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name what; do printf '%-16s %s\n' "$$name" "$$what"; done

up: ## start everything and stay (Ctrl-C stops); DETACH=1 returns when ready
	@deploy/local/setup
	@$(LOCAL) up $(if $(DETACH),--detach)

down: ## stop everything; the data stay
	@deploy/local/setup
	@$(LOCAL) down

reset: ## stop everything and remove the data, mails and logs
	@deploy/local/setup
	@$(LOCAL) reset

logs: ## follow the logs of all processes, or of P=appointments
	@$(LOCAL) logs $(P)

timeline: ## show what the town knows about a contact: EMAIL=... or PHONE=...
	@$(LOCAL) run services.crm.timeline "$(EMAIL)$(PHONE)"

test: ## run all tests on servers of their own; T="tests/unit -k slot" runs some
	@deploy/local/setup --tests
	@$(LOCAL) test $(or $(T),--numprocesses 2 --no-loadscope-reorder)

servers: ## start the tests' servers and print their variables, to run pytest by hand; T=down stops them
	@deploy/local/setup --tests
	@$(LOCAL) servers $(T)

chaos: ## break a whole town and judge it: MINUTES=2 SEED=0 CLUSTER=1 (3: three broker nodes, two of every process)
	@deploy/local/setup --tests
	@PYTHONPATH=. exec $(PYTHON) -m tests.chaos.run --minutes $(or $(MINUTES),2) --seed $(or $(SEED),0) --cluster $(or $(CLUSTER),1)

bench: ## measure, as ratios in one run; T=booking prints one table, LONG=1 measures longer
	@deploy/local/setup --tests
	@$(LOCAL) measure tests.bench.run $(T) $(if $(LONG),--long)

check: ## look at style, types and import rules
	@deploy/local/setup --tests
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports --no-cache

format: ## put the code in the house's format
	@deploy/local/setup --tests
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

lock: ## make requirements/*.lock anew from requirements/*.in
	@requirements/make-locks
