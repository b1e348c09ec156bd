package main

import (
	"bytes"
	"context"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/creack/pty"

	"github.com/sandrepl/sandrepl/client"
	"github.com/sandrepl/sandrepl/sandbox"
)

// refusing answers everything about sandboxes with one failure, as a Worker does that has it.
func refusing(status int, body string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasPrefix(r.URL.Path, "/sandbox") || r.URL.RawQuery == "" && r.Method == http.MethodGet {
				next.ServeHTTP(w, r)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		})
	}
}

// likeCloudflare tells of itself what a Worker does.
func likeCloudflare(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != client.PathHealth {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"status":"ok","service":"rlm-sandbox","timestamp":1795425472125,"features":["connect"]}`))
	})
}

// starting is a container that needs some tries to be there, and then is.
func starting(next http.Handler) http.Handler {
	var tries atomic.Int32
	cold := refusing(http.StatusServiceUnavailable, `{"error":"Container is starting. Please retry in a moment."}`)(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/sandbox/") && r.URL.RawQuery+r.Method != http.MethodGet && tries.Add(1) <= 4 {
			cold.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// TestTroubleshooting has a Worker fail in each way that its guide lists, and some more, and holds that whatever a user does
// then says what to do.
func TestTroubleshooting(t *testing.T) {
	t.Parallel()
	for _, trouble := range []struct {
		name   string
		fail   func(http.Handler) http.Handler
		token  string // what the Worker asks for
		works  bool   // all the same, in the end
		remedy []string
	}{
		{name: "no binding", fail: refusing(http.StatusInternalServerError, `{"error":"Sandbox binding not configured"}`),
			remedy: []string{"wrangler config needs", "Durable Object binding"}},
		{name: "no containers", fail: refusing(http.StatusInternalServerError, `{"error":"Containers have not been enabled for this Durable Object class."}`),
			remedy: []string{"wrangler config needs the container", "npm run deploy"}},
		{name: "too many instances", fail: refusing(http.StatusServiceUnavailable, `{"error":"Maximum number of running container instances exceeded."}`),
			remedy: []string{"fall asleep", "max_instances"}},
		{name: "a slow cold start", fail: starting, works: true, remedy: []string{"start"}},
		{name: "a wrong token", fail: likeCloudflare, token: "other", remedy: []string{"RLM_CF_AUTH_TOKEN", "wrangler secret put"}},
		{name: "no Worker", fail: func(http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				_, _ = w.Write([]byte("<html><title>Sign in</title>"))
			})
		}, remedy: []string{"Check RLM_CF_WORKER_URL"}},
	} {
		t.Run(trouble.name, func(t *testing.T) {
			t.Parallel()
			for _, args := range [][]string{{"exec", "s1", "-c", "print('ran')"}, {"doctor", "s1"}} {
				u := newTroubled(t, trouble.fail, trouble.token)
				said, code := u.runs(args...)
				want := exitUnreachable
				if trouble.works {
					want = exitOK
				}
				if code != want {
					t.Errorf("%s ended with %d, want %d:\n%s", args[0], code, want, said)
				}
				u.tells(args[0], said, trouble.remedy)
			}
			newTroubled(t, trouble.fail, trouble.token).shows(trouble.remedy, trouble.works)
		})
	}
}

// troubled is a user of a Worker that fails.
type troubled struct {
	*testing.T
	server string // its URL
	env    []string
}

func newTroubled(t *testing.T, fail func(http.Handler) http.Handler, token string) troubled {
	t.Helper()
	handler, err := sandbox.New(sandbox.Options{StateDir: t.TempDir(), Token: token})
	if err != nil {
		t.Fatal(err)
	}
	served := http.Handler(handler)
	if fail != nil {
		served = fail(handler)
	}
	server := httptest.NewServer(served)
	t.Cleanup(func() {
		server.Close()
		if err := handler.DestroyAll(context.Background()); err != nil {
			t.Errorf("destroy all: %v", err)
		}
		_ = handler.Close()
	})
	home := t.TempDir()
	return troubled{t, server.URL, append(os.Environ(), "HOME="+home, "XDG_DATA_HOME="+home, "XDG_STATE_HOME="+home, "TERM=xterm-256color",
		"RLM_CF_WORKER_URL="+server.URL, "RLM_CF_AUTH_TOKEN=mine")}
}

func (u troubled) command(args ...string) *exec.Cmd {
	u.Helper()
	self, err := os.Executable()
	if err != nil {
		u.Fatal(err)
	}
	name := filepath.Join(u.TempDir(), "sandrepl") // by which the test binary knows that it is the program
	if err := os.Symlink(self, name); err != nil {
		u.Fatal(err)
	}
	cmd := exec.CommandContext(u.Context(), name, args...)
	cmd.Env = u.env
	return cmd
}

func (u troubled) runs(args ...string) (said string, code int) {
	u.Helper()
	cmd := u.command(args...)
	out, _ := cmd.CombinedOutput()
	return string(out), cmd.ProcessState.ExitCode()
}

func (u troubled) tells(who, said string, remedy []string) {
	u.Helper()
	words := strings.Join(strings.Fields(said), " ")
	for _, part := range remedy {
		if !strings.Contains(words, part) {
			u.Errorf("%s does not say %q:\n%s", who, part, said)
		}
	}
}

// shows opens the REPL in a terminal that is wide enough for whole sentences, until it told what to do and, if it works, is ready.
func (u troubled) shows(remedy []string, works bool) {
	u.Helper()
	cmd := u.command("s1")
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 40, Cols: 400})
	if err != nil {
		u.Fatal(err)
	}
	defer terminal.Close()
	wanted := remedy
	if works {
		wanted = append([]string{"idle"}, remedy...)
	}
	var seen bytes.Buffer
	deadline := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
	defer deadline.Stop()
	for chunk := make([]byte, 32<<10); ; {
		n, err := terminal.Read(chunk)
		seen.Write(chunk[:n])
		words := strings.Join(strings.Fields(strings.ReplaceAll(ansi.Strip(seen.String()), "│", " ")), " ")
		missing := ""
		for _, part := range wanted {
			if !strings.Contains(words, part) {
				missing = part
			}
		}
		if missing == "" {
			break
		}
		if err != nil {
			u.Errorf("the REPL did not say %q:\n%s", missing, words)
			break
		}
	}
	_, _ = terminal.Write([]byte("\x04\x04"))
	_ = cmd.Process.Signal(os.Interrupt)
	rest, _ := io.ReadAll(terminal) // to its end, which a terminal says by an error
	_ = cmd.Wait()
	if works {
		u.tells("leaving", string(rest), []string{"This session cost about $0.0", "sandrepl cost --instance basic --awake"})
	}
}

// TestDoctorOverTLS has the doctor trust a test's own certificate as a user does theirs.
func TestDoctorOverTLS(t *testing.T) {
	t.Parallel()
	u := newTroubled(t, nil, "mine")
	target, err := url.Parse(u.server)
	if err != nil {
		t.Fatal(err)
	}
	secure := httptest.NewTLSServer(httputil.NewSingleHostReverseProxy(target))
	t.Cleanup(secure.Close)
	file := filepath.Join(t.TempDir(), "certificate.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw})
	if err := os.WriteFile(file, block, 0o600); err != nil {
		t.Fatal(err)
	}
	u.env = append(u.env, "RLM_CF_WORKER_URL="+secure.URL, "SSL_CERT_FILE="+file)
	said, code := u.runs("doctor")
	if code != exitOK {
		t.Errorf("exit code %d", code)
	}
	u.tells("doctor", said, []string{"ok network 127.0.0.1, TLS 1.3, certificate until 2", "ok token taken", "ok transport connect"})
}
