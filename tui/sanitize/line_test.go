package sanitize

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestLine(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"plain text", "plain text"},
		{"naïve 日本語 🐍", "naïve 日本語 🐍"},
		{"a\nb\r\nc\rd", "a␤b␤c␍d"},
		{"a\tb", "a b"},
		{"\x1b[31mred\x1b[m", "␛[31mred␛[m"},
		{"\x00\x07\x7f", "␀␇␡"},
		{"\u009b31m", "⟨U+009B⟩31m"},
		{"\x9b31m", "\uFFFD31m"},
		{"abc\u202etxt.exe", "abc⟨U+202E⟩txt.exe"},
		{"a\u200bb\u200dc\ufeffd", "a⟨U+200B⟩b⟨U+200D⟩c⟨U+FEFF⟩d"},
		{"soft\u00adhyphen", "soft⟨U+00AD⟩hyphen"},
		{"line\u2028sep", "line⟨U+2028⟩sep"},
		{"tag\U000E0041", "tag⟨U+E0041⟩"},
		{"❤\ufe0f", "❤"},
		{"hidden\U000E0100byte", "hiddenbyte"},
		{"e\u0301", "e\u0301"},
		{"filler\u3164", "filler⟨U+3164⟩"},
		{"\u0600", "\u0600"},
	} {
		if got := Line(c.in); got != c.want {
			t.Errorf("Line(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestLineBoundsMarks(t *testing.T) {
	in := "a" + strings.Repeat("\u0301", 1000) + "b"
	if got := strings.Count(Line(in), "\u0301"); got != maxMarks {
		t.Errorf("%d combining marks kept of 1000, want %d", got, maxMarks)
	}
}

func FuzzLine(f *testing.F) {
	f.Add("a\x1b]52;c;eA==\x07b\u202e\u009b")
	f.Fuzz(func(t *testing.T, s string) {
		got := Line(s)
		if !utf8.ValidString(got) {
			t.Fatalf("Line(%q) is not UTF-8: %q", s, got)
		}
		for _, r := range got {
			if r < 0x20 || r >= 0x7F && r < 0xA0 || classify(r) == hidden || classify(r) == joiner {
				t.Fatalf("Line(%q) lets %U through", s, r)
			}
		}
		if again := Line(got); again != got {
			t.Fatalf("Line is not stable: %q, then %q", got, again)
		}
	})
}
