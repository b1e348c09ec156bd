package llm_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

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
		{base, "wrong", "x", "401 Unauthorized; SANDREPL_LLM_KEY"},
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

// answering is an API that answers everything alike.
func answering(t *testing.T, status int, header http.Header, body string) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		maps.Copy(w.Header(), header)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestWhatAPIsSayOfErrors(t *testing.T) {
	const key = "sk-secret"
	for _, c := range []struct {
		status int
		header http.Header
		body   string
		want   string
	}{
		{401, nil, `{"error":{"message":"Incorrect key: sk-secret"}}`, "401 Unauthorized: Incorrect key: (the key); SANDREPL_LLM_KEY is what it was asked with"},
		{404, nil, `{"error":"model 'm' not found"}`, "404 Not Found: model 'm' not found; SANDREPL_LLM_URL or the model's name is wrong"},
		{422, nil, `{"detail":"too long"}`, `422 Unprocessable Entity: {"detail":"too long"}`},
		{400, nil, `{"error":{"code":7}}`, `400 Bad Request: {"code":7}`},
		{400, nil, `{"error":null}`, "400 Bad Request: "},
		{400, nil, "two\nlines \x1b[31m\xff", "400 Bad Request: two lines \x1b[31m\uFFFD"},
		{400, nil, "<html>", "answered 400 Bad Request"},
		{400, nil, strings.Repeat("é", 1<<20), "éé …"},
		{307, http.Header{"Location": {"http://127.0.0.1:1/"}}, "", "307 Temporary Redirect; set SANDREPL_LLM_URL to where it leads"},
		{429, http.Header{"Retry-After": {"3600"}}, "", "429 Too Many Requests; it wants to be asked again in 3600 seconds"},
		{200, nil, strings.Repeat(" ", 16<<20) + "{}", "over 16 MiB"},
		{200, nil, `{"choices":[{"message":{"content":7}}]}`, "no OpenAI-compatible API"},
		{200, nil, "", "no OpenAI-compatible API"},
	} {
		_, err := endpoint(t, answering(t, c.status, c.header, c.body), key, "m").Answer(t.Context(), []string{"x"}, "")
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), key) || len(err.Error()) > 1000 {
			t.Errorf("%d %.40q: %v, want %q", c.status, c.body, err, c.want)
		}
	}
}

func TestAnAPIThatDoesNotAnswerIsGivenUp(t *testing.T) {
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}))
	defer server.Close()
	e := endpoint(t, server.URL+"/v1?key=in-the-query", "", "m")
	e.SetPatience(10 * time.Millisecond)
	_, err := e.Answer(t.Context(), []string{"x"}, "")
	if err == nil || !strings.Contains(err.Error(), "did not answer in time") || strings.Contains(err.Error(), "in-the-query") || asked.Load() != 1 {
		t.Errorf("%v, after %d tries", err, asked.Load())
	}
}

func TestTheURLMayHaveAQuery(t *testing.T) {
	var asked string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.URL.String()
		_, _ = io.WriteString(w, `{"choices":[{"message":{"content":null}}]}`)
	}))
	defer server.Close()
	got, err := endpoint(t, server.URL+"/v1/?api-version=7", "", "m").Answer(t.Context(), []string{"x"}, "")
	if err != nil || got[0] != "" || asked != "/v1/chat/completions?api-version=7" {
		t.Errorf("asked %s: %q, %v", asked, got, err)
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
	for base, key := range map[string]string{"https://me:secret@api.example/v1": "key", "https://api.example\x7f/secret@": "", "https://api.example": "secret\nsecret"} {
		if _, err := llm.New(base, key, "m"); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q, %q: %v", base, key, err)
		}
	}
	if _, err := llm.New("https://api.example", " key\n", "m"); err != nil {
		t.Errorf("a key with a newline behind it: %v", err)
	}
	if _, err := llm.New("http://10.0.0.7:11434/v1", "", "m"); err != nil {
		t.Errorf("without a key any host will do: %v", err)
	}
}
