package doctor

import (
	"context"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/sandrepl/sandrepl/client"
	"github.com/sandrepl/sandrepl/client/contract/strict"
	"github.com/sandrepl/sandrepl/sandbox"
	"github.com/sandrepl/sandrepl/session"
)

func TestMain(m *testing.M) {
	sandbox.InitMain()
	goleak.VerifyTestMain(m)
}

// serve starts the embedded server; what wraps it may fail in its own way.
func serve(t *testing.T, token string, wrap func(http.Handler) http.Handler) string {
	t.Helper()
	handler, err := sandbox.New(sandbox.Options{StateDir: t.TempDir(), Version: "test", Token: token})
	if err != nil {
		t.Fatal(err)
	}
	served := http.Handler(handler)
	if wrap != nil {
		served = wrap(handler)
	}
	server := httptest.NewServer(served)
	t.Cleanup(func() {
		server.Close()
		if err := handler.DestroyAll(context.Background()); err != nil {
			t.Errorf("destroy all: %v", err)
		}
		if err := handler.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return server.URL
}

// examine returns the checks by name, and holds that each was told in its turn.
func examine(t *testing.T, o session.Options) (Report, map[string]Check) {
	t.Helper()
	var told []Check
	r := Examine(t.Context(), Options{Session: o, Named: "--worker-url"}, func(c Check) { told = append(told, c) })
	found := map[string]Check{}
	for i, c := range r.Checks {
		found[c.Name] = c
		if c != told[i] || c.Name != steps[i].name {
			t.Errorf("check %d is %+v, told was %+v", i, c, told[i])
		}
		if (c.Outcome == Warning || c.Outcome == Failed) && c.Remedy == "" {
			t.Errorf("%s: %s, and nothing to do", c.Name, c.Found)
		}
	}
	return r, found
}

func wants(t *testing.T, c Check, o Outcome, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(c.Found+" → "+c.Remedy, part) {
			t.Errorf("%s lacks %q: %s → %s", c.Name, part, c.Found, c.Remedy)
		}
	}
	if c.Outcome != o {
		t.Errorf("%s is %s, want %s: %s → %s", c.Name, c.Outcome, o, c.Found, c.Remedy)
	}
}

func TestAServerThatHasEverything(t *testing.T) {
	url := serve(t, "secret", nil)
	r, found := examine(t, session.Options{Worker: client.Options{URL: url, Token: "secret"}})
	if !r.OK || r.Worker != url || r.SandboxID != client.DefaultSandboxID || len(r.Checks) != 10 {
		t.Errorf("%+v", r)
	}
	wants(t, found["url"], OK, url+", from --worker-url")
	wants(t, found["network"], OK, "127.0.0.1, not encrypted")
	wants(t, found["health"], OK, "rlm-sandbox, test")
	wants(t, found["features"], OK, "connect")
	wants(t, found["token"], OK, "taken")
	wants(t, found["sandbox"], OK, "health-check is healthy")
	wants(t, found["python"], found["python"].Outcome, "Python 3.") // which packages there are is the machine's affair
	wants(t, found["round trip"], OK, "to the server", "medians of 10")
	wants(t, found["transport"], OK, "connect, a WebSocket: a cell takes")
	wants(t, found["clock"], OK, "as the server's, within")
	if text, err := json.Marshal(r); err != nil || strings.Contains(string(text), "secret") {
		t.Errorf("%s, %v", text, err)
	}
	c, err := client.New(client.Options{URL: url, Token: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if left, err := c.List(t.Context()); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestAWorkerOfTheOriginalKind(t *testing.T) {
	url := serve(t, "", nil)
	old := strict.New(url, nil)
	deployed := httptest.NewServer(old)
	t.Cleanup(func() { deployed.Close(); old.Close() })
	r, found := examine(t, session.Options{Worker: client.Options{URL: deployed.URL}, SandboxID: "mine"})
	if !r.OK || r.SandboxID != "mine" {
		t.Errorf("%+v", r)
	}
	wants(t, found["health"], OK, "of a version that it does not tell")
	wants(t, found["features"], Warning, "none: cells work by polling", "With connect, output comes as it is printed", "sandrepl worker init")
	wants(t, found["transport"], OK, "polling, for this Worker has no connect: a cell takes")
}

func TestTokens(t *testing.T) {
	url := serve(t, "secret", nil)
	r, found := examine(t, session.Options{Worker: client.Options{URL: url}})
	wants(t, found["token"], Failed, "The server asks for a token, and RLM_CF_AUTH_TOKEN is not set", "the AUTH_TOKEN that its sandrepl serve was started with")
	wants(t, found["sandbox"], Skipped)
	if r.OK {
		t.Error("it is not OK")
	}
	_, found = examine(t, session.Options{Worker: client.Options{URL: url, Token: "wrong"}})
	wants(t, found["token"], Failed, "The server refused the token", "sandrepl serve")
	old := strict.New(url, nil) // in front of it, it is a Worker like any
	deployed := httptest.NewServer(old)
	t.Cleanup(func() { deployed.Close(); old.Close() })
	_, found = examine(t, session.Options{Worker: client.Options{URL: deployed.URL}})
	wants(t, found["token"], Failed, "The Worker asks for a token", "npx wrangler secret put AUTH_TOKEN")
	_, found = examine(t, session.Options{Worker: client.Options{URL: "http://elsewhere.example", Token: "secret"}})
	wants(t, found["url"], Failed, "plain http to another machine", "https://")
}

func TestTheNetwork(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	for url, parts := range map[string][]string{
		"https://no-such-host.invalid": {"no-such-host.invalid", "network"},
		closed.URL:                     {"does not take connections", "Start a Worker there: sandrepl serve"},
		secure.URL:                     {"cannot be trusted", "SSL_CERT_FILE"},
		strings.Replace(plain.URL, "http:", "https:", 1): {"does not speak TLS", "Use http://"},
	} {
		_, found := examine(t, session.Options{Worker: client.Options{URL: url}})
		if url == "https://no-such-host.invalid" { // which of the two it is, the machine's resolver decides
			if found["network"].Outcome != Failed {
				t.Errorf("%+v", found["network"])
			}
			continue
		}
		wants(t, found["network"], Failed, parts...)
	}
	_, found := examine(t, session.Options{Worker: client.Options{URL: "ftp://x"}})
	wants(t, found["url"], Failed, "must start with https://")
	_, found = examine(t, session.Options{Worker: client.Options{URL: plain.URL}})
	wants(t, found["health"], Failed, "What answered is not a Worker", "Check RLM_CF_WORKER_URL")
}

func TestNoNameOrNoTrust(t *testing.T) {
	wants(t, check(noTLS(&url.URL{Host: "w.example"}, expired())), Failed, "cannot be trusted", "Check this machine's clock (it says 20")
	wants(t, check(noAddress("w.example", notFound())), Failed, "There is no host w.example", "npm run deploy prints it")
}

func TestTheSandboxesPython(t *testing.T) {
	url := serve(t, "", nil)
	_, found := examine(t, session.Options{Worker: client.Options{URL: url}, Python: "no-such-python'"})
	wants(t, found["python"], Failed, "The sandbox has no such Python", "no-such-python'", "--python")
	for version, old := range map[string]bool{"2.7.18": true, "3.7.9": true, "3.8.0": false, "3.14.0": false, "4.0.0": false, "?": true} {
		if tooOld(version) != old {
			t.Error(version)
		}
	}
}

// TestAClockThatIsWrong changes the time that a real server tells.
func TestAClockThatIsWrong(t *testing.T) {
	for shift, want := range map[time.Duration]string{time.Hour: "this machine is 1h0m0s behind the server", -2 * time.Minute: "this machine is 2m0s ahead of the server"} {
		url := serve(t, "", func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != client.PathHealth {
					next.ServeHTTP(w, r)
					return
				}
				recorded := httptest.NewRecorder()
				next.ServeHTTP(recorded, r)
				var health client.Health
				if err := json.Unmarshal(recorded.Body.Bytes(), &health); err != nil {
					t.Error(err)
				}
				health.Timestamp += shift.Milliseconds()
				_ = json.NewEncoder(w).Encode(health)
			})
		})
		_, found := examine(t, session.Options{Worker: client.Options{URL: url}})
		wants(t, found["clock"], Warning, want, "timedatectl")
	}
}

// TestNoWebSocketsOnTheWay puts a proxy before a real server that knows HTTP alone.
func TestNoWebSocketsOnTheWay(t *testing.T) {
	target, err := url.Parse(serve(t, "", nil))
	if err != nil {
		t.Fatal(err)
	}
	forward := httputil.NewSingleHostReverseProxy(target)
	forward.ErrorLog = log.New(io.Discard, "", 0)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Upgrade")
		r.Header.Del("Connection")
		forward.ServeHTTP(w, r)
	}))
	t.Cleanup(proxy.Close)
	r, found := examine(t, session.Options{Worker: client.Options{URL: proxy.URL}})
	wants(t, found["transport"], Warning, "polling, for connect failed", "refuses WebSockets")
	if !r.OK {
		t.Errorf("%+v", r)
	}
}
