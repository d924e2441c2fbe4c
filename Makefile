# Two commands: `make run` and `make test`. The others are their parts. `make help` lists them.

SHELL := /bin/bash
MAKEFLAGS += --no-print-directory --no-builtin-rules

target := $(or $(CARGO_TARGET_DIR),target)
wasm := $(target)/wasm32-unknown-unknown/wasm
# Cargo's progress is for someone watching.
cargo_build := cargo build $(shell [ -t 2 ] || echo --quiet)
cargo_wasm := $(cargo_build) --profile wasm --target wasm32-unknown-unknown
# Every folder of plugins/ is a plugin, but the builder.
plugins := $(filter-out build,$(notdir $(patsubst %/,%,$(dir $(wildcard plugins/*/Cargo.toml)))))

PORT ?= 8000
export PORT

.DEFAULT_GOAL := help
.PHONY: help run test build plugins web host fmt bench audit provision

help: ## Say what there is
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

run: ## Build everything, lift one sentence, serve the workbench on http://127.0.0.1:8000 (PORT=... for another)
	@.ci/start

test: ## Everything CI runs; `.ci/check STEP` runs one step of it
	@.ci/check

build: plugins web host ## Plugins, workbench and host

# Through the default members' selection (see Cargo.toml), unlike `cargo run -p`.
.PHONY: builders
builders:
	@$(cargo_build) --bin lift-plugin-build --bin lift-web-build

plugins: builders ## The controller plugins, as components in plugins/dist/, which the host takes in
	@$(cargo_wasm) $(addprefix -p lift-plugin-,$(plugins))
	@$(target)/debug/lift-plugin-build plugins/dist \
	  $(foreach plugin,$(plugins),$(wasm)/lift_plugin_$(subst -,_,$(plugin)).wasm)

web: builders ## The workbench, in dist/
	@npm run --silent bundle --if-present
	@$(cargo_wasm) -p lift-web
	@$(target)/debug/lift-web-build index.html $(wasm) target/web/page
	@npm run --silent minify
	@npm run --silent compress

host: ## The lift binary and its solver worker
	@$(cargo_build)

fmt: ## Format the Rust code
	@cargo fmt

bench: ## Print the figures of the benchmarks
	@cargo build --release --quiet -p lift-solver
	@cargo bench

# Each search goes on for LIFT_SOUNDNESS_SECONDS; LIFT_SOUNDNESS_SEED starts it where no run has been.
.PHONY: soundness
soundness: ## Try for an hour to make the provers lie
	@LIFT_SOUNDNESS_SECONDS=$${LIFT_SOUNDNESS_SECONDS:-900} cargo test --test proof -- --nocapture --test-threads 1

# Each search goes on for LIFT_FUZZ_SECONDS; LIFT_FUZZ_SEED starts it where no run has been.
.PHONY: fuzz
fuzz: ## Try for an hour to break the engine with texts that nobody wrote
	@LIFT_FUZZ_SECONDS=$${LIFT_FUZZ_SECONDS:-1800} cargo test -p lift-core --test fuzz -- --nocapture --test-threads 1 no_

audit: ## Look the dependencies up in the RustSec advisories (fetched from GitHub, so not part of `make test`)
	@.ci/provision deny
	@PATH="$$PWD/.deps/bin:$$PATH" cargo deny check advisories

provision: ## Fetch what the build needs and the machine lacks
	@.ci/provision
