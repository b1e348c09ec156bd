package sanitize

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestOutput(t *testing.T) {
	long := strings.Repeat("x", maxString+10)
	for name, c := range map[string]struct{ in, want string }{
		"text":                  {"héllo\tworld\r\n\b", "héllo\tworld\r\n\b"},
		"colour":                {"\x1b[31mred\x1b[0m", "\x1b[31mred\x1b[0m"},
		"empty SGR":             {"\x1b[mx", "\x1b[0mx"},
		"leading zeros":         {"\x1b[0001;031mx", "\x1b[1;31mx"},
		"C1 CSI":                {"\u009b31mx", "\x1b[31mx"},
		"C1 CSI as a byte":      {"\x9b31mx", "\uFFFD31mx"},
		"256 colours":           {"\x1b[38;5;200mx", "\x1b[38;5;200mx"},
		"RGB":                   {"\x1b[1;38;2;1;2;3;4mx", "\x1b[1;38;2;1;2;3;4mx"},
		"RGB with colons":       {"\x1b[48:2::1:2:3mx\x1b[38:2:1:2:3my", "\x1b[48;2;1;2;3mx\x1b[38;2;1;2;3my"},
		"colour out of range":   {"\x1b[38;5;256mx\x1b[38:2:1:2:300my", "xy"},
		"colour cut short":      {"\x1b[38mx\x1b[38;5mx", "xx"},
		"curly underline":       {"\x1b[4:3mx", "\x1b[4:3mx"},
		"blink and conceal":     {"\x1b[5;8;1mx\x1b[8my", "\x1b[1mxy"},
		"private SGR":           {"\x1b[>4;1mx\x1b[?1mx", "xx"},
		"intermediate":          {"\x1b[1 mx\x1b(0x", "xx"},
		"overlong CSI":          {"\x1b[" + strings.Repeat("1;", 60) + "mx", "x"},
		"huge number":           {"\x1b[99999999999999999999mx", "x"},
		"erase":                 {"\x1b[Ka\x1b[2Kb\x1b[0Kc\x1b[1Kd\x1b[3Ke", "\x1b[Ka\x1b[2Kb\x1b[Kc\x1b[1Kde"},
		"cursor and modes":      {"\x1b[2J\x1b[H\x1b[10A\x1b[?1049h\x1b[6nx\x1bcx\x1b7x\x1bM", "xxx"},
		"title":                 {"a\x1b]0;title\x07b", "ab"},
		"title, ST":             {"a\x1b]0;title\x1b\\b", "ab"},
		"title, C1 ST":          {"a\x1b]0;ti\u009cb", "ab"},
		"title by C1":           {"a\u009d0;title\x07b", "ab"},
		"hyperlink":             {"\x1b]8;;file:///etc/passwd\x1b\\click\x1b]8;;\x1b\\", "click"},
		"clipboard":             {"\x1b]52;c;cm0=\x07x", "x"},
		"kitty graphics":        {"\x1b_Ga=T,t=f;L2V0Yw==\x1b\\x", "x"},
		"DCS, PM, SOS":          {"\x1bPq#0\x1b\\a\x1b^pm\x1b\\b\x1bXsos\x1b\\c", "abc"},
		"BEL in a DCS":          {"\x1bPa\x07b\x1b\\c", "c"},
		"a string ends by line": {"\x1b]0;open\nnext", "\nnext"},
		"a string too long":     {"\x1bP" + long, "xxxxxxxxx"},
		"string into CSI":       {"\x1b]0;t\x1b[31mx", "\x1b[31mx"},
		"string, ESC, wide":     {"\x1b]0;t\x1bé\x07x", "x"},
		"CSI into newline":      {"\x1b[31\nmx", "\nmx"},
		"CSI into CSI":          {"\x1b[31\x1b[32mx", "\x1b[32mx"},
		"CSI into text":         {"\x1b[31éx", "éx"},
		"ESC into newline":      {"\x1b\nx", "\nx"},
		"ESC ESC":               {"\x1b\x1b[1mx", "\x1b[1mx"},
		"controls":              {"a\x00\x07\x0b\x0c\x0e\x0f\x7f\u0085b", "ab"},
		"bidi":                  {"a\u202eb\u2066c\u200fd", "a⟨U+202E⟩b⟨U+2066⟩c⟨U+200F⟩d"},
		"invisible":             {"a\u200bb\ufeffc\u2028d", "a⟨U+200B⟩b⟨U+FEFF⟩c⟨U+2028⟩d"},
		"emoji":                 {"👩\u200d🚀❤\ufe0f", "👩\u200d🚀❤\ufe0f"},
		"selectors":             {"a\U000E0100b", "ab"},
		"invalid UTF-8":         {"a\xffb\xc3(", "a\uFFFDb\uFFFD("},
	} {
		t.Run(name, func(t *testing.T) {
			var whole Output
			if got := whole.Write(c.in); got != c.want {
				t.Errorf("Write(%.80q) = %.80q, want %.80q", c.in, got, c.want)
			}
			if len(c.in) > 1000 {
				return
			}
			var bytewise Output
			var got strings.Builder
			for i := range len(c.in) {
				got.WriteString(bytewise.Write(c.in[i : i+1]))
			}
			if got.String() != c.want {
				t.Errorf("byte by byte: %q, want %q", got.String(), c.want)
			}
		})
	}
}

func TestOutputForAScreen(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"moves":          {"\x1b[Aa\x1b[3Bb\x1b[0Cc\x1b[12Dd\x1b[5Ge", "\x1b[1Aa\x1b[3Bb\x1b[1Cc\x1b[12Dd\x1b[5Ge"},
		"far":            {"\x1b[123456A\x1b[99999999999999999999A", "\x1b[999A"},
		"odd moves":      {"\x1b[1;2A\x1b[?1A\x1b[-1A\x1b[>A", ""},
		"below":          {"\x1b[J\x1b[0J\x1b[1J\x1b[2J\x1b[3J", "\x1b[J\x1b[J"},
		"elsewhere":      {"\x1b[H\x1b[2;2H\x1b[?25l\x1b[?1049h\x1b[1E\x1b[2S\x1b[6n\x1b[1dx", "x"},
		"link":           {"\x1b]8;;https://example.org/a?b=c#d\x1b\\x\x1b]8;;\x1b\\", "\x1b]8;;https://example.org/a?b=c#d\x1b\\x\x1b]8;;\x1b\\"},
		"link, BEL":      {"\x1b]8;id=1;http://a.b\x07x", "\x1b]8;;http://a.b\x1b\\x"},
		"link, C1":       {"\u009d8;;http://a.b\u009cx", "\x1b]8;;http://a.b\x1b\\x"},
		"other schemes":  {"\x1b]8;;file:///etc\x1b\\a\x1b]8;;javascript:x\x07b\x1b]8;;HTTP://x\x07", "ab"},
		"link not ASCII": {"\x1b]8;;http://é\x07x\x1b]8;;http://a b\x07", "x"},
		"link too long":  {"\x1b]8;;http://" + strings.Repeat("a", 3000) + "\x07x", "x"},
		"cut off":        {"\x1b]8;;http://a\nb\x1b]8;;http://a\x18c\x1b]8;;http://a\x1b[31md", "\nbc\x1b[31md"},
		"not links":      {"\x1b]0;8;;http://a\x07\x1bP8;;http://a\x1b\\\x1b]8\x07\x1b]8;http://a\x07x", "x"},
		"clipboard":      {"\x1b]52;c;cm0=\x07x", "x"},
	} {
		t.Run(name, func(t *testing.T) {
			whole, bytewise := Output{Screen: true}, Output{Screen: true}
			if got := whole.Write(c.in); got != c.want {
				t.Errorf("Write(%.80q) = %.80q, want %.80q", c.in, got, c.want)
			}
			var got strings.Builder
			for i := range len(c.in) {
				got.WriteString(bytewise.Write(c.in[i : i+1]))
			}
			if got.String() != c.want {
				t.Errorf("byte by byte: %.80q, want %.80q", got.String(), c.want)
			}
		})
	}
}

func TestOutputBoundsMarks(t *testing.T) {
	var o Output
	got := 0
	for range 100 {
		got += strings.Count(o.Write(strings.Repeat("\u0301", 10)), "\u0301")
	}
	if got != maxMarks {
		t.Errorf("%d combining marks kept of 1000, want %d", got, maxMarks)
	}
}

var sequence = regexp.MustCompile(`\x1b\[(([0-9]+([;:][0-9]+)*)m|[12]?K)`)

// onScreen is what Output lets through for a screen beside that.
var onScreen = regexp.MustCompile(`\x1b\[[0-9]{1,3}[ABCDG]|\x1b\[J|\x1b\]8;;(https?://[!-~]*)?\x1b\\`)

// checkSafe fails unless s holds nothing but text, the controls that pass, SGR and erase-in-line.
func checkSafe(t *testing.T, s string) {
	t.Helper()
	if !utf8.ValidString(s) {
		t.Fatalf("not UTF-8: %q", s)
	}
	for _, r := range sequence.ReplaceAllString(s, "") {
		control := r < 0x20 && !strings.ContainsRune("\n\r\t\b", r) || r >= 0x7F && r < 0xA0
		if control || r > 0xA0 && (classify(r) == hidden || classify(r) == selector) {
			t.Fatalf("%U came through: %q", r, s)
		}
	}
}

func FuzzOutput(f *testing.F) {
	for _, s := range []string{"\x1b]52;c;eA==\x07b", "\x1b[38;2;1;2;3mx\x1b[2K", "\u009b1m\u202e\x1bP\n", "\x1b\x1b]\xc3\x1b_é\u009c"} {
		f.Add(s, 3)
	}
	f.Fuzz(func(t *testing.T, s string, cut int) {
		var whole, parts Output
		want := whole.Write(s)
		checkSafe(t, want)
		if len(s) == 0 {
			return
		}
		cut = (cut%len(s) + len(s)) % len(s)
		if got := parts.Write(s[:cut]) + parts.Write(s[cut:]); got != want {
			t.Fatalf("cut at %d: %q, whole: %q", cut, got, want)
		}
		onto := Output{Screen: true}
		seen := onto.Write(s)
		checkSafe(t, onScreen.ReplaceAllString(seen, ""))
		if again := (&Output{Screen: true}).Write(seen); again != seen {
			t.Fatalf("not stable for a screen: %q, then %q", seen, again)
		}
		if again := new(Output).Write(want); again != want {
			t.Fatalf("not stable: %q, then %q", want, again)
		}
	})
}

func BenchmarkOutput(b *testing.B) {
	for name, line := range map[string]string{
		"ascii":    "2026-11-23 12:00:00 INFO  worker: step 1234 finished, loss 0.1234\n",
		"coloured": "\x1b[32mINFO\x1b[0m worker: \x1b[38;5;208mstep 1234\x1b[0m finished, loss \x1b[1m0.1234\x1b[0m\n",
		"cjk":      "日本語のテキストを出力する長い行がここにあります\n",
		"combined": "e\u0301a\u0308 नमस्ते دنيا\n",
	} {
		b.Run(name, func(b *testing.B) {
			text := strings.Repeat(line, 1<<16/len(line))
			b.SetBytes(int64(len(text)))
			var o Output
			for b.Loop() {
				o.Write(text)
			}
		})
	}
}
