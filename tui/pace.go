package tui

import (
	"reflect"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
)

// A frame is written at once when it follows a key, or no other closely; else by a clock, which rests when there are none: it would
// take more than all else does while nobody does anything.
const (
	framesPerSecond = 60
	period          = time.Second / framesPerSecond
	soon            = time.Millisecond
	resting         = 100 * time.Millisecond // after the last frame
)

// A pacer winds Bubble Tea's clock up. The zero value, and one whose program has no clock that can be found, leaves it alone:
// it ticks all the time then.
type pacer struct {
	program *tea.Program

	mu    sync.Mutex
	clock *time.Ticker // nil while it runs by itself
	timer *time.Timer
	last  time.Time // when a frame was drawn
	key   bool      // since then
	runs  pace
}

type pace uint8

const (
	walks pace = iota
	hurries
	rests
)

// clockOf finds the clock of a program's renderer. It is private, and Bubble Tea has no other way to let it rest; only the
// program's own goroutine may look for it.
func clockOf(program *tea.Program) *time.Ticker {
	field := reflect.ValueOf(program).Elem().FieldByName("ticker")
	if !field.IsValid() || field.Type() != reflect.TypeFor[*time.Ticker]() {
		return nil
	}
	return *(**time.Ticker)(field.Addr().UnsafePointer())
}

// pressed is called with each key.
func (p *pacer) pressed() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.key = true
}

// drawn is called with each frame.
func (p *pacer) drawn() {
	if p.program == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.clock == nil {
		if p.clock = clockOf(p.program); p.clock == nil {
			return
		}
		p.timer = time.AfterFunc(resting, p.turn)
	}
	now := time.Now()
	if p.key || p.runs == rests || p.runs == walks && now.Sub(p.last) > period {
		p.runs = hurries
		p.clock.Reset(soon)
		p.timer.Reset(4 * soon)
	}
	p.last, p.key = now, false
}

// turn goes from one pace to the next.
func (p *pacer) turn() {
	p.mu.Lock()
	defer p.mu.Unlock()
	still := time.Since(p.last)
	switch {
	case p.runs == hurries:
		p.runs = walks
		p.clock.Reset(period)
		p.timer.Reset(resting)
	case still < resting:
		p.timer.Reset(resting - still)
	default:
		p.runs = rests
		p.clock.Stop()
	}
}
