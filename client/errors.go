package client

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// What can go wrong with a call, for errors.Is. Every error of this package's
// methods is an [*Error] whose Kind is one of these, or nil when the caller
// cancelled the call.
var (
	ErrUnreachable       = errors.New("the server cannot be reached")
	ErrUnauthorized      = errors.New("the server refuses the token")
	ErrBadRequest        = errors.New("the request is not valid")
	ErrNotFound          = errors.New("not found")
	ErrNoSandbox         = errors.New("there is no such sandbox any more")
	ErrNoSandboxes       = errors.New("the server has no sandboxes")
	ErrInstanceLimit     = errors.New("the server runs as many sandboxes as it may")
	ErrColdStart         = errors.New("the sandbox did not start in time")
	ErrSessionTerminated = errors.New("the sandbox's shell ended")
	ErrServer            = errors.New("the server failed")
	ErrBrokenReply       = errors.New("the reply is not the Worker API's")
	ErrTooLarge          = errors.New("too large")
	ErrInsecureToken     = errors.New("the token would travel unencrypted")
	ErrUnsupported       = errors.New("the server does not offer this")
)

// errNoEndpoint tells a 404 of a path from a 404 of a sandbox.
var errNoEndpoint = errors.New("the server has no such endpoint: check that the URL is a Worker's own")

// Error is the failure of one call.
type Error struct {
	Op      string // exec, write, read, health, …
	Kind    error  // one of the Err… sentinels, or nil when the caller cancelled
	Status  int    // the HTTP status, 0 when there was no reply
	Message string // why: the server's own words, made safe to print, or ours
	URL     string // the server's, which never holds a secret
	Err     error  // what lies beneath, or nil
}

// Error says what happened and why; what to do is for whoever shows it to say.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	if e.URL != "" {
		b.WriteString(" at " + e.URL)
	}
	parts := []string{}
	if e.Kind != nil {
		parts = append(parts, e.Kind.Error())
	}
	switch {
	case e.Message != "":
		parts = append(parts, e.Message)
	case e.Err != nil:
		parts = append(parts, e.Err.Error())
	}
	for _, p := range parts {
		b.WriteString(": " + p)
	}
	if e.Status != 0 {
		fmt.Fprintf(&b, " (HTTP %d)", e.Status)
	}
	return b.String()
}

// Unwrap lets errors.Is find the kind as well as the cause.
func (e *Error) Unwrap() []error {
	var errs []error
	for _, err := range []error{e.Kind, e.Err} {
		if err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}

// cancelled reports the end of the caller's context. last is what had gone
// wrong until then, or nil: a deadline that passes while a sandbox starts is a cold start.
func cancelled(ctx context.Context, op, url string, last *Error) *Error {
	cause := context.Cause(ctx)
	e := &Error{Op: op, URL: url, Err: cause}
	if !errors.Is(cause, context.DeadlineExceeded) {
		e.Message = "cancelled"
		return e
	}
	e.Kind, e.Message = ErrUnreachable, "no answer within the time allowed"
	if last != nil {
		e.Kind, e.Status, e.Message = last.Kind, last.Status, last.Message
		e.Err = errors.Join(cause, last.Err)
	}
	return e
}
