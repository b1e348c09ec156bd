package transcript

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWrap(t *testing.T) {
	for name, c := range map[string]struct {
		line  string
		width int
		want  []row
	}{
		"empty":               {"", 5, []row{{"", 0}}},
		"fits":                {"abcde", 5, []row{{"abcde", 5}}},
		"breaks":              {"abcdefg", 5, []row{{"abcde", 5}, {"fg", 2}}},
		"wide at the edge":    {"abcd日x", 5, []row{{"abcd", 4}, {"日x", 3}}},
		"wide where none fit": {"日a", 1, []row{{"?", 1}, {"a", 1}}},
		"tab":                 {"a\tb", 20, []row{{"a       b", 9}}},
		"tab over the edge":   {"a\tb", 5, []row{{"a    ", 5}, {"   b", 4}}},
		"colour":              {"\x1b[31mabc\x1b[0md", 2, []row{{"\x1b[31mab\x1b[m", 2}, {"\x1b[31mc\x1b[0md", 2}}},
		"open colour":         {"\x1b[1mab", 5, []row{{"\x1b[1mab\x1b[m", 2}}},
		"marks stay":          {"abe\u0301", 3, []row{{"abe\u0301", 3}}},
		"emoji":               {"👩\u200d🚀x", 2, []row{{"👩\u200d🚀", 2}, {"x", 1}}},
		"no width":            {"ab", 0, []row{{"a", 1}, {"b", 1}}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, wrap(c.line, c.width), cmp.AllowUnexported(row{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
