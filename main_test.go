package main

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/sandrepl/sandrepl/sandbox"
)

func TestMain(m *testing.M) {
	sandbox.InitMain()
	testscript.Main(m, map[string]func(){"sandrepl": main})
}

// TestScripts runs the binary as its users do, each script with folders of its own.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			home := filepath.Join(e.WorkDir, "home")
			if err := os.MkdirAll(home, 0o700); err != nil {
				return err
			}
			port, err := freePort()
			if err != nil {
				return err
			}
			model := httptest.NewServer(http.HandlerFunc(parrot))
			e.Defer(model.Close)
			state := filepath.Join(e.WorkDir, "state")
			for name, value := range map[string]string{
				"HOME": home, "XDG_STATE_HOME": state, "XDG_DATA_HOME": filepath.Join(e.WorkDir, "data"), "XDG_RUNTIME_DIR": "", "XDG_CONFIG_HOME": filepath.Join(e.WorkDir, "config"),
				"ADDR": port, "RLM_CF_WORKER_URL": "", "RLM_CF_AUTH_TOKEN": "",
				"MODEL": model.URL, "SANDREPL_LLM_URL": "", "SANDREPL_LLM_KEY": "", "SANDREPL_LLM_MODEL": "",
			} {
				e.Setenv(name, value)
			}
			e.Defer(func() {
				ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
				defer cancel()
				_, _ = sandbox.Background{StateDir: filepath.Join(state, "sandrepl")}.Stop(ctx)
			})
			return nil
		},
	})
}

// parrot is a language model's API, and an agent's broker, that says what it was asked.
func parrot(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Prompt, Model string
		Messages      []struct{ Content string }
	}
	switch err := json.NewDecoder(r.Body).Decode(&asked); {
	case err != nil:
		w.WriteHeader(http.StatusBadRequest)
	case r.URL.Path == "/enqueue":
		_ = json.NewEncoder(w).Encode(map[string]string{"response": "broker: " + asked.Prompt})
	case len(asked.Messages) == 1:
		text := asked.Model + ": " + asked.Messages[0].Content
		_ = json.NewEncoder(w).Encode(map[string]any{"choices": []any{map[string]any{"message": map[string]string{"content": text}}}})
	}
}

// freePort is an address on loopback that nothing listens on.
func freePort() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}
