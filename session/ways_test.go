package session_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/sandrepl/sandrepl/client"
	"github.com/sandrepl/sandrepl/client/contract/strict"

	"github.com/sandrepl/sandrepl/sandbox"
	"github.com/sandrepl/sandrepl/session"
	"github.com/sandrepl/sandrepl/workers/rlm-sandbox/workertest"
)

func TestMain(m *testing.M) {
	sandbox.InitMain()
	goleak.VerifyTestMain(workertest.M{M: m})
}

// patience is how long a test waits for what must come; it passes as soon as it is there.
const patience = 60 * time.Second

// A way is a server and a transport: every test of the suite runs over all of them.
type way struct {
	name      string
	url       string
	transport session.Transport
}

// serve starts the embedded server.
func serve(t *testing.T) *httptest.Server {
	t.Helper()
	handler, err := sandbox.New(sandbox.Options{StateDir: t.TempDir(), Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(func() {
		server.Close()
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := handler.DestroyAll(ctx); err != nil {
			t.Errorf("destroy all: %v", err)
		}
		if err := handler.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return server
}

// overEveryWay runs a test against the embedded server and through the Worker, by connect and by poll each, and
// against a Worker with a deployed one's quirks.
func overEveryWay(t *testing.T, test func(t *testing.T, w way)) {
	server := serve(t)
	old := strict.New(server.URL, server.Client())
	deployed := httptest.NewServer(old)
	t.Cleanup(func() { deployed.Close(); old.Close() })
	ways := []way{
		{"connect", server.URL, session.Connect},
		{"poll", server.URL, session.Poll},
		{"poll-deployed", deployed.URL, session.Auto},
	}
	if worker, ok := workertest.Through(t, server.URL, ""); ok {
		ways = append(ways, way{"connect-worker", worker, session.Connect}, way{"poll-worker", worker, session.Poll})
	}
	for _, w := range ways {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			test(t, w)
		})
	}
}

// A recorder keeps a session's events and lets a test wait for one.
type recorder struct {
	mu     sync.Mutex
	events []session.Event
	news   chan struct{}
}

func newRecorder() *recorder { return &recorder{news: make(chan struct{}, 1)} }

func (r *recorder) take(e session.Event) {
	r.mu.Lock()
	r.events = append(r.events, e)
	r.mu.Unlock()
	select {
	case r.news <- struct{}{}:
	default:
	}
}

func (r *recorder) all() []session.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]session.Event(nil), r.events...)
}

// wait returns the first event that is as wanted, from the past or to come.
func (r *recorder) wait(t *testing.T, what string, wanted func(session.Event) bool) session.Event {
	t.Helper()
	deadline := time.After(patience)
	seen := 0
	for {
		events := r.all()
		for _, e := range events[seen:] {
			if wanted(e) {
				return e
			}
		}
		seen = len(events)
		select {
		case <-r.news:
		case <-deadline:
			t.Fatalf("no %s came; the events were %s", what, describe(events))
		}
	}
}

func describe(events []session.Event) string {
	text := ""
	for _, e := range events[max(0, len(events)-40):] {
		text += fmt.Sprintf("\n  %d %.8s %.200s", e.Seq, e.Cell, fmt.Sprintf("%T %+v", e.Body, e.Body))
	}
	return text
}

// printed matches stdout of a cell that has the text in it, however it was cut into events.
func printed(text string) func(session.Event) bool {
	var so string
	return func(e session.Event) bool {
		if s, ok := e.Body.(session.Stream); ok {
			so += s.Text
		}
		return len(so) >= len(text) && contains(so, text)
	}
}

func is[T any](wanted func(T) bool) func(session.Event) bool {
	return func(e session.Event) bool {
		b, ok := e.Body.(T)
		return ok && wanted(b)
	}
}

// open opens a session that the test closes.
func open(t *testing.T, w way, o session.Options) (*session.Session, *recorder) {
	t.Helper()
	r := newRecorder()
	o.Worker, o.OnEvent = client.Options{URL: w.url}, r.take
	if o.Transport == "" {
		o.Transport = w.transport
	}
	s, err := session.Open(timeout(t), o)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s, r
}

func timeout(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

// run runs a cell that must end as said.
func run(t *testing.T, s *session.Session, code, status string) session.Result {
	t.Helper()
	r, err := s.Run(timeout(t), code)
	if err != nil {
		t.Fatalf("run %q: %v", code, err)
	}
	if r.Status != status {
		t.Fatalf("run %.200q: status %s, want %s; stderr %q, failure %+v", code, r.Status, status, r.Stderr, r.Failure)
	}
	return r
}

// rawClient is a client of the way's server.
func rawClient(t *testing.T, w way) *client.Client {
	t.Helper()
	c, err := client.New(client.Options{URL: w.url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}
