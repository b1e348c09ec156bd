package client

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// quick waits as the real pace does, only less.
var quick = pace{notice: 20 * time.Millisecond, limit: 5 * time.Second, first: time.Millisecond, failures: 4}

const token = "s3cr3t-t0ken"

// dial opens a client of url that is in a hurry.
func dial(t *testing.T, o Options) *Client {
	t.Helper()
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	c.pace = quick
	t.Cleanup(c.Close)
	return c
}

// serve runs h on loopback and opens a client of it, with a token.
func serve(t *testing.T, h http.HandlerFunc) *Client {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return dial(t, Options{URL: s.URL, Token: token})
}

// within bounds a call that must end by itself, so that a hang is a failure and not a stuck run.
func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}
