package sanitize

import (
	"testing"
	"unicode"
)

func TestTheShortWayIsRight(t *testing.T) {
	for r := rune(0xA0); r <= unicode.MaxRune; r++ {
		if got, want := classify(r), lookUp(r); got != want {
			t.Errorf("%U is classified %d, by the tables it is %d", r, got, want)
		}
	}
}
