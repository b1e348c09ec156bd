package tui

import (
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/sandrepl/sandrepl/pricing"
	"github.com/sandrepl/sandrepl/session"
	"github.com/sandrepl/sandrepl/themes"
)

func metered(t *testing.T, began time.Time) meter {
	t.Helper()
	basic, err := pricing.ParseInstance("basic")
	if err != nil {
		t.Fatal(err)
	}
	return meter{instance: &basic, began: began}
}

func TestTheMeterCountsWhatIsSeenHere(t *testing.T) {
	began := time.Unix(1_795_000_000, 0)
	at := func(seconds int) time.Time { return began.Add(time.Duration(seconds) * time.Second) }
	m := metered(t, began)
	for _, event := range []struct {
		state   string
		at, now int
	}{
		{"busy", -90, 1}, {"idle", -30, 1}, // from before we came
		{"busy", -10, 1}, {"idle", 20, 20}, // ours from 0 on
		{"busy", 30, 30}, {"queued", 31, 31}, {"idle", 40, 40},
		{"busy", 55, 50}, {"starting", 60, 60}, // a clock that is ahead; the kernel died in it
		{"busy", 80, 80},
	} {
		m = m.kernel(event.state, at(event.at), at(event.now))
	}
	want := pricing.Usage{Awake: 100 * time.Second, Busy: (20 + 10 + 10 + 20) * time.Second}
	if got := m.usage(at(100)); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := m.view(began.Add(time.Hour)); got != "≈ $0.0278" { // 3,560 s of it busy
		t.Error(got)
	}
}

func TestTheStatusLineTellsTheSum(t *testing.T) {
	began := time.Unix(1_795_000_000, 0)
	s := status{sandbox: "s1", worker: "https://w.example", now: began.Add(time.Hour), meter: metered(t, began)}
	s.link = session.Link{State: session.Online, Transport: session.Poll, Reason: "this Worker has no connect"}
	line := func(width int) string {
		told, hints := s.segments(0, "f1 help", "ctrl+d leave", "f4")
		return ansi.Strip(drawn(themes.Dark(), fitted(told, hints, width)))
	}
	want := " ● idle │ s1 │ https://w.example │ polling │ this Worker has no connect │ ≈ $0.0100      f1 help"
	if got := line(97); got != want {
		t.Errorf("%q", got)
	}
	s.meter.instance = nil
	if got := line(60); got != " ● idle │ s1 │ https://w.example │ polling          f1 help" {
		t.Errorf("%q", got)
	}
}
