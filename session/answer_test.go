package session_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/sandrepl/sandrepl/session"
)

// upper answers each prompt with itself in capitals and the model that was asked for.
func upper(_ context.Context, r session.ModelRequest) ([]string, error) {
	var responses []string
	for _, prompt := range r.Prompts {
		if prompt == "fail" {
			return nil, errors.New("the model is asleep")
		}
		model := "any"
		if r.Model != nil {
			model = *r.Model
		}
		responses = append(responses, strings.ToUpper(prompt)+" by "+model)
	}
	return responses, nil
}

// value runs an expression whose value is text.
func value(t *testing.T, s *session.Session, expression string) string {
	t.Helper()
	return run(t, s, "print("+expression+", end='')", session.OK).Stdout
}

func TestCellsAskTheAnswerer(t *testing.T) {
	overEveryWay(t, func(t *testing.T, w way) {
		s, r := open(t, w, session.Options{Answer: upper})
		for expression, want := range map[string]string{
			"llm_query('hi')":                                "HI by any",
			"llm_query(prompt='hi', model='m')":              "HI by m",
			"llm_query_batched(['a', 'b'])":                  "['A by any', 'B by any']",
			"llm_query_batched([])":                          "[]",
			"llm_query('fail')":                              "Error: the model is asleep",
			"llm_query_batched(['a', 'fail'], 'm')":          "['Error: the model is asleep', 'Error: the model is asleep']",
			"(lambda local: FINAL_VAR('local'))(1)":          "Error: Variable 'local' not found",
			"[exec('found = 7'), FINAL_VAR('\"found\"')][1]": "7",
		} {
			if got := value(t, s, expression); got != want {
				t.Errorf("%s: %q, want %q", expression, got, want)
			}
		}
		run(t, s, "from threading import Thread\nfound = []\nthreads = [Thread(target=lambda n=n: found.append(llm_query(str(n)))) for n in range(8)]\n"+
			"for thread in threads: thread.start()\nfor thread in threads: thread.join()", session.OK)
		if got := value(t, s, "sorted(found)[::7]"); got != "['0 by any', '7 by any']" {
			t.Errorf("eight threads at once: %s", got)
		}
		r.wait(t, "the reply as an event", is(func(b session.ModelReply) bool { return len(b.Responses) == 1 && b.Responses[0] == "HI by any" }))
	})
}

// TestResponsesHaveALimit has each prompt answered by itself many times over.
func TestResponsesHaveALimit(t *testing.T) {
	overEveryWay(t, func(t *testing.T, w way) {
		s, _ := open(t, w, session.Options{Answer: func(_ context.Context, r session.ModelRequest) ([]string, error) {
			return slices.Repeat([]string{strings.Repeat(r.Prompts[0], 3<<20)}, len(r.Prompts)), nil
		}})
		const refused = "Error: the responses are over 24 MiB: ask for less at once"
		for expression, want := range map[string]string{
			"llm_query('much more')":           refused,
			"llm_query_batched(['x'] * 9)[8]":  refused,
			"llm_query('\\x01\\x02')":          refused, // six bytes each as JSON
			"llm_query('x')[:3] + 'and again'": "xxxand again",
		} {
			if got := value(t, s, expression); got != want {
				t.Errorf("%s: %.99q, want %q", expression, got, want)
			}
		}
	})
}

func TestASessionWithoutAnAnswererDeclines(t *testing.T) {
	overEveryWay(t, func(t *testing.T, w way) {
		s, _ := open(t, w, session.Options{Setup: "early = llm_query('hi')"})
		if got := value(t, s, "early, llm_query('hi')"); got != "Error: LLM broker not configured Error: LLM broker not configured" {
			t.Errorf("got %q", got)
		}
	})
}

// TestWhoComesLaterAnswers leaves a cell that waits, and has another session answer it.
func TestWhoComesLaterAnswers(t *testing.T) {
	overEveryWay(t, func(t *testing.T, w way) {
		never := func(ctx context.Context, _ session.ModelRequest) ([]string, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		first, r := open(t, w, session.Options{Answer: never})
		id, err := first.Execute("print(llm_query('hi'))")
		if err != nil {
			t.Fatal(err)
		}
		r.wait(t, "request", is(func(session.ModelRequest) bool { return true }))
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		_, later := open(t, w, session.Options{SandboxID: first.Info().SandboxID, Answer: upper})
		later.wait(t, "response", func(e session.Event) bool {
			text, ok := e.Body.(session.Stream)
			return ok && e.Cell == id && text.Text == "HI by any\n"
		})
	})
}

func TestAnInterruptEndsTheAnswering(t *testing.T) {
	overEveryWay(t, func(t *testing.T, w way) {
		asked, ended := make(chan struct{}), make(chan struct{})
		s, r := open(t, w, session.Options{Answer: func(ctx context.Context, _ session.ModelRequest) ([]string, error) {
			close(asked)
			<-ctx.Done()
			close(ended)
			return nil, ctx.Err()
		}})
		id, err := s.Execute("llm_query('hi')")
		if err != nil {
			t.Fatal(err)
		}
		<-asked
		if err := s.Interrupt(); err != nil {
			t.Fatal(err)
		}
		<-ended
		r.wait(t, "KeyboardInterrupt", func(e session.Event) bool {
			failure, ok := e.Body.(session.Failure)
			return ok && e.Cell == id && failure.Name == "KeyboardInterrupt"
		})
	})
}

// TestCellsAskTheBroker has a broker that speaks as an agent's does.
func TestCellsAskTheBroker(t *testing.T) {
	broker := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked struct {
			Type, Prompt string
			Prompts      []string
			Model        *string
		}
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || r.URL.Path != "/enqueue" || r.Method != http.MethodPost {
			t.Errorf("%s %s: %v", r.Method, r.URL.Path, err)
		}
		reply := map[string]any{"response": "single " + asked.Prompt}
		switch {
		case asked.Prompt == "fail":
			reply = map[string]any{"error": "no credit"}
		case asked.Prompt == "break":
			w.WriteHeader(http.StatusBadGateway)
		case asked.Type == "batched":
			reply = map[string]any{"responses": asked.Prompts}
		}
		_ = json.NewEncoder(w).Encode(reply)
	}))
	t.Cleanup(broker.Close)
	overEveryWay(t, func(t *testing.T, w way) {
		s, _ := open(t, w, session.Options{BrokerURL: broker.URL})
		for expression, want := range map[string]string{
			"llm_query('hi')":               "single hi",
			"llm_query_batched(['a', 'b'])": "['a', 'b']",
			"llm_query('fail')":             "Error: no credit",
			"llm_query('break')":            "Error: the LLM broker at " + broker.URL + " did not answer: HTTPError: HTTP Error 502: Bad Gateway (--broker-url is where the sandbox finds it, or none)",
		} {
			if got := value(t, s, expression); got != want {
				t.Errorf("%s: %q, want %q", expression, got, want)
			}
		}
	})
}
