package session_test

import (
	"testing"

	"github.com/sandrepl/sandrepl/session"
)

// TestAKernelThatDoesNotAnswerIsSaid: C code that keeps Python's lock keeps the kernel from answering, and is no cut line.
func TestAKernelThatDoesNotAnswerIsSaid(t *testing.T) {
	s, events := open(t, way{"embedded", serve(t).URL, session.Connect}, session.Options{})
	cell, err := s.Execute("import re\nre.match('(a+)+$', 'a' * 60 + 'b')")
	if err != nil {
		t.Fatal(err)
	}
	events.wait(t, "word of the silence", is(func(l session.Link) bool { return l.Silent && l.State == session.Online }))
	if err := s.Interrupt(); err != nil {
		t.Fatal(err)
	}
	events.wait(t, "the interrupt", func(e session.Event) bool {
		f, ok := e.Body.(session.Failure)
		return ok && e.Cell == cell && f.Name == "KeyboardInterrupt"
	})
	heard := false
	for _, e := range events.all() {
		l, ok := e.Body.(session.Link)
		if ok && l.State == session.Offline {
			t.Errorf("the line was given up: %+v", l)
		}
		heard = heard || ok && l.RoundTrip > 0
	}
	if !heard {
		t.Error("it never answered")
	}
	run(t, s, "1", session.OK)
}
