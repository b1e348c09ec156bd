package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/sandrepl/sandrepl/client"
	"github.com/sandrepl/sandrepl/config"
	"github.com/sandrepl/sandrepl/llm"
	"github.com/sandrepl/sandrepl/pricing"
	"github.com/sandrepl/sandrepl/sandbox"
	"github.com/sandrepl/sandrepl/session"
	"github.com/sandrepl/sandrepl/themes"
)

// openTimeout is how long a sandbox may take to answer, unless --timeout says otherwise:
// a container's cold start takes up to 24 s.
const openTimeout = 90 * time.Second

// flags are those that every command shares.
type flags struct {
	workerURL   string
	context     string
	contextJSON string
	setup       string
	brokerURL   string
	timeout     time.Duration
	transport   string
	python      string
	isolation   string
	instance    string
	stateDir    string
	theme       string
	plain       bool

	config        config.Loaded // once settled
	looks         []themes.Theme
	looksWarnings []string
	looksErr      error // what is wrong with the user's own themes: none of them stops what needs no theme
}

func (f *flags) register(set *pflag.FlagSet) {
	set.StringVar(&f.workerURL, "worker-url", "", "the Worker's `URL` (default: RLM_CF_WORKER_URL; without one, sandboxes on this machine)")
	set.StringVar(&f.context, "context", "", "bind the variable context to `TEXT`, or to what @FILE holds (.json is parsed)")
	set.StringVar(&f.contextJSON, "context-json", "", "bind the variable context to this `JSON` value")
	set.StringVar(&f.setup, "setup", "", "Python `FILE` that runs before the first cell, once in a sandbox's life")
	set.StringVar(&f.brokerURL, "broker-url", "", "`URL` of the broker that a cell's llm_query asks, as seen from the sandbox, which keeps it; none takes it away (default: SANDREPL_LLM_URL is asked from here, or you)")
	set.DurationVar(&f.timeout, "timeout", 0, "give up after this `DURATION`: opening (default 1m30s) and, with exec, each cell (default: none)")
	set.StringVar(&f.transport, "transport", "auto", "`auto`, connect (a WebSocket) or poll (any Worker)")
	set.StringVar(&f.python, "python", "", "the Python to use: a `PATH` or a name in the sandbox (default python3)")
	set.StringVar(&f.isolation, "isolation", "namespaces", "how sandboxes on this machine are kept apart: `namespaces`, or none (plain processes that can read your files)")
	set.StringVar(&f.instance, "instance", pricing.DefaultInstance, "the Worker's instance `TYPE`, by which costs are told; SANDREPL_INSTANCE names another default")
	set.StringVar(&f.theme, "theme", themes.Auto, "the `NAME` of the theme, or auto")
	set.StringVar(&f.stateDir, "state-dir", "", "`DIR` of the sandboxes on this machine (default: "+sandbox.DefaultStateDir()+")")
}

// openFor bounds how long a sandbox may take to answer.
func (f *flags) openFor() time.Duration {
	if f.timeout > 0 {
		return f.timeout
	}
	return openTimeout
}

func (f *flags) background() (sandbox.Background, error) {
	isolation, err := sandbox.ParseIsolation(f.isolation)
	if err != nil {
		return sandbox.Background{}, usageError{err}
	}
	dir := f.stateDir
	if dir == "" {
		dir = sandbox.DefaultStateDir()
	}
	return sandbox.Background{StateDir: dir, Python: f.python, Version: version(), Isolation: isolation}, nil
}

// remote is the Worker that the user named, if any.
func (f *flags) remote() (client.Options, bool) {
	return client.Options{URL: f.workerURL, Token: os.Getenv("RLM_CF_AUTH_TOKEN")}, f.workerURL != ""
}

// server is the one to use: the one named, or this machine's, which reach starts when it
// is not there.
func (f *flags) server() (options client.Options, reach func(ctx context.Context, anew bool) error, err error) {
	if options, ok := f.remote(); ok {
		c, err := client.New(options)
		if errors.Is(err, client.ErrBadRequest) {
			return options, nil, usagef("--worker-url or RLM_CF_WORKER_URL: %w", err)
		}
		if err == nil {
			c.Close()
		}
		return options, nil, nil // what else is wrong with it, its first use says with more words
	}
	background, err := f.background()
	if err != nil {
		return client.Options{}, nil, err
	}
	options = client.Options{URL: "unix://" + background.Socket()}
	if f.python != "" { // for the sandbox that is made for us, and not for those that others make
		if options.Python, err = exec.LookPath(f.python); err != nil {
			options.Python = "" // a name that the sandbox may know
		} else if options.Python, err = filepath.Abs(options.Python); err != nil {
			return options, nil, err
		}
		if _, err := exec.LookPath("python3"); err == nil {
			background.Python = ""
		}
	}
	background.Started = time.Now()
	return options, func(ctx context.Context, anew bool) error {
		if anew {
			background.Started = time.Now()
		}
		_, err := background.Ensure(ctx)
		switch {
		case errors.Is(err, sandbox.ErrStopped):
			return fmt.Errorf("%w: %w: %w", session.ErrOver, session.ErrStopped, err)
		case errors.Is(err, sandbox.ErrIsolation):
			return fmt.Errorf("%w: %w", session.ErrOver, err)
		}
		return err
	}, nil
}

// session is what the flags say of a session.
func (f *flags) session(args []string) (session.Options, error) {
	transport, err := session.ParseTransport(f.transport)
	if err != nil {
		return session.Options{}, usageError{err}
	}
	o := session.Options{Transport: transport, Python: f.python, SandboxID: session.NewSandboxID()}
	if len(args) > 0 {
		o.SandboxID = args[0]
	}
	if err := client.ValidateSandboxID(o.SandboxID); err != nil {
		return o, usageError{err}
	}
	if o.Worker, o.Reach, err = f.server(); err != nil {
		return o, err
	}
	if o.BrokerURL, err = f.broker(); err != nil {
		return o, err
	}
	if o.Answer, err = answerer(); err != nil {
		return o, err
	}
	if o.Context, err = f.contextValue(); err != nil {
		return o, err
	}
	if f.setup != "" {
		code, err := os.ReadFile(f.setup)
		if err != nil {
			return o, usagef("--setup: %w", err)
		}
		o.Setup = string(code)
	}
	return o, nil
}

// broker is where the sandbox's cells are to ask language models.
func (f *flags) broker() (string, error) {
	if u, err := url.Parse(f.brokerURL); f.brokerURL != "" && f.brokerURL != session.NoBroker && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		return "", usagef("--broker-url: %q is no URL: it begins with http:// or https://, or is none", f.brokerURL)
	}
	return f.brokerURL, nil
}

// answerer asks the language model that the environment names; nil when it names none.
func answerer() (session.Answerer, error) {
	base := os.Getenv("SANDREPL_LLM_URL")
	if base == "" {
		return nil, nil
	}
	endpoint, err := llm.New(base, os.Getenv("SANDREPL_LLM_KEY"), os.Getenv("SANDREPL_LLM_MODEL"))
	if err != nil {
		return nil, usagef("SANDREPL_LLM_URL: %w", err)
	}
	return func(ctx context.Context, r session.ModelRequest) ([]string, error) {
		model := ""
		if r.Model != nil {
			model = *r.Model
		}
		return endpoint.Answer(ctx, r.Prompts, model)
	}, nil
}

// contextValue is the context as JSON would hold it, or nil for none.
func (f *flags) contextValue() (any, error) {
	switch path, isFile := strings.CutPrefix(f.context, "@"); {
	case f.context != "" && f.contextJSON != "":
		return nil, usagef("--context and --context-json both name the context: give one")
	case f.contextJSON != "":
		return parseJSON("--context-json", []byte(f.contextJSON))
	case isFile:
		content, err := os.ReadFile(path)
		if err != nil {
			return nil, usagef("--context: %w", err)
		}
		if strings.HasSuffix(path, ".json") {
			return parseJSON(path, content)
		}
		return string(content), nil
	case f.context != "":
		return f.context, nil
	}
	return nil, nil
}

// parseJSON keeps the value as it was written: numbers are not rounded on their way.
func parseJSON(name string, text []byte) (any, error) {
	if !json.Valid(text) {
		var value any
		return nil, usagef("%s is no JSON: %w", name, json.Unmarshal(text, &value))
	}
	return json.RawMessage(text), nil
}

// open opens a session within the time that it may take.
func (f *flags) open(ctx context.Context, o session.Options) (*session.Session, error) {
	ctx, cancel := context.WithTimeout(ctx, f.openFor())
	defer cancel()
	return session.Open(ctx, o)
}

// client talks to the server to use.
func (f *flags) client(ctx context.Context) (*client.Client, error) {
	options, reach, err := f.server()
	if err == nil && reach != nil {
		err = reach(ctx, true)
	}
	if err != nil && !errors.Is(err, sandbox.ErrIsolation) { // nothing is run in a sandbox: any will do
		return nil, err
	}
	return client.New(options)
}
