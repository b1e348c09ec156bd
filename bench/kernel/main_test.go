package main

import "testing"

// TestOurSide takes each row once on our own kernel; how long that takes does not matter here.
func TestOurSide(t *testing.T) {
	o, err := newOurs(t.Context(), "/usr/bin/python3")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		value, err := measure(t.Context(), o, row.name)
		if err != nil || value <= 0 {
			t.Errorf("%s: %v, %v", row.name, value, err)
		}
	}
	if err := o.close(); err != nil {
		t.Error(err)
	}
}
