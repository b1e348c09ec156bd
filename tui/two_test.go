package tui_test

import (
	"regexp"
	"testing"
)

// inOrder waits until the texts stand on the screen one after the other.
func (s *screen) inOrder(texts ...string) {
	s.t.Helper()
	pattern := "(?s)"
	for _, text := range texts {
		pattern += ".*" + regexp.QuoteMeta(text)
	}
	s.until(pattern, regexp.MustCompile(pattern).MatchString)
}

// TestTwoClientsAreToldTheSame: whoever runs a cell, both see what it asks, what it is answered, and how its kernel ended.
func TestTwoClientsAreToldTheSame(t *testing.T) {
	p := newPlace(t)
	one := start(t, p, 100, 36)
	one.shows("idle")
	p.history = t.TempDir()
	two := start(t, p, 100, 36)
	two.shows("idle")
	one.press("llm_query_batched(['a?', 'b?'])" + enter)
	one.shows("reply to 1 of 2❯")
	two.inOrder("1 of 2 asks: a?", "2 of 2 asks: b?")
	one.press("A" + enter)
	one.shows("reply to 2 of 2❯")
	one.press("B" + enter)
	for _, s := range []*screen{one, two} {
		s.inOrder("1 of 2 asks: a?", "2 of 2 asks: b?", "1 of 2 was answered: A", "2 of 2 was answered: B", "= ['A', 'B']")
	}
	two.press("import os; print('begun'); os.kill(os.getpid(), 9)" + enter)
	for _, s := range []*screen{one, two} {
		s.inOrder("lost", "begun", "KernelDied: it was killed", "was started anew")
	}
}
