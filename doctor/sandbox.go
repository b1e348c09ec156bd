package doctor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/sandrepl/sandrepl/client"
	"github.com/sandrepl/sandrepl/session"
)

// trips is how often a round trip is taken.
const trips = 10

// coldStart is an answer that must have waited for a container to start.
const coldStart = time.Second

func (e *examination) lookAtSandbox(ctx context.Context) finding {
	begin := time.Now()
	health, err := e.client.SandboxHealth(ctx, e.Session.SandboxID)
	if err != nil {
		return failed(err)
	}
	took := time.Since(begin)
	if took > coldStart {
		return fine("%s is %s; it started first, which took %.1f s: only the first request of a sandbox that sleeps or is new waits so long",
			e.Session.SandboxID, health.Status, took.Seconds())
	}
	return fine("%s is %s", e.Session.SandboxID, health.Status)
}

// packages are what the Worker's image comes with.
var packages = []string{"numpy", "sympy", "requests"}

// inventory prints a JSON object on any Python 3. It holds no single quote: the shell gets it in a pair of them.
const inventory = `
import json, sys
found = {"version": "%d.%d.%d" % sys.version_info[:3], "packages": {}}
try:
    from importlib.metadata import version
except ImportError:
    version = None
for name in sys.argv[1:]:
    try:
        found["packages"][name] = version(name)
    except Exception:
        found["packages"][name] = None
print(json.dumps(found))
`

func (e *examination) lookAtPython(ctx context.Context) finding {
	python := e.Session.Python
	if python == "" {
		python = "python3"
	}
	command := fmt.Sprintf("'%s' -c '%s' %s", strings.ReplaceAll(python, "'", `'\''`), inventory, strings.Join(packages, " "))
	reply, err := e.client.ExecIdempotent(ctx, e.Session.SandboxID, command)
	if err != nil {
		return failed(err)
	}
	var found struct {
		Version  string
		Packages map[string]string
	}
	out := strings.TrimSpace(reply.Stdout)
	if reply.ExitCode != 0 || json.Unmarshal([]byte(out[strings.LastIndexByte(out, '\n')+1:]), &found) != nil {
		return failed(fmt.Errorf("%w: %s ended with exit code %d: %s", session.ErrNoPython, python, reply.ExitCode, strings.TrimSpace(reply.Stderr)))
	}
	if tooOld(found.Version) {
		return finding{Failed, fmt.Sprintf("Python %s is too old: the kernel needs 3.8 or later.", found.Version), "Put a later one into the sandbox's image, or name it with --python."}
	}
	parts, lost := []string{"Python " + found.Version}, []string{}
	for _, name := range packages {
		if version := found.Packages[name]; version != "" {
			parts = append(parts, name+" "+version)
		} else {
			lost = append(lost, name)
		}
	}
	if len(lost) == 0 {
		return fine("%s", strings.Join(parts, ", "))
	}
	remedy := "Add them in the Worker's Dockerfile and run npm run deploy; %pip install NAME in a cell lasts as long as the sandbox."
	switch {
	case e.local():
		remedy = "Sandboxes on this machine have its Python's packages: install them there, or %pip install NAME in a cell."
	case e.ours():
		remedy = "Sandboxes of a sandrepl serve have the packages of its machine's Python: install them there; %pip install NAME in a cell lasts as long as the sandbox."
	}
	return warning(strings.Join(parts, ", ")+"; without "+strings.Join(lost, ", "), remedy)
}

func tooOld(version string) bool {
	var major, minor int
	_, err := fmt.Sscanf(version, "%d.%d.", &major, &minor)
	return err != nil || major < 3 || major == 3 && minor < 8
}

func (e *examination) lookAtRoundTrip(ctx context.Context) finding {
	worker, err := e.time(func() error { _, err := e.client.Health(ctx); return err })
	if err != nil {
		return failed(err)
	}
	sandbox, err := e.time(func() error {
		_, err := e.client.ExecIdempotent(ctx, e.Session.SandboxID, "true")
		return err
	})
	if err != nil {
		return failed(err)
	}
	return fine("%s to the %s, %s for a command in the sandbox (medians of %d)", ms(worker), e.server(), ms(sandbox), trips)
}

func (e *examination) time(trip func() error) (time.Duration, error) {
	var taken []time.Duration
	for range trips {
		begin := time.Now()
		if err := trip(); err != nil {
			return 0, err
		}
		taken = append(taken, time.Since(begin))
	}
	return median(taken), nil
}

// lookAtTransport opens a session as a REPL does, and runs a cell in it.
func (e *examination) lookAtTransport(ctx context.Context) finding {
	o := e.Session
	o.SkipPast, o.OnEvent, o.Context, o.Setup = true, nil, nil, ""
	s, err := session.Open(ctx, o)
	if err != nil {
		return failed(err)
	}
	begin := time.Now()
	_, err = s.Run(ctx, "pass")
	took := time.Since(begin)
	info := s.Info()
	if err = errors.Join(err, s.Close()); err != nil {
		return failed(err)
	}
	switch {
	case info.Transport == session.Connect:
		return fine("connect, a WebSocket: a cell takes %s", ms(took))
	case o.Transport == session.Poll:
		return fine("polling, as asked for: a cell takes %s", ms(took))
	case !e.has(client.FeatureConnect):
		return fine("polling, for %s: a cell takes %s", info.Reason, ms(took))
	}
	return warning(fmt.Sprintf("polling, for %s: a cell takes %s", info.Reason, ms(took)),
		"Something on the way refuses WebSockets: a proxy, most likely. Polling works all the same.")
}
