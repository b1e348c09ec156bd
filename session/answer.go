package session

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/sandrepl/sandrepl/kernel"
)

// An Answerer answers what a cell asks by llm_query: with a response for each prompt. Its
// context ends when nobody waits any more. What its error says is what the cell gets.
type Answerer func(ctx context.Context, r ModelRequest) ([]string, error)

// NoAnswerer is the Error of the [ModelReply] to a cell that asks where no [Answerer] is: agents' code knows these words.
const NoAnswerer = "LLM broker not configured"

// maxResponses is how many bytes of JSON one reply may have: every transport takes as much.
const maxResponses = MaxContext

// othersFirst is how long a request of a cell that another client runs is left to that client.
const othersFirst = 2 * time.Second

// asked holds what cells ask language models and nobody answered yet, by number.
type asked struct {
	mu   sync.Mutex
	open map[int64]context.CancelFunc
}

func (a *asked) begin(parent context.Context, seq int64) context.Context {
	ctx, cancel := context.WithCancel(parent)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.open == nil {
		a.open = map[int64]context.CancelFunc{}
	}
	a.open[seq] = cancel
	return ctx
}

func (a *asked) end(seq int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if cancel := a.open[seq]; cancel != nil {
		cancel()
		delete(a.open, seq)
	}
}

// endAll is for a new kernel: nobody waits in the one before.
func (a *asked) endAll() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, cancel := range a.open {
		cancel()
	}
	clear(a.open)
}

// consider answers a request, or declines it when the cell is ours and we cannot. Cells of
// others are theirs to answer first, and ours when they are gone.
func (s *Session) consider(e Event, r ModelRequest) {
	ours := s.outbox.holds(e.Cell)
	if !ours && s.opts.Answer == nil {
		return
	}
	ctx := s.asked.begin(s.ctx, e.Seq)
	s.beside.Go(func() {
		defer s.asked.end(e.Seq)
		if !ours {
			select {
			case <-time.After(othersFirst):
			case <-ctx.Done():
				return
			}
		}
		reply := s.respond(ctx, r)
		if ctx.Err() == nil {
			reply.Seq = e.Seq
			_ = s.request(uuid.NewString(), kernel.MethodLLMReply, reply) // a closed session has nobody to tell
		}
	})
}

func (s *Session) respond(ctx context.Context, r ModelRequest) kernel.LLMReplyParams {
	if s.opts.Answer == nil {
		return kernel.LLMReplyParams{Error: NoAnswerer}
	}
	responses, err := s.opts.Answer(ctx, r)
	switch {
	case err != nil && err.Error() != "":
		return kernel.LLMReplyParams{Error: err.Error()}
	case err != nil || len(responses) != len(r.Prompts):
		return kernel.LLMReplyParams{Error: "there is no response for each prompt"}
	}
	reply := kernel.LLMReplyParams{Responses: responses}
	if body, err := json.Marshal(reply); err != nil || len(body) > maxResponses {
		return kernel.LLMReplyParams{Error: fmt.Sprintf("the responses are over %d MiB: ask for less at once", maxResponses>>20)}
	}
	return reply
}
