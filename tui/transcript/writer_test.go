package transcript

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func linesOf(w *writer) []string {
	var out []string
	for i := range w.lines() {
		t, line, _ := w.at(i)
		out = append(out, string(rune(t))+" "+line)
	}
	return out
}

func TestWriter(t *testing.T) {
	type piece struct {
		kind Kind
		text string
	}
	for name, c := range map[string]struct {
		in   []piece
		want []string
	}{
		"lines in pieces":           {[]piece{{Stdout, "a"}, {Stdout, "b\nc"}, {Stdout, "\n"}}, []string{"o ab", "o c"}},
		"no newline yet":            {[]piece{{Stdout, "a\nb"}}, []string{"o a", "o b"}},
		"empty lines":               {[]piece{{Stdout, "\n\n"}}, []string{"o ", "o "}},
		"nothing":                   {[]piece{{Stdout, ""}}, nil},
		"kinds end lines":           {[]piece{{Stdout, "a"}, {Stderr, "b\n"}, {Stdout, "c"}}, []string{"o a", "e b", "o c"}},
		"CRLF":                      {[]piece{{Stdout, "a\r\nb\r"}, {Stdout, "\nc"}}, []string{"o a", "o b", "o c"}},
		"progress":                  {[]piece{{Stderr, "\r10%"}, {Stderr, "\r20%"}, {Stderr, "\rdone\n"}}, []string{"e done"}},
		"progress, shorter":         {[]piece{{Stdout, "100 left\r99"}}, []string{"o 990 left"}},
		"return at the end":         {[]piece{{Stdout, "50%\r"}, {Stdout, "60%\r"}}, []string{"o 60%"}},
		"erase to the right":        {[]piece{{Stdout, "long text\r\x1b[Kx\n"}}, []string{"o x"}},
		"erase all":                 {[]piece{{Stdout, "long\x1b[2K\rx\n"}}, []string{"o x"}},
		"erase to the left":         {[]piece{{Stdout, "abcdef\b\b\x1b[1K\n"}}, []string{"o      f"}},
		"erase unknown":             {[]piece{{Stdout, "abc\x1b[9K\n"}}, []string{"o abc"}},
		"an erased line is none":    {[]piece{{Stderr, "bar\n"}, {Stderr, "\rinner\r     \r"}, {Stdout, "done\n"}}, []string{"e bar", "o done"}},
		"backspace":                 {[]piece{{Stdout, "-\b/\b|\n"}}, []string{"o |"}},
		"backspace at the start":    {[]piece{{Stdout, "\b\bx\n"}}, []string{"o x"}},
		"wide under narrow":         {[]piece{{Stdout, "日本\rx\n"}}, []string{"o x 本"}},
		"narrow under half":         {[]piece{{Stdout, "日本\r x\n"}}, []string{"o  x本"}},
		"wide over wide, shifted":   {[]piece{{Stdout, "日本語\r 字\n"}}, []string{"o  字 語"}},
		"tab moves, not clears":     {[]piece{{Stdout, "abcdefghij\r\tX\n"}}, []string{"o abcdefghXj"}},
		"tab beyond the end":        {[]piece{{Stdout, "ab\r\tX\n"}}, []string{"o ab      X"}},
		"marks join":                {[]piece{{Stdout, "\re\u0301\r"}, {Stdout, "\u0302"}}, []string{"o e\u0301"}},
		"colour goes on":            {[]piece{{Stdout, "\x1b[31mred\nstill\x1b[0m\nnot\n"}}, []string{"o \x1b[31mred", "o \x1b[31mstill\x1b[0m", "o not"}},
		"colour is its kind's":      {[]piece{{Stdout, "\x1b[31mred"}, {Stderr, "plain\n"}, {Stdout, "red"}}, []string{"o \x1b[31mred", "e plain", "o \x1b[31mred"}},
		"colour in a grid":          {[]piece{{Stdout, "ab\r\x1b[31mX\x1b[0m\n"}}, []string{"o \x1b[31mX\x1b[mb"}},
		"only colour":               {[]piece{{Stdout, "\x1b[31m\x1b[1m"}}, nil},
		"two bars":                  {[]piece{{Stderr, "\r0%\n\r0%\x1b[1A"}, {Stderr, "\r50%\n\r10%\x1b[1A\r100%"}, {Stdout, "x"}}, []string{"e 100%", "e 10%", "o x"}},
		"rich, live":                {[]piece{{Stdout, "a 1\nb 1\nc 1"}, {Stdout, "\r\x1b[2K\x1b[1A\x1b[2K\x1b[1A\x1b[2Ka 2\nb 2\nc 2"}, {Stdout, "\n"}}, []string{"o a 2", "o b 2", "o c 2"}},
		"rich, above a bar":         {[]piece{{Stdout, "bar 1"}, {Stdout, "\r\x1b[2Ktext\nbar 2\n"}}, []string{"o text", "o bar 2"}},
		"up from a fresh line":      {[]piece{{Stdout, "a\nb\n\x1b[1A\x1b[2Kc"}, {Stdout, "\nd"}}, []string{"o a", "o c", "o d"}},
		"up keeps the column":       {[]piece{{Stdout, "abc\nde\x1b[1AX\n"}}, []string{"o abX", "o de"}},
		"up no further than kind":   {[]piece{{Stderr, "e\n"}, {Stdout, "a\x1b[9Ab"}}, []string{"e e", "o ab"}},
		"down, no further":          {[]piece{{Stdout, "a\nb\x1b[1A\x1b[9Bc"}}, []string{"o a", "o bc"}},
		"erase below":               {[]piece{{Stdout, "a\nb\nc\r\x1b[2A\x1b[J1"}}, []string{"o 1"}},
		"columns":                   {[]piece{{Stdout, "abcdef\x1b[3DX\x1b[1CY\x1b[1GZ\n"}}, []string{"o ZbcXeY"}},
		"a link":                    {[]piece{{Stdout, "\x1b]8;;http://a\x1b\\a\x1b]8;;\x1b\\b\n"}}, []string{"o \x1b]8;;http://a\x1b\\a\x1b]8;;\x1b\\b"}},
		"a link ends with its line": {[]piece{{Stdout, "\x1b]8;;http://a\x1b\\a\nb\n"}}, []string{"o \x1b]8;;http://a\x1b\\a\x1b]8;;\x1b\\", "o b"}},
		"a link in a grid":          {[]piece{{Stdout, "xy\r\x1b]8;;http://a\x1b\\a\x1b]8;;\x1b\\\n"}}, []string{"o \x1b]8;;http://a\x1b\\a\x1b]8;;\x1b\\y"}},
		"a value":                   {[]piece{{Result, "[1,\n 2]\n"}, {Stdout, "x"}}, []string{"v [1,", "V  2]", "o x"}},
		"a table":                   {[]piece{{Result, "   a\n0  1"}}, []string{"t    a", "T 0  1"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWriter(newSpool(memoryLimit, fileLimit))
			for _, p := range c.in {
				w.write(p.kind, p.text)
			}
			if diff := cmp.Diff(c.want, linesOf(w)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestLongLinesAreCut(t *testing.T) {
	for name, text := range map[string]string{
		"ascii":    strings.Repeat("x", 100_000),
		"wide":     strings.Repeat("日", 50_000),
		"at once":  "\r" + strings.Repeat("y", 100_000),
		"coloured": strings.Repeat("\x1b[31mr\x1b[0mn", 20_000),
	} {
		t.Run(name, func(t *testing.T) {
			w := newWriter(newSpool(memoryLimit, fileLimit))
			w.write(Stdout, text)
			w.end()
			var all strings.Builder
			for i := range w.lines() {
				_, line, _ := w.at(i)
				if len(line) > maxLine {
					t.Errorf("line %d has %d bytes", i, len(line))
				}
				all.WriteString(line)
			}
			if name == "coloured" {
				if n := strings.Count(all.String(), "n"); n != 20_000 {
					t.Errorf("%d of 20,000 characters are left", n)
				}
				return
			}
			if got := all.String(); got != strings.TrimPrefix(text, "\r") {
				t.Errorf("the pieces joined are %d bytes, not the %d that were written", len(got), len(text))
			}
		})
	}
}

func TestReadsAsPython(t *testing.T) {
	for s, want := range map[string]bool{
		"[1, 2]": true, "{'a': 1}": true, "'text'": true, "-1.5": true, "None": true, "True\n": true, "b'x'": true,
		"array([1, 2])": true, "Point(x=1)": true, "datetime.date(2026, 1, 1)": true, "nan": true,
		"<object at 0x1>": false, "   a  b\n0  1  2": false, "Nonesuch thing": false, "None of it": false,
		"": false, "\x1b[1m[1]": false, "hello world": false,
	} {
		if got := readsAsPython(s); got != want {
			t.Errorf("readsAsPython(%q) = %v", s, got)
		}
	}
}

// TestBarsOverFullChunks draws two bars again and again, below more lines than a chunk holds.
func TestBarsOverFullChunks(t *testing.T) {
	w := newWriter(newSpool(chunkSize, fileLimit))
	defer w.sheet.spool.close()
	line := strings.Repeat("x", 1000)
	for n := range 300 {
		w.write(Stderr, line+"\n"+line+"\n\x1b[2A\x1b[1B")
		if got := w.lines(); got != n+2 {
			t.Fatalf("%d lines after %d rounds", got, n+1)
		}
		w.write(Stderr, "\n\x1b[1A")
	}
}
