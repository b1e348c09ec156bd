package session_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sandrepl/sandrepl/client"
	"github.com/sandrepl/sandrepl/session"
)

// TestFailuresSayWhatToDo opens sessions on servers that fail in each way, over real HTTP.
func TestFailuresSayWhatToDo(t *testing.T) {
	for _, c := range []struct {
		name   string
		status int
		body   string
		what   string
		next   string
	}{
		{"token", 401, `{"error":"Unauthorized"}`, "refused the token", "RLM_CF_AUTH_TOKEN"},
		{"binding", 500, `{"error":"Sandbox binding not configured"}`, "no sandboxes", "npm run deploy"},
		{"limit", 503, `{"error":"Maximum number of running container instances exceeded"}`, "limit", "max_instances"},
		{"page", 200, "<html><title>Sign in</title></html>", "not a Worker", "/health"},
		{"request", 400, `{"error":"bad"}`, "refused the request", "line above"},
		{"python", 200, `{"stdout":"","stderr":"python3: not found","exitCode":127,"success":false}`, "no such Python", "--python"},
		{"kernel", 200, `{"stdout":"{\"error\":\"start the kernel: no space\"}","stderr":"","exitCode":1,"success":false}`, "did not start", "kernel.log"},
		{"protocol", 200, `{"stdout":"{\"protocol\":99}","stderr":"","exitCode":0,"success":true}`, "another version", "sandrepl rm"},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(c.status)
			_, _ = fmt.Fprint(w, c.body)
		}))
		_, err := session.Open(timeout(t), session.Options{Worker: client.Options{URL: server.URL}})
		server.Close()
		why := session.Explain(err)
		if err == nil || !strings.Contains(why.What, c.what) || !strings.Contains(why.Next, c.next) || why.Why == "" {
			t.Errorf("%s: %v is explained as %+v", c.name, err, why)
		}
	}
}

// TestEveryKindOfErrorIsExplained holds that no sentinel falls through to the last words.
func TestEveryKindOfErrorIsExplained(t *testing.T) {
	if why := session.Explain(errors.New("speaks for itself")); why.String() != "speaks for itself" {
		t.Errorf("an unknown error is explained as %q", why)
	}
	for _, kind := range []error{
		client.ErrUnreachable, client.ErrUnauthorized, client.ErrBadRequest, client.ErrNotFound, client.ErrNoSandboxes, client.ErrInstanceLimit, client.ErrColdStart,
		client.ErrSessionTerminated, client.ErrServer, client.ErrBrokenReply, client.ErrTooLarge, client.ErrInsecureToken, client.ErrUnsupported,
		session.ErrClosed, session.ErrEnded, session.ErrSilent, session.ErrStopped, session.ErrOver, client.ErrNoSandbox, session.ErrTooLarge, session.ErrKernelStart, session.ErrNoPython, session.ErrOffline, session.ErrQuery,
	} {
		if why := session.Explain(fmt.Errorf("open: %w", kind)); why.Next == "" || why.Why == "" {
			t.Errorf("%v has no words of its own", kind)
		}
	}
}
