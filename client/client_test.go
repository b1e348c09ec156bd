package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestNewTakesURLs(t *testing.T) {
	for in, want := range map[string]string{
		"https://rlm.example.workers.dev":   "https://rlm.example.workers.dev",
		"https://rlm.example.workers.dev/":  "https://rlm.example.workers.dev",
		" http://127.0.0.1:8787\n":          "http://127.0.0.1:8787",
		"https://example.com/worker/":       "https://example.com/worker",
		"unix:///run/user/1000/server.sock": "unix:///run/user/1000/server.sock",
	} {
		c, err := New(Options{URL: in})
		if err != nil {
			t.Errorf("New(%q): %v", in, err)
			continue
		}
		if c.URL() != want {
			t.Errorf("New(%q).URL() = %q, want %q", in, c.URL(), want)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	for _, test := range []struct {
		url, token string
		kind       error
	}{
		{"", "", ErrBadRequest},
		{"example.com", "", ErrBadRequest},
		{"localhost:8787", "", ErrBadRequest},
		{"ws://example.com", "", ErrBadRequest},
		{"https://", "", ErrBadRequest},
		{"https://user:hunter2@example.com", "", ErrBadRequest},
		{"https://user:hunter2@exa mple.com", "", ErrBadRequest},
		{"https://example.com?key=hunter2", "", ErrBadRequest},
		{"https://example.com#hunter2", "", ErrBadRequest},
		{"https://[::1", "", ErrBadRequest},
		{"unix://relative.sock", "", ErrBadRequest},
		{"unix:", "", ErrBadRequest},
		{"https://example.com", "hunter2\nX-Injected: 1", ErrBadRequest},
		{"https://example.com", "hunter2 ", ErrBadRequest},
		{"http://example.com", "hunter2", ErrInsecureToken},
		{"http://10.0.0.1:8787", "hunter2", ErrInsecureToken},
		{"http://localhost.example.com", "hunter2", ErrInsecureToken},
		{"http://0.0.0.0:8787", "hunter2", ErrInsecureToken},
	} {
		_, err := New(Options{URL: test.url, Token: test.token})
		if !errors.Is(err, test.kind) {
			t.Errorf("New(%q, token %q) = %v, want %v", test.url, test.token, err, test.kind)
			continue
		}
		if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("New(%q) repeats the secret: %v", test.url, err)
		}
	}
}

func TestTokenMayTravelEncryptedOrOnLoopback(t *testing.T) {
	for _, url := range []string{
		"https://example.com", "http://localhost:1", "http://LOCALHOST:1", "http://127.0.0.1:1", "http://127.8.9.1:1",
		"http://[::1]:1", "http://[::ffff:127.0.0.1]:1", "unix:///x.sock",
	} {
		if _, err := New(Options{URL: url, Token: token}); err != nil {
			t.Errorf("New(%q): %v", url, err)
		}
	}
}

func TestTokenIsPrintedNowhere(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		answer(http.StatusUnauthorized, fmt.Sprintf(`{"error":"bad token %s"}`, r.Header.Get("Authorization")))(w, r)
	})
	_, err := c.Health(within(t))
	o := Options{URL: "https://example.com", Token: token}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "client", c, "options", o, "error", err)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "client", c, "error", err)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		fmt.Fprintf(&log, verb+"\n", c)
		fmt.Fprintf(&log, verb+"\n", *c)
		fmt.Fprintf(&log, verb+"\n", o)
		fmt.Fprintf(&log, verb+"\n", err)
	}
	if b, err := json.Marshal(o); err == nil {
		log.Write(b)
	}
	if strings.Contains(log.String(), token) || strings.Contains(log.String(), fmt.Sprintf("%x", token)) {
		t.Errorf("the token is printed:\n%s", log.String())
	}
	if !errors.Is(err, ErrUnauthorized) {
		t.Errorf("err = %v, want ErrUnauthorized", err)
	}
}

func TestAuthorizationHeader(t *testing.T) {
	var got []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.Header.Values("Authorization")
		answer(200, `{"status":"ok"}`)(w, r)
	}))
	defer s.Close()
	for _, test := range []struct {
		token string
		want  []string
	}{{"", nil}, {token, []string{"Bearer " + token}}} {
		c := dial(t, Options{URL: s.URL, Token: test.token})
		if _, err := c.Health(within(t)); err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(got) != fmt.Sprint(test.want) {
			t.Errorf("with token %q the header is %q, want %q", test.token, got, test.want)
		}
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	reached := false
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer other.Close()
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL+"/cdn-cgi/access/login?meta=hunter2", http.StatusFound)
	})
	_, err := c.Health(within(t))
	if !errors.Is(err, ErrBrokenReply) || !strings.Contains(err.Error(), other.URL+"/cdn-cgi/access/login") {
		t.Errorf("err = %v, want ErrBrokenReply that names where to", err)
	}
	if strings.Contains(err.Error(), "hunter2") {
		t.Errorf("err repeats the query: %v", err)
	}
	if _, err := c.Connect(within(t), "a", 4000); !errors.Is(err, ErrBrokenReply) {
		t.Errorf("Connect: %v, want ErrBrokenReply", err)
	}
	if reached {
		t.Error("the redirect was followed")
	}
}

func TestUnixSocket(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	dir, err := os.MkdirTemp("", "s") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "s")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	s := &httptest.Server{Listener: l, Config: &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host != "localhost" {
			t.Errorf("Host = %q, want localhost", r.Host)
		}
		answer(200, `{"status":"ok","service":"rlm-sandbox","timestamp":1}`)(w, r)
	})}}
	s.Start()
	c := dial(t, Options{URL: "unix://" + path, Token: token})
	if h, err := c.Health(within(t)); err != nil || h.Service != "rlm-sandbox" {
		t.Errorf("Health = %+v, %v", h, err)
	}
	s.Close()
	if _, err := c.Health(within(t)); !errors.Is(err, ErrUnreachable) || !strings.Contains(err.Error(), path) {
		t.Errorf("with nobody listening: %v, want ErrUnreachable that names the socket", err)
	}
}

func TestTLS(t *testing.T) {
	s := httptest.NewTLSServer(answer(200, `{"status":"ok"}`))
	defer s.Close()
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo) // the refused handshake below
	trusting := dial(t, Options{URL: s.URL, Token: token, HTTPClient: s.Client()})
	if _, err := trusting.Health(within(t)); err != nil {
		t.Error(err)
	}
	c := dial(t, Options{URL: s.URL, Token: token})
	if _, err := c.Health(within(t)); !errors.Is(err, ErrUnreachable) || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("with an unknown authority: %v, want ErrUnreachable that names the certificate", err)
	}
	plainServer := httptest.NewServer(answer(200, `{"status":"ok"}`))
	defer plainServer.Close()
	c = dial(t, Options{URL: strings.Replace(plainServer.URL, "http:", "https:", 1)})
	if _, err := c.Health(within(t)); !errors.Is(err, ErrUnreachable) {
		t.Errorf("https to a plain server: %v, want ErrUnreachable", err)
	}
	s.Client().CloseIdleConnections()
}

func TestConnectionsAreReused(t *testing.T) {
	opened := map[net.Conn]bool{}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			answer(500, `{"error":"no","success":false}`+strings.Repeat(" ", 100_000))(w, r)
			return
		}
		answer(200, `{"status":"ok"}`)(w, r)
	}))
	s.Config.ConnState = func(c net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened[c] = true
		}
	}
	s.Start()
	c := dial(t, Options{URL: s.URL})
	for range 20 {
		if _, err := c.Health(within(t)); err != nil {
			t.Fatal(err)
		}
		if err := c.Write(within(t), "a", "/x", "y"); !errors.Is(err, ErrServer) {
			t.Fatal(err)
		}
	}
	s.Close()
	if len(opened) != 1 {
		t.Errorf("40 calls opened %d connections, want 1", len(opened))
	}
}

func TestTextsAreChecked(t *testing.T) {
	asked := 0
	c := serve(t, func(http.ResponseWriter, *http.Request) { asked++ })
	ctx := within(t)
	_, execErr := c.Exec(ctx, "-a", "true")
	_, textErr := c.Exec(ctx, "a", "\xff")
	_, readErr := c.Read(ctx, strings.Repeat("a", 64), "/x")
	_, portErr := c.Connect(ctx, "a", 3000)
	for name, err := range map[string]error{
		"id": execErr, "long id": readErr, "command": textErr, "port": portErr,
		"content": c.Write(ctx, "a", "/x", "caf\xe9"), "destroy": c.Destroy(ctx, "../a"),
	} {
		if !errors.Is(err, ErrBadRequest) {
			t.Errorf("%s: %v, want ErrBadRequest", name, err)
		}
	}
	if asked != 0 {
		t.Errorf("%d requests were sent all the same", asked)
	}
}

func TestValidateSandboxID(t *testing.T) {
	for _, id := range []string{"a", "rlm-1700000000", "A.b_c-9", strings.Repeat("x", 63), "health-check", ".", "_"} {
		if err := ValidateSandboxID(id); err != nil {
			t.Errorf("%q: %v", id, err)
		}
	}
	for _, id := range []string{"", "-a", "a-", "-", strings.Repeat("x", 64), "a b", "a/b", "é", "a\n", "a\x00", "\xff"} {
		err := ValidateSandboxID(id)
		if err == nil || !strings.Contains(err.Error(), IDRule) {
			t.Errorf("%q: %v, want an error that names the rule", id, err)
		}
	}
}

func BenchmarkHealth(b *testing.B) {
	s := httptest.NewServer(answer(200, `{"status":"ok","service":"rlm-sandbox","timestamp":1}`))
	defer s.Close()
	c, err := New(Options{URL: s.URL, OnWait: func(Wait) {}})
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	for b.Loop() {
		if _, err := c.Health(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
}
