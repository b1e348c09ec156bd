package llm_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/sandrepl/sandrepl/llm"
)

// api is an OpenAI-compatible API whose model says what it was asked, and under which name.
func api(t *testing.T, status func(prompt string) int) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked struct {
			Model    string
			Messages []struct{ Role, Content string }
		}
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || r.Method != http.MethodPost || r.URL.Path != "/v1/chat/completions" || len(asked.Messages) != 1 || asked.Messages[0].Role != "user" {
			t.Errorf("%s %s: %v, %+v", r.Method, r.URL.Path, err, asked)
			return
		}
		prompt := asked.Messages[0].Content
		if code := status(prompt); code != http.StatusOK {
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(code)
			fmt.Fprintf(w, `{"error":{"message":"no %s"}}`, prompt)
			return
		}
		if r.Header.Get("Authorization") != "Bearer key" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		fmt.Fprintf(w, `{"choices":[{"message":{"role":"assistant","content":%q}}]}`, prompt+" by "+asked.Model)
	}))
	t.Cleanup(server.Close)
	return server.URL + "/v1"
}

func fine(string) int { return http.StatusOK }

func endpoint(t *testing.T, base, key, model string) *llm.Endpoint {
	t.Helper()
	e, err := llm.New(base, key, model)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestPromptsAreAnsweredInTheirOrder(t *testing.T) {
	e := endpoint(t, api(t, fine)+"/", "key", "m")
	var prompts, want []string
	for i := range 40 {
		prompts = append(prompts, fmt.Sprint(i))
		want = append(want, fmt.Sprintf("%d by m", i))
	}
	got, err := e.Answer(t.Context(), prompts, "")
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := e.Answer(t.Context(), []string{"é"}, "other"); err != nil || got[0] != "é by other" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestWhatGoesWrongIsSaid(t *testing.T) {
	var asked atomic.Int32
	base := api(t, func(prompt string) int {
		switch {
		case prompt == "busy" && asked.Add(1) < 3:
			return http.StatusTooManyRequests
		case prompt == "broken":
			return http.StatusBadGateway
		case prompt == "bad":
			return http.StatusBadRequest
		}
		return http.StatusOK
	})
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") }))
	defer other.Close()
	gone := httptest.NewServer(nil)
	gone.Close()
	for _, c := range []struct{ base, key, prompt, want string }{
		{base, "key", "broken", "502 Bad Gateway: no broken"},
		{base, "key", "bad", "400 Bad Request: no bad"},
		{base, "wrong", "x", "401 Unauthorized (SANDREPL_LLM_KEY)"},
		{other.URL, "", "x", "no OpenAI-compatible API"},
	} {
		_, err := endpoint(t, c.base, c.key, "m").Answer(t.Context(), []string{c.prompt}, "")
		if err == nil || !strings.Contains(err.Error(), c.want) || c.key != "" && strings.Contains(err.Error(), c.key+" ") {
			t.Errorf("%s: %v, want %q", c.prompt, err, c.want)
		}
	}
	if got, err := endpoint(t, base, "key", "m").Answer(t.Context(), []string{"busy"}, ""); err != nil || got[0] != "busy by m" || asked.Load() != 3 {
		t.Errorf("a busy API: %q, %v after %d tries", got, err, asked.Load())
	}
	if _, err := endpoint(t, base, "key", "").Answer(t.Context(), []string{"x"}, ""); !errors.Is(err, llm.ErrNoModel) {
		t.Errorf("without a model: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := endpoint(t, gone.URL, "", "m").Answer(ctx, []string{"x"}, ""); err == nil {
		t.Error("an answer after the end of the context")
	}
}

func TestKeysAreKeptFromTheWire(t *testing.T) {
	for base, ok := range map[string]bool{
		"https://api.example/v1": true, "http://127.0.0.1:8000/v1": true, "http://localhost/v1": true, "http://[::1]:1/": true,
		"http://api.example/v1": false, "api.example/v1": false, "ftp://api.example": false, "": false, "http://": false,
	} {
		if _, err := llm.New(base, "key", "m"); (err == nil) != ok {
			t.Errorf("%q: %v", base, err)
		}
	}
	if _, err := llm.New("http://10.0.0.7:11434/v1", "", "m"); err != nil {
		t.Errorf("without a key any host will do: %v", err)
	}
}
