// Package strict is the strict stand-in: it wraps a real server of the Worker API
// and gives it the quirks of Workers that are deployed already, whose commands all
// run in one persistent bash behind one lock. It is for tests alone, and no server of its own:
// every command still runs in the wrapped server's sandbox.
//
// The quirks: no features, no connect, list or destroy; an exec, a read and a write of one
// sandbox wait for each other; what a command does to its shell stays (cd, variables), its end
// included (exit, exec, a syntax error: 410 once, then a new shell); an unmatched quote hangs
// the shell until [Strict.Timeout]; stdout loses its last newline and its NULs.
package strict

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/sandrepl/sandrepl/client"
)

// Strict is the stand-in. Use it as an http.Handler.
type Strict struct {
	// Timeout ends a command, and its shell with it. Set it before the first request.
	Timeout time.Duration

	upstream string
	http     *http.Client
	mux      *http.ServeMux

	mu        sync.Mutex
	sandboxes map[string]*sandbox
}

// sandbox is what the stand-in knows of one.
type sandbox struct {
	lock  sync.Mutex // held for the whole of each exec, read and write
	shell *shell     // nil until the first exec, and after a shell's end
}

// New wraps the server at a base URL; a nil client is the default one.
func New(upstreamURL string, httpClient *http.Client) *Strict {
	if httpClient == nil {
		httpClient = http.DefaultClient
	}
	s := &Strict{
		Timeout: 30 * time.Second, upstream: strings.TrimRight(upstreamURL, "/"), http: httpClient,
		mux: http.NewServeMux(), sandboxes: map[string]*sandbox{},
	}
	s.mux.HandleFunc("GET /{$}", s.health)
	s.mux.HandleFunc("GET "+client.PathHealth, s.health)
	s.mux.HandleFunc("POST "+client.PathExec, s.exec)
	s.mux.HandleFunc("POST "+client.PathWrite, s.write)
	s.mux.HandleFunc("GET "+client.PathRead, s.inTurn)
	s.mux.HandleFunc("GET "+client.PathSandboxHealth, s.inTurn)
	s.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusNotFound, client.ErrorResponse{Error: "Not found", Endpoints: []string{
			"GET /health", "POST /sandbox/exec", "POST /sandbox/write", "GET /sandbox/read", "GET /sandbox/health",
		}})
	})
	return s
}

func (s *Strict) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Close ends the shells.
func (s *Strict) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, box := range s.sandboxes {
		box.lock.Lock()
		s.kill(id, box)
		box.lock.Unlock()
	}
}

func (s *Strict) sandbox(id string) *sandbox {
	s.mu.Lock()
	defer s.mu.Unlock()
	box := s.sandboxes[id]
	if box == nil {
		box = &sandbox{}
		s.sandboxes[id] = box
	}
	return box
}

func (s *Strict) health(w http.ResponseWriter, r *http.Request) {
	got := s.forward(r.Context(), r, nil)
	var h client.Health
	if got.status == http.StatusOK && json.Unmarshal(got.body, &h) == nil {
		h.Features, h.Version, h.Isolation = nil, "", ""
		reply(w, got.status, h)
		return
	}
	got.write(w)
}

// inTurn hands a request without a body on, once the sandbox is free.
func (s *Strict) inTurn(w http.ResponseWriter, r *http.Request) {
	box := s.sandbox(r.URL.Query().Get("sandbox_id"))
	box.lock.Lock()
	got := s.forward(context.WithoutCancel(r.Context()), r, nil)
	box.lock.Unlock()
	got.write(w)
}

func (s *Strict) write(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client went away
	}
	var req client.WriteRequest
	_ = json.Unmarshal(body, &req) // what is no request is the server's to refuse
	box := s.sandbox(req.SandboxID)
	box.lock.Lock()
	got := s.forward(context.WithoutCancel(r.Context()), r, body)
	box.lock.Unlock()
	got.write(w)
}

func (s *Strict) exec(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	var req client.ExecRequest
	if json.Unmarshal(body, &req) != nil || client.ValidateSandboxID(req.SandboxID) != nil || req.Command == "" {
		s.forward(r.Context(), r, body).write(w)
		return
	}
	box := s.sandbox(req.SandboxID)
	box.lock.Lock()
	got := s.run(r, box, req)
	box.lock.Unlock()
	got.write(w)
}

// answer is a reply of the wrapped server, or one in its place.
type answer struct {
	status int
	body   []byte
}

func (a answer) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // the client may have gone away
}

func answerOf(status int, v any) answer {
	body, err := json.Marshal(v)
	if err != nil {
		return answer{http.StatusInternalServerError, []byte(`{"error":"` + http.StatusText(http.StatusInternalServerError) + `"}`)}
	}
	return answer{status, body}
}

func reply(w http.ResponseWriter, status int, v any) { answerOf(status, v).write(w) }

// forward sends the request to the wrapped server, with another body.
func (s *Strict) forward(ctx context.Context, r *http.Request, body []byte) answer {
	return s.send(ctx, r.Method, r.URL.RequestURI(), r.Header, body)
}

func (s *Strict) send(ctx context.Context, method, path string, header http.Header, body []byte) answer {
	fail := func(err error) answer {
		return answerOf(http.StatusBadGateway, client.ErrorResponse{Error: "the wrapped server does not answer: " + err.Error()})
	}
	req, err := http.NewRequestWithContext(ctx, method, s.upstream+path, bytes.NewReader(body))
	if err != nil {
		return fail(err)
	}
	req.Header = header.Clone()
	resp, err := s.http.Do(req)
	if err != nil {
		return fail(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		return fail(err)
	}
	return answer{resp.StatusCode, got}
}
