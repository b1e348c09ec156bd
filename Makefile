SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := build
.PHONY: build test lint worker bench picture clean

GOLANGCI := v2.15.0
linter   := bin/golangci-lint-$(GOLANGCI)

build: ## one static binary: bin/sandrepl
	CGO_ENABLED=0 go build -trimpath -o bin/sandrepl .

test: ## everything that can be tested here, after installing what the tests need
	@.ci/packages python3=python3 python3:ensurepip=python3-venv python3:pip=python3-pip tmux=tmux ps=procps curl=curl gcc=gcc,libc6-dev \
		$(foreach m,numpy pandas matplotlib jedi,/usr/bin/python3:$(m)=python3-$(m)) /usr/bin/python3:PIL=python3-pil
	@.ci/worker || { [ -z "$${CI:-}" ] && echo "what runs through the Worker is left out of these tests" >&2; }
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); [ -z "$$unformatted" ] || { echo "not gofmt'ed: $$unformatted"; exit 1; }
	go vet ./...
	pythons=$$(.ci/pythons); CGO_ENABLED=1 SANDREPL_TEST_PYTHONS=$$pythons go test -race -timeout 13m ./...

worker: ## the Worker: its types, its format, its tests in Cloudflare's runtime, its bundle
	@.ci/worker
	cd workers/rlm-sandbox && npm run check

lint: $(linter) ## golangci-lint, whose findings are zero
	$(linter) run ./...

$(linter):
	GOBIN=$(CURDIR)/bin go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI)
	mv bin/golangci-lint $@

bench: ## the kernel beside ipykernel, and this REPL beside IPython, ptpython and jupyter console, as ratios
	@.ci/packages python3=python3 $(foreach p,ipython3 ptpython jupyter-console,/usr/bin/$(p)=$(p)) \
		$(foreach m,ipykernel jupyter_client numpy,/usr/bin/python3:$(m)=python3-$(subst _,-,$(m)))
	go run ./bench/kernel
	go run ./bench/tui
	go test -run "^$$" -bench . -benchtime 3s ./bench

picture: build ## docs/sandrepl.svg, from the real thing
	@.ci/packages python3=python3 tmux=tmux
	docs/picture bin/sandrepl

clean:
	rm -rf bin
