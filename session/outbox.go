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
	startup []kernel.Request // to be sent on this line before all others
	begun   []string         // ids of what startup held
	pending []kernel.Request
	sent    int      // of pending, on the line that is up
	lost    []string // ids that a kernel before was asked for
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

// line begins a new line: everything is sent again, and startup before it. What startup
// holds is not waited for: where it ran before, the kernel does not answer.
func (o *outbox) line(startup []kernel.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.startup, o.sent = startup, 0
	o.begun = o.begun[:0]
	for _, r := range startup {
		o.begun = append(o.begun, r.ID)
	}
}

// next returns the oldest request that was not sent on this line.
func (o *outbox) next() (kernel.Request, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.startup) > 0 {
		r := o.startup[0]
		o.startup = o.startup[1:]
		return r, true
	}
	if o.sent == len(o.pending) {
		return kernel.Request{}, false
	}
	o.sent++
	return o.pending[o.sent-1], true
}

// settle forgets a request that the kernel is done with.
func (o *outbox) settle(id string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.lost = slices.DeleteFunc(o.lost, func(lost string) bool { return lost == id })
	if i := slices.IndexFunc(o.pending, func(r kernel.Request) bool { return r.ID == id }); i >= 0 {
		o.pending = slices.Delete(o.pending, i, i+1)
		if i < o.sent {
			o.sent--
		}
	}
}

// orphan sets aside what another kernel than the one that answers now was asked. It may
// have answered some of it still; what it did not is lost.
func (o *outbox) orphan() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, r := range o.pending {
		if answered(r) {
			o.lost = append(o.lost, r.ID)
		}
	}
	o.pending, o.sent = nil, 0
}

// orphans empties what was set aside, and returns the ids that were not answered.
func (o *outbox) orphans() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	lost := o.lost
	o.lost = nil
	return lost
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

// holds reports whether a cell was asked for here and has not ended; of the setup only whether it was asked for.
func (o *outbox) holds(id string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Contains(o.begun, id) || slices.ContainsFunc(o.pending, func(r kernel.Request) bool { return r.ID == id })
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
