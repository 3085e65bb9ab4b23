# filtermend: `make demo` shows it, `make test` checks it. Every target sets up what it needs.

PYTHON313 := $(firstword $(wildcard $(HOME)/.pyenv/versions/3.13*/bin/python3.13) $(shell command -v python3.13 2>/dev/null))
TOOLS     := .local/tools
PY        := .venv/bin/python
UV        := $(TOOLS)/uv/bin/uv
PORT      ?= 8080
ENV       ?= staging

export PATH := $(dir $(PYTHON313)):$(PATH)
export SAM_CLI_TELEMETRY := 0

.PHONY: help setup demo up down status dashboard sam-local sam-local-up sam-local-down screener costs explain stop go prices prompts scaling doctor test bench load chaos eval eval-diff eval-data check format lock contract schema build deploy deployable secret migrate clean

help:
	@echo "make demo      three filters fail and are repaired, end to end (MODEL=local|scripted|gemini)"
	@echo "make test      everything that is checked"
	@echo "make up, down  the stack on this machine; make status says what runs"
	@echo "make dashboard the template's dashboard with this stack's figures (RANGE=PT30M PERIOD=60)"
	@echo "make sam-local every function in a real container, by sam local (sam-local-up, -down: by hand)"
	@echo "make screener  the Go backend in the foreground (PORT=$(PORT))"
	@echo "make bench     how fast the screener and the functions are (MEASURE=imports|overhead|load|memory|all)"
	@echo "make eval      how many failed filters are repaired, and how well (LIMIT=20; see tests/evals)"
	@echo "make eval-diff two of its reports side by side (A=… B=…)"
	@echo "make load      100 errors at once, none lost or doubled, and where the time goes (LOAD=once|bursts|growth|all ERRORS=)"
	@echo "make chaos     200 errors with faults at every hop, and a right end for each (SEED=, ERRORS=, FAULTS=)"
	@echo "make costs     what repairs cost per user, day and model (DAYS=7 USER=<id> FORMAT=table|csv|json)"
	@echo "make explain   one error's whole story: what happened, why, what it cost (ERROR=<id> STACK=filtermend)"
	@echo "make stop, go  hold all automatic calls, and let them go on (STACK=filtermend)"
	@echo "make prices    prices of models that a release does not know (FILE=prices.json STACK=filtermend)"
	@echo "make prompts   the prompt into Braintrust (BRAINTRUST_API_KEY), else into the local stack's"
	@echo "make doctor    what is broken in a stack, and how to mend it (STACK=filtermend)"
	@echo "make scaling   what a load costs a month, and which limit it reaches first (RATE=10,100 or MONTH=1000,50000)"
	@echo "make check     format, lint, types, template, state machine, security, sam build, Go"
	@echo "make deploy    build, deploy to AWS, migrate the database (ENV=$(ENV); docs/deploy.md)"
	@echo "make secret    values into the stack's secret (ENV=$(ENV)); make migrate ends a first deploy"

# --- set-up: each stamp is made once and again when what it is made from changes ----------------
setup: $(TOOLS)/.dev $(TOOLS)/.sam $(TOOLS)/.aws $(TOOLS)/screener

$(TOOLS)/.python:
	@local/require.sh "$(PYTHON313)"
	@mkdir -p $(TOOLS) && touch $@

$(UV): requirements/uv.txt | $(TOOLS)/.python
	@echo "setup: uv"
	@$(PYTHON313) -m venv $(TOOLS)/uv
	@$(TOOLS)/uv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(TOOLS)/.dev: requirements/dev.txt $(UV)
	@echo "setup: Python packages"
	@$(UV) venv --quiet --allow-existing --python $(PYTHON313) .venv
	@$(UV) pip sync --quiet --python .venv/bin/python --require-hashes $<
	@echo "$(CURDIR)/layers/filtermend" > $$($(PY) -c 'import site; print(site.getsitepackages()[0])')/filtermend.pth
	@touch $@

# Each in an environment of its own, since their pins do not agree.
$(TOOLS)/.sam $(TOOLS)/.aws $(TOOLS)/.awscli $(TOOLS)/.checkov $(TOOLS)/.stand-in: $(TOOLS)/.%: requirements/%.txt $(UV)
	@echo "setup: $*"
	@$(UV) venv --quiet --allow-existing --python $(PYTHON313) $(TOOLS)/$*
	@$(UV) pip sync --quiet --python $(TOOLS)/$*/bin/python --require-hashes $<
	@touch $@

$(TOOLS)/screener: $(shell git ls-files src/screener 2>/dev/null) | $(TOOLS)/.python
	@echo "setup: screener"
	@$(MAKE) --no-print-directory -s -C src/screener build BIN=$(CURDIR)/$@
	@touch $@

$(TOOLS)/actionlint: requirements/actionlint/go.mod requirements/actionlint/go.sum | $(TOOLS)/.python
	@echo "setup: actionlint"
	@cd requirements/actionlint && go build -o $(CURDIR)/$@ github.com/rhysd/actionlint/cmd/actionlint

# --- the stack on one machine -------------------------------------------------------------------
demo: setup
	@$(PY) -m local demo

up: setup
	@$(PY) -m local up

down: setup
	@$(PY) -m local down

status: setup
	@$(PY) -m local status

dashboard: $(TOOLS)/.dev # RANGE and PERIOD, as they are chosen in the console
	@$(PY) -m local.dashboard

sam-local: setup $(TOOLS)/.stand-in
	@$(PY) -m local.sam_local check

sam-local-up: setup $(TOOLS)/.stand-in
	@$(PY) -m local.sam_local up

sam-local-down: setup
	@$(PY) -m local.sam_local down

screener: $(TOOLS)/screener
	@$(TOOLS)/screener -port $(PORT)

# --- operating: the database of DATABASE_URL, else that of the stack on this machine --------------
# USER counts on make's command line alone: in the environment it is the login's name.
costs: export COSTS_USER = $(if $(filter command,$(origin USER)),$(USER))
costs: $(TOOLS)/.dev # DAYS, USER, FORMAT
	@$(PY) -m local.operate costs

explain stop go prices prompts doctor: $(TOOLS)/.dev # STACK, else the stack on this machine; ERROR; FILE
	@$(PY) -m local.operate $@

scaling: $(TOOLS)/.dev # RATE or MONTH, FORMAT=table|json, SHOW=ways|figures|measured, and each variable that SHOW=figures lists
	@$(PY) -m local.scaling

# --- checks ---------------------------------------------------------------------------------------
test: check $(TOOLS)/.awscli $(TOOLS)/.stand-in
	@$(PY) -m pytest

PYTHON_CODE := layers src local tests

check: setup $(TOOLS)/.checkov $(TOOLS)/actionlint
	@echo "check: ruff"
	@.venv/bin/ruff check $(PYTHON_CODE)
	@.venv/bin/ruff format --check --quiet $(PYTHON_CODE)
	@echo "check: mypy"
	@.venv/bin/mypy layers/filtermend local
	@MYPYPATH=tests .venv/bin/mypy tests/evals tests/chaos tests/load
	@MYPYPATH=tests .venv/bin/mypy --follow-imports=silent tests/performance/functions
	@for function in trigger regenerate validate propose sweep migrate doctor; do \
		MYPYPATH=src/$$function:layers/filtermend .venv/bin/mypy src/$$function/*.py || exit 1; done
	@echo "check: template and state machine"
	@AWS_DEFAULT_REGION=us-east-1 $(TOOLS)/sam/bin/sam validate --lint
	@$(PY) -m local.lint_workflow
	@$(PY) -m local.lint_security
	@echo "check: GitHub workflows"
	@$(TOOLS)/actionlint -shellcheck= -pyflakes= .github/workflows/*.yml
	@echo "check: sam build"
	@$(PY) -m local.build
	@echo "check: Go (vet, gofmt, race tests)"
	@$(MAKE) --no-print-directory -C src/screener test

format: setup
	@.venv/bin/ruff check --fix --quiet $(PYTHON_CODE); .venv/bin/ruff format $(PYTHON_CODE)
	@gofmt -w src/screener

lock: $(UV) # after a change of requirements/*.in or layers/dependencies/requirements.in
	@set -e; for name in layers/dependencies/requirements requirements/dev requirements/sam requirements/aws requirements/awscli requirements/checkov requirements/stand-in requirements/uv; do \
		$(UV) pip compile --quiet --upgrade --python-version 3.13 --generate-hashes --no-header $$name.in -o $$name.txt; done

contract: $(TOOLS)/screener # the copy of the filter contract that serves a backend without one
	@$(PY) -m local.contract

schema: $(TOOLS)/.dev # what the migrations make, for the doctor; after a change of src/migrate/sql
	@$(PY) -m local.schema

# --- measurements -----------------------------------------------------------------------------------
# MEASURE=load, memory or all takes minutes; of the functions alone: imports, overhead
FUNCTIONS_ONLY := imports overhead
SCREENER_ONLY  := load memory
bench: setup
ifeq ($(filter $(FUNCTIONS_ONLY),$(MEASURE)),)
	@cd tests/performance/screener && go run . $(or $(MEASURE),bench)
endif
ifeq ($(filter $(SCREENER_ONLY),$(MEASURE)),)
	@PYTHONPATH=tests MEASURE=$(MEASURE) $(PY) -m performance.functions
endif

chaos: setup # SEED, ERRORS (200), FAULTS (0.2): the probability of a fault at each hop
	@PYTHONPATH=tests $(PY) -m chaos

load: setup # LOAD: once (100 errors at the same moment), bursts (1,000), growth (in grown tables), all; ERRORS
	@PYTHONPATH=tests $(PY) -m load

eval: setup # MODEL, CASES, FIXTURES, REPORT, LIMIT, TRIALS, SPLIT, ATTEMPTS, SEED, CACHE, WITHOUT, RESTART
	@PYTHONPATH=tests $(PY) -m evals run

eval-diff: setup # A and B are reports of make eval
	@PYTHONPATH=tests $(PY) -m evals diff "$(A)" "$(B)"

eval-data: setup # records how cases fail, FOLDER=tests/evals/second; CHECK=1 only says whether that is up to date
	@PYTHONPATH=tests $(PY) -m evals.build $(FOLDER) $(if $(CHECK),--check)

# --- AWS --------------------------------------------------------------------------------------------
# SAM's cache does not know for which architecture it built: each has folders of its own.
ARCHITECTURE = $(or $(shell PARAMETERS='$(PARAMETERS)' $(PY) -m local.architecture $(ENV)),$(error which architecture?))

build: setup
	@LAMBDA_ARCH=$(ARCHITECTURE) $(TOOLS)/sam/bin/sam build --config-env $(ENV) \
		--build-dir .aws-sam/$(ARCHITECTURE)/build --cache-dir .aws-sam/$(ARCHITECTURE)/cache \
		--parameter-overrides Architecture=$(ARCHITECTURE)

# PARAMETERS come before those of samconfig.toml, DEPLOY_FLAGS are sam deploy's own.
deploy: deployable build
	@$(PY) -m local.deploy deploy $(ENV)

deployable: $(TOOLS)/.dev # credentials, region and the stack's state, before anything is built
	@$(PY) -m local.deploy check $(ENV)

secret: $(TOOLS)/.dev # asks for the values, or reads a JSON object from standard input
	@$(PY) -m local.deploy secret $(ENV)

migrate: $(TOOLS)/.dev # what make deploy ends with
	@$(PY) -m local.deploy migrate $(ENV)

clean:
	rm -rf .aws-sam .venv .local/tools .mypy_cache .ruff_cache .pytest_cache .hypothesis
