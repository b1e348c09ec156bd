// Package doctor examines the way from here to a sandbox, step by step, and says of each step what it found and, where
// that is not as it should be, what to do. A sandbox that the caller names is awake afterwards,
// and has a kernel; nothing else is changed.
package doctor

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/sandrepl/sandrepl/client"
	"github.com/sandrepl/sandrepl/session"
)

// An Outcome is what a check comes to.
type Outcome string

// The outcomes. A warning keeps nothing from working; what comes after a failure is skipped.
const (
	OK      Outcome = "ok"
	Warning Outcome = "warning"
	Failed  Outcome = "failed"
	Skipped Outcome = "skipped"
)

// A Check is one step's outcome. Found may hold what a server said: it is not safe for a terminal as it is.
type Check struct {
	Name    string  `json:"name"`
	Outcome Outcome `json:"outcome"`
	Found   string  `json:"found"`
	Remedy  string  `json:"remedy,omitempty"` // what to do; empty when there is nothing
	Seconds float64 `json:"seconds"`
}

// A Report is a whole examination. OK says that nothing failed.
type Report struct {
	OK        bool    `json:"ok"`
	Worker    string  `json:"worker"`
	SandboxID string  `json:"sandbox_id"`
	Checks    []Check `json:"checks"`
}

// Options say what to examine. A session's events and setup take no part.
type Options struct {
	Session session.Options // Worker is required; without a SandboxID it is the one that health checks use
	Named   string          // what named the server, for the first line: a flag, a variable
}

// finding is a check without its name.
type finding struct {
	outcome       Outcome
	found, remedy string
}

func fine(format string, args ...any) finding {
	return finding{outcome: OK, found: fmt.Sprintf(format, args...)}
}

func warning(found, remedy string) finding { return finding{Warning, found, remedy} }

// failed words an error as everywhere else.
func failed(err error) finding {
	why := session.Explain(err)
	if why.Why == "" {
		return finding{Failed, why.What, why.Next}
	}
	return finding{Failed, why.What + " " + why.Why, why.Next}
}

// examination is what the steps have found so far.
type examination struct {
	Options
	client *client.Client
	health client.Health
	skew   time.Duration // of the server's clock against ours
	trip   time.Duration // that the health check took, which is how exact skew is
}

var steps = []struct {
	name string
	look func(*examination, context.Context) finding
}{
	{"url", (*examination).lookAtURL},
	{"network", (*examination).lookAtNetwork},
	{"health", (*examination).lookAtHealth},
	{"features", (*examination).lookAtFeatures},
	{"token", (*examination).lookAtToken},
	{"sandbox", (*examination).lookAtSandbox},
	{"python", (*examination).lookAtPython},
	{"round trip", (*examination).lookAtRoundTrip},
	{"transport", (*examination).lookAtTransport},
	{"clock", (*examination).lookAtClock},
}

// Examine takes all steps in order, and tells each check as soon as it is made.
func Examine(ctx context.Context, o Options, tell func(Check)) Report {
	e := &examination{Options: o}
	if o.Session.SandboxID == "" {
		e.Session.SandboxID = client.DefaultSandboxID
		defer e.tidy(ctx)
	}
	r := Report{OK: true, SandboxID: e.Session.SandboxID}
	for _, step := range steps {
		begin := time.Now()
		f := finding{outcome: Skipped, found: "not looked at: what it needs failed"}
		if r.OK {
			f = step.look(e, ctx)
		}
		if f.outcome == Failed {
			r.OK = false
		}
		check := Check{step.name, f.outcome, f.found, f.remedy, time.Since(begin).Seconds()}
		r.Checks = append(r.Checks, check)
		tell(check)
	}
	if e.client != nil {
		r.Worker = e.client.URL()
	}
	return r
}

// tidy removes the sandbox that was made for the examination, where the server can: an awake one costs.
func (e *examination) tidy(ctx context.Context) {
	if e.has(client.FeatureDestroy) {
		_ = e.client.Destroy(ctx, e.Session.SandboxID)
	}
}

// ours reports whether the server is a sandrepl serve, or this machine's own, and no Worker on Cloudflare: they alone
// name an isolation.
func (e *examination) ours() bool { return e.health.Isolation != "" }

// server is what to call it.
func (e *examination) server() string {
	if e.ours() {
		return "server"
	}
	return "Worker"
}

func (e *examination) has(feature string) bool { return slices.Contains(e.health.Features, feature) }

func median(taken []time.Duration) time.Duration {
	slices.Sort(taken)
	return taken[len(taken)/2]
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }
