package session_test

import (
	"testing"
	"time"

	"github.com/sandrepl/sandrepl/session"
)

// TestTheRoundTripIsMeasuredWhileInUse: far sooner than the pings that keep an idle line alive come.
func TestTheRoundTripIsMeasuredWhileInUse(t *testing.T) {
	overEveryWay(t, func(t *testing.T, w way) {
		s, log := open(t, w, session.Options{SandboxID: session.NewSandboxID()})
		trips := func() (n int) {
			for _, e := range log.all() {
				if l, ok := e.Body.(session.Link); ok && l.State == session.Online && l.RoundTrip > 0 {
					n++
				}
			}
			return n
		}
		began := time.Now()
		for cells := 0; trips() < 4; cells++ {
			if run(t, s, "1", session.OK); time.Since(began) > 15*time.Second {
				t.Fatalf("after %d cells the round trip was told %d times", cells, trips())
			}
			time.Sleep(50 * time.Millisecond)
		}
	})
}
