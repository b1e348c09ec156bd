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
	events.wait(t, "word of the silence", is(func(l session.Link) bool { return l.Silent && l.State == session.Online }))
	run(t, s, "1", session.OK)
	silent, answers := false, false
	for _, e := range events.all() {
		if l, ok := e.Body.(session.Link); ok {
			silent = silent || l.Silent
			answers = answers || silent && l.RoundTrip > 0
		}
	}
	if !answers {
		t.Error("it is not said that it answers again")
	}
}
