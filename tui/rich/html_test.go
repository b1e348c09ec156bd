package rich

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"github.com/sandrepl/sandrepl/themes"
)

func htmlText(source string, width int) string {
	lines := htmlLines(themes.Dark(), parseHTML(source), width)
	return strings.TrimRight(ansi.Strip(strings.Join(lines, "\n")), "\n")
}

func TestPagesReadAsTheyAreMeant(t *testing.T) {
	var wide, long strings.Builder
	for i := range 40 {
		fmt.Fprintf(&wide, "<th>column %d", i)
	}
	for i := range 20_000 {
		fmt.Fprintf(&long, "<tr><td>%d<td>text", i)
	}
	for source, want := range map[string]string{
		"<table><caption>The <b>title</b></caption><tr><td>1</td></tr></table>":                "The title\n1",
		"<table><tr><td>out<table><tr><td>in<td>two</table><td><ul><li>x<li>y</ul></table>":    "out in two  x y",
		"<dl><dt>Term<dd>what it is</dl>":                                                      "Term\n  what it is",
		"<script>alert(1)</script><style>td{}</style>a &lt;b&gt; <a href='javascript:x'>c</a>": "a <b> c",
	} {
		if got := htmlText(source, 80); got != want {
			t.Errorf("%s:\n%s", source, got)
		}
	}
	if got := htmlText("<table><tr>"+wide.String()+"</table>", 90); !strings.HasPrefix(got, "column 0  column 1") || !strings.Contains(got, "column 39\n") {
		t.Errorf("a wide table loses its names:\n%s", got)
	}
	got := htmlText("<table>"+long.String()+"</table>", 80)
	if lines := strings.Split(got, "\n"); len(lines) != mostRows+1 || lines[0] != "   0  text" || !strings.HasPrefix(lines[mostRows], "… more rows: ") {
		t.Errorf("a long table: %d lines, %q, %q", len(lines), lines[0], lines[len(lines)-1])
	}
}

func TestWhatShowsNothingIsPlainText(t *testing.T) {
	for _, data := range []map[string]string{
		{"text/html": "<div><style>a{}</style></div>", "text/plain": "<H object>"},
		{"text/html": "<div><table><thead><tr><th></th></tr></thead><tbody></tbody></table></div>", "text/plain": "Empty DataFrame\nColumns: []\nIndex: []"},
	} {
		g := NewGallery()
		if d := g.Draw(Bundle{Data: data}); d != nil {
			t.Errorf("%v is drawn as %q", data, d.Rows(themes.Dark(), 40))
		}
		g.Close()
	}
}

func TestTablesWearTheirStyle(t *testing.T) {
	source := `<style>
#T_row0_col0, #T_row1_col0 { background-color: yellow; } #T_row1_col0 { color: #f00; font-weight: bold }
td.x { color: red } #T_row1_col1 { background: linear-gradient(90deg, #d65f5f 60.0%, transparent 60.0%); }</style>
<table><tr><td id=T_row0_col0>1<td style="color: rgb(1, 2, 3)">a<tr><td id=T_row1_col0>22<td id=T_row1_col1>b</table>`
	lines := htmlLines(themes.Dark(), parseHTML(source), 40)
	for i, want := range []string{
		"\x1b[48;2;255;255;0m\x1b[38;2;0;0;0m 1\x1b[m  \x1b[38;2;1;2;3ma\x1b[m", "\x1b[48;2;255;255;0m\x1b[38;2;255;0;0m\x1b[1m22\x1b[m  b",
	} {
		if lines[i] != want {
			t.Errorf("%q", lines[i])
		}
	}
	if plain := strings.Join(htmlLines(themes.Dark().Plain(), parseHTML(source), 40), "\n"); strings.Contains(plain, "48;2") {
		t.Errorf("colours where none are wanted: %q", plain)
	}
}

func TestTasksHaveTheirBoxesAlone(t *testing.T) {
	lines := markdownLines(themes.Dark(), "- [ ] to do\n- [x] done\n- other", 40)
	if got := ansi.Strip(strings.Join(lines, "\n")); got != "☐ to do\n☑ done\n• other" {
		t.Errorf("%q", got)
	}
}
