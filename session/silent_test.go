package session_test

import (
	"testing"

	"github.com/sandrepl/sandrepl/session"
)

// TestAKernelThatDoesNotAnswerIsSaid: C code that keeps Python's lock keeps the kernel from answering, and is no cut line.
func TestAKernelThatDoesNotAnswerIsSaid(t *testing.T) {
	s, events := open(t, way{"embedded", serve(t).URL, session.Connect}, session.Options{})
	if _, err := s.Execute("sum(range(3 * 10**8)) > 0"); err != nil {
		t.Fatal(err)
	}
	silent := false
	events.wait(t, "word of the silence, and that it is over", func(e session.Event) bool {
		l, ok := e.Body.(session.Link)
		silent = silent || ok && l.Silent && l.State == session.Online
		return silent && ok && l.RoundTrip > 0
	})
	run(t, s, "1", session.OK)
}
