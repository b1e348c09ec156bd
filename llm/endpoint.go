// Package llm answers prompts by a language model behind an OpenAI-compatible API: POST URL/chat/completions.
package llm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/cenkalti/backoff/v5"
	"golang.org/x/sync/errgroup"
)

const (
	atOnce     = 8                // prompts of one batch that are asked at the same time
	tries      = 4                // of one prompt
	patience   = 10 * time.Minute // with one try
	longest    = 60               // seconds that a busy API may keep us waiting
	replyLimit = 16 << 20         // bytes
	maxTold    = 500              // bytes of what an API says about an error
)

// ErrNoModel means that neither the prompt nor the endpoint names a model.
var ErrNoModel = errors.New("no model is named: set SANDREPL_LLM_MODEL, or pass model= to llm_query")

// An Endpoint is where models are asked. Its zero value is of no use: see [New].
type Endpoint struct {
	url   *url.URL
	key   string
	model string // asked where a prompt names none
	http  *http.Client
}

// New checks an endpoint's base URL, such as https://api.openai.com/v1. A key goes over https, or to this machine.
func New(base, key, model string) (*Endpoint, error) {
	u, err := url.Parse(base)
	key = strings.TrimSpace(key)
	switch {
	case strings.Contains(base, "@"):
		return nil, errors.New("a name and a password have no place in the URL: SANDREPL_LLM_KEY is for the key")
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("%q is no URL of an API: it begins with https:// or http://, as https://api.openai.com/v1 does", base)
	case u.Scheme == "http" && key != "" && !isLoopback(u.Hostname()):
		return nil, fmt.Errorf("the key would go to %s readable for everyone on the way: use https", u.Host)
	case strings.ContainsFunc(key, unicode.IsControl):
		return nil, errors.New("SANDREPL_LLM_KEY is no key: it has several lines, or a control character in it")
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse } // the key is for the one that was named
	return &Endpoint{url: u.JoinPath("chat/completions"), key: key, model: model, http: &http.Client{CheckRedirect: stay, Timeout: patience}}, nil
}

func isLoopback(host string) bool {
	address := net.ParseIP(host)
	return host == "localhost" || address != nil && address.IsLoopback()
}

// Answer returns a response for each prompt, or the first error.
func (e *Endpoint) Answer(ctx context.Context, prompts []string, model string) ([]string, error) {
	if model == "" {
		model = e.model
	}
	if model == "" {
		return nil, ErrNoModel
	}
	responses := make([]string, len(prompts))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for i, prompt := range prompts {
		group.Go(func() error {
			var err error
			responses[i], err = backoff.Retry(ctx, func() (string, error) { return e.ask(ctx, prompt, model) }, backoff.WithMaxTries(tries))
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, e.worded(err)
	}
	return responses, nil
}

// worded is an error as it may be shown, and kept: without the key, which some APIs repeat.
func (e *Endpoint) worded(err error) error {
	text := err.Error()
	if e.key == "" || !strings.Contains(text, e.key) {
		return err
	}
	return errors.New(strings.ReplaceAll(text, e.key, "(the key)"))
}

type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// ask asks once. Errors that do not go away by themselves are permanent.
func (e *Endpoint) ask(ctx context.Context, prompt, model string) (string, error) {
	body, err := json.Marshal(map[string]any{"model": model, "messages": []message{{Role: "user", Content: prompt}}})
	if err != nil {
		return "", backoff.Permanent(err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, e.url.String(), bytes.NewReader(body))
	if err != nil {
		return "", backoff.Permanent(err)
	}
	request.Header.Set("Content-Type", "application/json")
	if e.key != "" {
		request.Header.Set("Authorization", "Bearer "+e.key)
	}
	reply, err := e.http.Do(request)
	if err != nil {
		return "", e.unreached(err)
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(io.LimitReader(reply.Body, replyLimit+1))
	switch {
	case err != nil:
		return "", e.unreached(err)
	case len(text) > replyLimit:
		return "", backoff.Permanent(fmt.Errorf("the reply of the model's API is over %d MiB", replyLimit>>20))
	}
	if reply.StatusCode != http.StatusOK {
		return "", refused(reply, text)
	}
	var completion struct {
		Choices []struct {
			Message message `json:"message"`
		} `json:"choices"`
	}
	if err := json.Unmarshal(text, &completion); err != nil || len(completion.Choices) == 0 {
		return "", backoff.Permanent(fmt.Errorf("what answers at %s is no OpenAI-compatible API: its reply holds no choices; SANDREPL_LLM_URL ends before /chat/completions", e.url.Host+e.url.Path))
	}
	return completion.Choices[0].Message.Content, nil
}

// unreached words an exchange that broke off. What took too long is not tried again.
func (e *Endpoint) unreached(err error) error {
	var where *url.Error // which repeats the URL
	if errors.As(err, &where) {
		err = where.Err
	}
	var late net.Error
	if errors.As(err, &late) && late.Timeout() {
		return backoff.Permanent(fmt.Errorf("the model's API at %s did not answer in time: %w", e.url.Host, err))
	}
	return fmt.Errorf("the model's API at %s (SANDREPL_LLM_URL) cannot be reached: %w", e.url.Host, err)
}

// refused words a reply that is no completion. Busy and broken servers are asked again, as soon as they say.
func refused(reply *http.Response, text []byte) error {
	what := fmt.Sprintf("the model's API answered %s", reply.Status)
	if told := told(text); told != "" {
		what += ": " + told
	}
	switch reply.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden:
		return backoff.Permanent(errors.New(what + "; SANDREPL_LLM_KEY is what it was asked with"))
	case http.StatusNotFound:
		return backoff.Permanent(errors.New(what + "; SANDREPL_LLM_URL or the model's name is wrong"))
	}
	switch {
	case reply.StatusCode >= 300 && reply.StatusCode < 400:
		return backoff.Permanent(errors.New(what + "; set SANDREPL_LLM_URL to where it leads"))
	case reply.StatusCode != http.StatusTooManyRequests && reply.StatusCode < 500:
		return backoff.Permanent(errors.New(what))
	}
	seconds, err := strconv.Atoi(reply.Header.Get("Retry-After"))
	switch {
	case err != nil || seconds < 0:
		return errors.New(what)
	case seconds > longest:
		return backoff.Permanent(fmt.Errorf("%s; it wants to be asked again in %d seconds", what, seconds))
	}
	return &delayed{errors.New(what), backoff.RetryAfter(seconds)}
}

// told is what an API says about an error: {"error": {"message": "…"}}, {"error": "…"}, or whatever it sends but a page.
func told(text []byte) string {
	var reply struct {
		Error json.RawMessage `json:"error"`
	}
	var inner struct {
		Message string `json:"message"`
	}
	said := string(text)
	if json.Unmarshal(text, &reply) == nil && reply.Error != nil && json.Unmarshal(reply.Error, &said) != nil {
		said = string(reply.Error)
		if json.Unmarshal(reply.Error, &inner) == nil && inner.Message != "" {
			said = inner.Message
		}
	}
	said = strings.Join(strings.Fields(strings.ToValidUTF8(said, "\uFFFD")), " ")
	if strings.HasPrefix(said, "<") {
		return ""
	}
	if len(said) > maxTold {
		said = strings.ToValidUTF8(said[:maxTold], "") + " …"
	}
	return said
}

// delayed is an error that says when to try again.
type delayed struct {
	error
	after error
}

func (d *delayed) Unwrap() []error { return []error{d.error, d.after} }
