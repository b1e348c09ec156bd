package tui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sandrepl/sandrepl/session"
)

// TestABatchMayBeTakenInParts holds that what is left of a batch when others are to have their turn comes after them, in order.
func TestABatchMayBeTakenInParts(t *testing.T) {
	var batch eventsMsg
	for i := range 10 {
		batch = append(batch, session.Event{Cell: "a", Body: session.Stream{Name: "stdout", Text: fmt.Sprintf("line %d\n", i)}})
	}
	whole, _ := sized().take(batch, func() bool { return false })
	m, turns := sized(), 0
	for rest := batch; len(rest) > 0; turns++ {
		next, cmd := m.take(rest, func() bool { return true })
		m, rest = next.(Model), nil
		if turns+1 < len(batch) {
			if all, several := cmd().(tea.BatchMsg); several {
				cmd = all[len(all)-1]
			}
			rest = cmd().(eventsMsg)
		}
	}
	if want := len(batch); turns != want {
		t.Errorf("%d turns, want %d", turns, want)
	}
	if got, want := m.View().Content, whole.(Model).View().Content; got != want {
		t.Errorf("in parts:\n%s\nas a whole:\n%s", got, want)
	}
}

func TestAFullJournalIsToldOnceAKernel(t *testing.T) {
	m := sized()
	full := session.Event{Body: session.Discarded{}}
	for _, batch := range []eventsMsg{{full, full}, {full}, {{Body: session.NewKernel{}}, full, full}} {
		next, _ := m.events(batch)
		m = next.(Model)
	}
	if n := strings.Count(m.View().Content, "journal is full"); n != 2 {
		t.Errorf("told %d times to two kernels:\n%s", n, m.View().Content)
	}
}

func TestARoundTripIsToldAsFarAsItStays(t *testing.T) {
	for d, want := range map[time.Duration]string{
		300 * time.Microsecond: "< 2 ms", 2400 * time.Microsecond: "2 ms", 9 * time.Millisecond: "9 ms",
		23 * time.Millisecond: "25 ms", 98 * time.Millisecond: "100 ms", 143 * time.Millisecond: "140 ms", 1508 * time.Millisecond: "1510 ms",
	} {
		if got := roughly(d); got != want {
			t.Errorf("%s is told as %s, want %s", d, got, want)
		}
	}
}

func sized() Model {
	next, _ := New(Options{}).Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	return next.(Model)
}
