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

	"github.com/cenkalti/backoff/v5"
	"golang.org/x/sync/errgroup"
)

const (
	atOnce     = 8        // prompts of one batch that are asked at the same time
	tries      = 4        // of one prompt
	replyLimit = 16 << 20 // bytes
)

// ErrNoModel means that neither the prompt nor the endpoint names a model.
var ErrNoModel = errors.New("no model is named: set SANDREPL_LLM_MODEL, or pass model= to llm_query")

// An Endpoint is where models are asked. Its zero value is of no use: see [New].
type Endpoint struct {
	url   string
	key   string
	model string // asked where a prompt names none
	http  *http.Client
}

// New checks an endpoint's base URL, such as https://api.openai.com/v1. A key goes over https, or to this machine.
func New(base, key, model string) (*Endpoint, error) {
	u, err := url.Parse(base)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("%q is no URL of an API: it begins with https:// or http://, as https://api.openai.com/v1 does", base)
	case u.Scheme == "http" && key != "" && !isLoopback(u.Hostname()):
		return nil, fmt.Errorf("the key would go to %s readable for everyone on the way: use https", u.Host)
	}
	return &Endpoint{url: strings.TrimSuffix(base, "/") + "/chat/completions", key: key, model: model, http: &http.Client{}}, nil
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
		return nil, err
	}
	return responses, nil
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
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, e.url, bytes.NewReader(body))
	if err != nil {
		return "", backoff.Permanent(err)
	}
	request.Header.Set("Content-Type", "application/json")
	if e.key != "" {
		request.Header.Set("Authorization", "Bearer "+e.key)
	}
	reply, err := e.http.Do(request)
	if err != nil {
		return "", fmt.Errorf("the model's API cannot be reached: %w", err)
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(io.LimitReader(reply.Body, replyLimit))
	if err != nil {
		return "", fmt.Errorf("the model's API broke off its reply: %w", err)
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
		return "", backoff.Permanent(fmt.Errorf("%s is no OpenAI-compatible API: its reply holds no choices", e.url))
	}
	return completion.Choices[0].Message.Content, nil
}

// refused words a reply that is no completion. Busy and broken servers are asked again, as soon as they say.
func refused(reply *http.Response, text []byte) error {
	var told struct {
		Error struct {
			Message string `json:"message"`
		} `json:"error"`
	}
	_ = json.Unmarshal(text, &told) // some say nothing
	what := fmt.Sprintf("the model's API answered %s", reply.Status)
	if told.Error.Message != "" {
		what += ": " + told.Error.Message
	}
	switch {
	case reply.StatusCode == http.StatusUnauthorized:
		return backoff.Permanent(errors.New(what + " (SANDREPL_LLM_KEY)"))
	case reply.StatusCode == http.StatusTooManyRequests || reply.StatusCode >= 500:
		if seconds, err := strconv.Atoi(reply.Header.Get("Retry-After")); err == nil && seconds >= 0 && seconds <= 60 {
			return &delayed{errors.New(what), backoff.RetryAfter(seconds)}
		}
		return errors.New(what)
	}
	return backoff.Permanent(errors.New(what))
}

// delayed is an error that says when to try again.
type delayed struct {
	error
	after error
}

func (d *delayed) Unwrap() []error { return []error{d.error, d.after} }
