package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/sandrepl/sandrepl/kernel"
)

// ErrOffline means that a question cannot be asked now; the session joins the kernel again by itself.
var ErrOffline = errors.New("the session is not online just now")

// ErrOvertaken means that a newer question came before this one was answered.
var ErrOvertaken = errors.New("a newer question came")

// ErrQuery is what a question that the kernel could not answer fails with.
var ErrQuery = errors.New("the kernel has no answer")

// What the kernel answers; the fields are documented in the kernel package.
type (
	// Completion is what may be typed at a place.
	Completion = kernel.Completion
	// Match is one of a Completion's.
	Match = kernel.Match
	// Inspection is what is known of a word.
	Inspection = kernel.Inspection
	// Expansion is a variable from within.
	Expansion = kernel.Expansion
	// ExpandParams say which part of a variable is asked for.
	ExpandParams = kernel.ExpandParams
)

// Complete asks what may stand at the cursor, which counts characters from the code's
// start. Like all questions it is answered while a cell runs.
func (s *Session) Complete(ctx context.Context, code string, cursor int) (Completion, error) {
	return ask[Completion](ctx, s, kernel.MethodComplete, kernel.CodeParams{Code: code, Cursor: cursor})
}

// Inspect asks what is known of the word at the cursor, with detail its source too.
func (s *Session) Inspect(ctx context.Context, code string, cursor int, detail bool) (Inspection, error) {
	params := kernel.CodeParams{Code: code, Cursor: cursor}
	if detail {
		params.Detail = 1
	}
	return ask[Inspection](ctx, s, kernel.MethodInspect, params)
}

// Expand asks what a variable holds.
func (s *Session) Expand(ctx context.Context, params ExpandParams) (Expansion, error) {
	return ask[Expansion](ctx, s, kernel.MethodExpand, params)
}

// Stack asks where the running cell is, as a traceback shows it; "" when none runs.
func (s *Session) Stack(ctx context.Context) (string, error) {
	stack, err := ask[kernel.Stack](ctx, s, kernel.MethodStack, nil)
	return stack.Text, err
}

// ask sends a query and waits for its reply.
func ask[T any](ctx context.Context, s *Session, method kernel.Method, params any) (T, error) {
	var answer T
	fail := func(err error) (T, error) { return answer, fmt.Errorf("%s: %w", method, err) }
	s.mu.Lock()
	w := s.wire
	s.mu.Unlock()
	switch {
	case s.ctx.Err() != nil:
		return fail(ErrClosed)
	case w == nil:
		return fail(ErrOffline)
	}
	id := uuid.NewString()
	body, err := json.Marshal(kernel.Request{ID: id, Method: method, Params: params})
	if err != nil {
		return fail(err)
	}
	reply, err := w.query(ctx, id, body)
	if err != nil {
		return fail(err)
	}
	var outcome kernel.Outcome
	if err := json.Unmarshal(reply.Content, &outcome); err != nil {
		return fail(err)
	}
	switch outcome.Status {
	case kernel.QueryCancelled:
		return fail(ErrOvertaken)
	case kernel.QueryOK:
		if err := json.Unmarshal(reply.Content, &answer); err != nil {
			return fail(err)
		}
		return answer, nil
	}
	return fail(fmt.Errorf("%w: %s", ErrQuery, outcome.Error))
}
