package tui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/sandrepl/sandrepl/session"
)

// A batch is bounded so that a flood of output never keeps a key waiting for long.
const (
	batchEvents = 512
	batchBytes  = 256 << 10
	aheadEvents = 64 // that wait; one may be tens of KiB
)

// A queue brings the session's events into the program in batches: one message, and so
// one frame, for all that came meanwhile. It is bounded: a full queue holds the session
// back, and the kernel's journal keeps what was not read.
type queue struct {
	events  chan session.Event
	prompts chan promptMsg
	life    context.Context // ends when the application does
	end     context.CancelFunc
}

func newQueue() queue {
	life, end := context.WithCancel(context.Background())
	return queue{events: make(chan session.Event, aheadEvents), prompts: make(chan promptMsg), life: life, end: end}
}

// put is the session's OnEvent.
func (q queue) put(e session.Event) {
	select {
	case q.events <- e:
	case <-q.life.Done():
	}
}

type eventsMsg []session.Event

// next waits for events.
func (q queue) next() tea.Msg {
	var batch eventsMsg
	size := 0
	for len(batch) < batchEvents && size < batchBytes {
		var e session.Event
		if len(batch) == 0 {
			select {
			case e = <-q.events:
			case <-q.life.Done():
				return nil
			}
		} else {
			select {
			case e = <-q.events:
			default:
				return batch
			}
		}
		if s, ok := e.Body.(session.Stream); ok {
			size += len(s.Text)
		}
		batch = append(batch, e)
	}
	return batch
}
