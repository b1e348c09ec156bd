package main

import (
	"testing"

	"github.com/sandrepl/sandrepl/config"
	"github.com/sandrepl/sandrepl/pricing"
	"github.com/sandrepl/sandrepl/session"
)

// TestTheDefaultsAreThoseOfTheRoomsThatKnowThem: the settings' room knows no other.
func TestTheDefaultsAreThoseOfTheRoomsThatKnowThem(t *testing.T) {
	l, err := config.Load("none.toml", func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	if l.Instance != pricing.DefaultInstance {
		t.Errorf("the instance is %q, to pricing %q", l.Instance, pricing.DefaultInstance)
	}
	if _, err := session.ParseTransport(l.Transport); err != nil {
		t.Error(err)
	}
}
