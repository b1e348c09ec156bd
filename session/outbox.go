package session

import (
	"slices"
	"sync"

	"github.com/sandrepl/sandrepl/kernel"
)

// An outbox holds the requests of which it is not known that the kernel took them, in
// order. After a cut line they are all sent again: the kernel runs each id once.
type outbox struct {
	mu      sync.Mutex
	pending []kernel.Request
	sent    int // of pending, on the line that is up
	added   chan struct{}
}

func (o *outbox) init() { o.added = make(chan struct{}, 1) }

func (o *outbox) add(r kernel.Request) {
	o.mu.Lock()
	o.pending = append(o.pending, r)
	o.mu.Unlock()
	select {
	case o.added <- struct{}{}:
	default:
	}
}

// next returns the oldest request that was not sent on this line.
func (o *outbox) next() (kernel.Request, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.sent == len(o.pending) {
		return kernel.Request{}, false
	}
	o.sent++
	return o.pending[o.sent-1], true
}

// first puts requests before all others, unless they are there already.
func (o *outbox) first(requests []kernel.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sent = 0
	requests = slices.DeleteFunc(slices.Clone(requests), func(r kernel.Request) bool {
		return slices.ContainsFunc(o.pending, func(p kernel.Request) bool { return p.ID == r.ID })
	})
	o.pending = append(requests, o.pending...)
}

// settle forgets a request that the kernel is done with.
func (o *outbox) settle(id string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if i := slices.IndexFunc(o.pending, func(r kernel.Request) bool { return r.ID == id }); i >= 0 {
		o.pending = slices.Delete(o.pending, i, i+1)
		if i < o.sent {
			o.sent--
		}
	}
}

// drain empties the outbox and returns what was in it.
func (o *outbox) drain() []kernel.Request {
	o.mu.Lock()
	defer o.mu.Unlock()
	all := o.pending
	o.pending, o.sent = nil, 0
	return all
}

// heard forgets the requests that no event answers by name, once something was heard
// after they were sent.
func (o *outbox) heard() {
	o.mu.Lock()
	defer o.mu.Unlock()
	kept := o.pending[:0]
	for i, r := range o.pending {
		if i < o.sent && !answered(r) {
			continue
		}
		kept = append(kept, r)
	}
	o.sent -= len(o.pending) - len(kept)
	clear(o.pending[len(kept):])
	o.pending = kept
}

// waiting reports whether an answer is expected.
func (o *outbox) waiting() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.ContainsFunc(o.pending, answered)
}

// answered reports whether an event with the request's id as its parent ends the request.
func answered(r kernel.Request) bool {
	return r.Method == kernel.MethodExecute || r.Method == kernel.MethodAssign || r.Method == kernel.MethodLocals
}
