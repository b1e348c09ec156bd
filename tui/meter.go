package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sandrepl/sandrepl/pricing"
)

// A meter estimates what the sandbox's container costs, from what this client sees: it is awake from the first request
// on, and busy while cells run, whoever sent them. Without an instance nothing is metered.
type meter struct {
	instance *pricing.Instance
	began    time.Time
	since    time.Time // when the running cell began; zero while none runs
	busy     time.Duration
}

// kernel takes a kernel's state and when it was so. What an earlier client saw is not counted.
func (m meter) kernel(state string, at, now time.Time) meter {
	if state == "queued" { // another cell's
		return m
	}
	at = later(m.began, at)
	if at.After(now) { // the container's clock is ahead
		at = now
	}
	if !m.since.IsZero() {
		m.busy += max(at.Sub(m.since), 0)
		m.since = time.Time{}
	}
	if state == "busy" {
		m.since = at
	}
	return m
}

// usage is what was seen until now.
func (m meter) usage(now time.Time) pricing.Usage {
	u := pricing.Usage{Awake: now.Sub(m.began), Busy: m.busy}
	if !m.since.IsZero() {
		u.Busy += max(now.Sub(m.since), 0)
	}
	return u
}

// view is the sum so far, or nothing where nothing is metered.
func (m meter) view(now time.Time) string {
	if m.instance == nil {
		return ""
	}
	return "≈ " + pricing.Dollars(m.instance.Cost(m.usage(now)).Total())
}

type meterMsg time.Time

// meterPace is how often an idle REPL's sum is drawn anew: the cheapest container takes longer for a digit.
const meterPace = time.Minute

func (m meter) next() tea.Cmd {
	if m.instance == nil {
		return nil
	}
	return tea.Tick(meterPace, func(t time.Time) tea.Msg { return meterMsg(t) })
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
