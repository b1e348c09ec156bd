package themes

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestTokens(t *testing.T) {
	tests := []struct {
		name string
		in   LineState
		line string
		want []Span
		out  LineState
	}{
		{"empty", LineState{}, "", nil, LineState{}},
		{"def", LineState{}, "def f(x): return 1", []Span{{"def", Keyword}, {" ", Foreground}, {"f", Function}, {"(", Punctuation}, {"x", Foreground},
			{"):", Punctuation}, {" ", Foreground}, {"return", Keyword}, {" ", Foreground}, {"1", Number}}, LineState{}},
		{"comment with quote", LineState{}, "x # it's", []Span{{"x ", Foreground}, {"# it's", Comment}}, LineState{}},
		{"string opens", LineState{}, `s = """a`, []Span{{"s ", Foreground}, {"=", Operator}, {" ", Foreground}, {`"""a`, String}}, LineState{`"""`}},
		{"string goes on", LineState{`"""`}, "def x", []Span{{"def x", String}}, LineState{`"""`}},
		{"string closes", LineState{`"""`}, `b""" + 1`, []Span{{`b"""`, String}, {" ", Foreground}, {"+", Operator}, {" ", Foreground}, {"1", Number}}, LineState{}},
		{"other quotes inside", LineState{`'''`}, `a """ b`, []Span{{`a """ b`, String}}, LineState{`'''`}},
		{"prefix", LineState{}, `rb'''x`, []Span{{"rb", Keyword}, {"'''x", String}}, LineState{`rb'''`}},
		{"a name is no prefix", LineState{}, `barf"""x`, nil, LineState{`"""`}},
		{"f-string goes on", LineState{`f"""`}, `a{b}c`, []Span{{"a", String}, {"{", Escape}, {"b", Foreground}, {"}", Escape}, {"c", String}}, LineState{`f"""`}},
		{"escaped quotes", LineState{`"""`}, `\""" x`, nil, LineState{`"""`}},
		{"backslash carries a short string", LineState{}, `s = "a\`, nil, LineState{`"`}},
		{"escaped backslash does not", LineState{}, `s = "a\\`, nil, LineState{}},
		{"unclosed short string ends with its line", LineState{}, `s = "a`, nil, LineState{}},
		{"match", LineState{}, "match x:", []Span{{"match", Keyword}, {" x", Foreground}, {":", Punctuation}}, LineState{}},
		{"a name like match", LineState{}, "match = 1", []Span{{"match", Foreground}, {" ", Foreground}, {"=", Operator}, {" ", Foreground}, {"1", Number}}, LineState{}},
		{"a call of case", LineState{}, "case(1)", []Span{{"case", Foreground}, {"(", Punctuation}, {"1", Number}, {")", Punctuation}}, LineState{}},
		{"a type statement", LineState{}, "type X = y", []Span{{"type", Keyword}, {" X ", Foreground}, {"=", Operator}, {" y", Foreground}}, LineState{}},
		{"the type in something", LineState{}, "type in [x]", []Span{{"type", Builtin}, {" ", Foreground}, {"in", Keyword}, {" ", Foreground}, {"[", Punctuation}, {"x", Foreground}, {"]", Punctuation}}, LineState{}},
		{"quotes in a field", LineState{}, `f"{d["a"]}" + x`, []Span{{"f", Keyword}, {`"`, String}, {"{", Escape}, {"d", Foreground}, {"[", Punctuation}, {`"a"`, String},
			{"]", Punctuation}, {"}", Escape}, {`"`, String}, {" ", Foreground}, {"+", Operator}, {" x", Foreground}}, LineState{}},
		{"f-strings in f-strings", LineState{}, `f"{f"{f"{1:{"3"}}"}"}" """a`, nil, LineState{`"""`}},
		{"a field goes on", LineState{}, `f"{f(x,`, nil, LineState{`f"{(`}},
		{"and ends", LineState{`f"{(`}, `y)}" + 1`, []Span{{"y", Foreground}, {")", Punctuation}, {"}", Escape}, {`"`, String}, {" ", Foreground}, {"+", Operator},
			{" ", Foreground}, {"1", Number}}, LineState{}},
		{"a comment in a field", LineState{`f'''{`}, `x # it's }`, nil, LineState{`f'''{`}},
		{"a format", LineState{}, `f"""{x:{w}.{p}`, nil, LineState{`f"""{:`}},
		{"a name of a character in a format", LineState{}, `f"{x:\N{DASH}^9}" '''`, nil, LineState{`'''`}},
		{"a format ends with its line", LineState{}, `f"{x:>`, nil, LineState{`f"{`}},
		{"a colon in brackets is none", LineState{}, `f"{x[1:2]}{ {1:2}[1]:>"`, nil, LineState{}},
		{"doubled braces", LineState{}, `f"{{" '''`, nil, LineState{`'''`}},
		{"names of characters", LineState{}, `f"\N{DASH}{x}" '''`, nil, LineState{`'''`}},
		{"a backslash before a field", LineState{}, `rf"\{d["a"]}" '''`, nil, LineState{`'''`}},
		{"a string in a field ends with its line", LineState{}, `f"{x["a`, nil, LineState{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			spans, out := Tokens(tt.line, tt.in)
			if out != tt.out {
				t.Errorf("state after: %q, want %q", out.opening, tt.out.opening)
			}
			if got := join(spans); got != tt.line {
				t.Errorf("spans hold %q, want the line %q", got, tt.line)
			}
			if tt.want != nil {
				if diff := cmp.Diff(tt.want, spans); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}

func TestTokensKeepTheLine(t *testing.T) {
	openings := rapid.SampledFrom([]string{"", `"""`, `'''`, `f"""`, `rb'''`, `"`, `f'`, `Rf"""`, `f"{`, `f"{(`, `f"{:`, `f"""{[rb"`, `f"{:{f'{:`})
	pieces := rapid.SliceOf(rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{`"""`, `'`, `"`, `\`, "{", "}", ":", "(", "]", "#", "f", "def ", "\x1b[31m", "\xff", "\n"})))
	rapid.Check(t, func(t *rapid.T) {
		line := strings.Join(pieces.Draw(t, "line"), "")
		in := LineState{openings.Draw(t, "opening")}
		spans, out := Tokens(line, in)
		if got := join(spans); got != line {
			t.Fatalf("spans hold %q, want %q", got, line)
		}
		if again, _ := (LineState{}).Scan(out.opening, nil); again != out && out.InField() {
			t.Fatalf("%q is read as %q", out.opening, again.opening)
		}
	})
}

var sgr = regexp.MustCompile("\x1b\\[[0-9;]*m")

func TestPythonLetsNoControlThrough(t *testing.T) {
	hostile := rapid.SliceOf(rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"\x1b]52;c;aGk=\x07", "\x1bP", "\u009b2J", "\u202e", "\x00", "\r", "\t", "\n", "\xff", "x = 'a'"})))
	rapid.Check(t, func(t *rapid.T) {
		code := strings.Join(hostile.Draw(t, "code"), "")
		for _, theme := range []Theme{Dark(), Light(), Dark().Plain()} {
			lines := theme.Python(code)
			if want := strings.Count(code, "\n") + 1; len(lines) != want {
				t.Fatalf("%d lines, want %d", len(lines), want)
			}
			for _, line := range lines {
				if r := strings.IndexFunc(strings.ReplaceAll(sgr.ReplaceAllString(line, ""), "�", ""), hasSymbol); r >= 0 {
					t.Fatalf("a control character at %d of %q", r, line)
				}
			}
		}
	})
}

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		"plain é 漢 👩‍👩‍👧": "plain é 漢 👩‍👩‍👧",
		"a\tb":            "a   b",
		"漢\tb":            "漢  b",
		"\x1b[31m":        "␛[31m",
		"a\x7f\u0085":     "a␡�",
		"\xffx":           "�x",
		"a\u202eb\u200b":  "a�b�",
	} {
		if got := Visible(in); got != want {
			t.Errorf("Visible(%q) = %q, want %q", in, got, want)
		}
	}
}

func join(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.Text)
	}
	return b.String()
}

func BenchmarkTokens(b *testing.B) {
	for b.Loop() {
		Tokens(`    return [f"{name}: {len(value)}" for name, value in rows.items()]  # all`, LineState{})
	}
}
