package editor

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/sandrepl/sandrepl/themes"
)

func program(lines int) string {
	var b strings.Builder
	for i := range lines {
		switch i % 4 {
		case 0:
			fmt.Fprintf(&b, "def function_%d(first, second=None):\n", i)
		case 1:
			b.WriteString("    '''What it does, é.'''\n")
		case 2:
			b.WriteString("    rows = {name: [len(v) for v in values] for name, values in first.items()}\n")
		default:
			fmt.Fprintf(&b, "    return f\"{rows!r} of {second}: {%d:.2f}\"  # all\n", i)
		}
	}
	return b.String()
}

// BenchmarkKey is a key typed and the view drawn after it: what stands between a finger and the screen.
func BenchmarkKey(b *testing.B) {
	for _, lines := range []int{1, 200, 2000, 20000} {
		for _, where := range []string{"start", "middle", "end"} {
			b.Run(fmt.Sprintf("%d lines/%s", lines, where), func(b *testing.B) {
				m := New(themes.Dark()).SetSize(100, 20).SetPrompt("In [1] ", "").SetValue(program(lines))
				at := map[string]int{"start": 0, "middle": lines / 2, "end": lines}[where]
				m.code = m.code.move(position{line: at}, false)
				m = m.settle()
				for n := 0; b.Loop(); n++ {
					k := tea.KeyPressMsg{Code: 'x', Text: "x"}
					if n%40 == 39 {
						k = press(b, "ctrl+u") // lines do not grow without end
					}
					m, _ = m.Update(k)
					_, _, _ = m.View(), m.Cursor(), m.Rows()
				}
			})
		}
	}
}

// BenchmarkNarrow is a key where every line of a long cell wraps.
func BenchmarkNarrow(b *testing.B) {
	m := New(themes.Dark()).SetSize(20, 20).SetValue(program(2000))
	for n := 0; b.Loop(); n++ {
		k := tea.KeyPressMsg{Code: 'x', Text: "x"}
		if n%40 == 39 {
			k = press(b, "ctrl+u")
		}
		m, _ = m.Update(k)
		_, _, _ = m.View(), m.Cursor(), m.Rows()
	}
}

func BenchmarkMove(b *testing.B) {
	m := New(themes.Dark()).SetSize(100, 20).SetValue(program(2000))
	for n := 0; b.Loop(); n++ {
		k := "up"
		if n%200 >= 100 {
			k = "down"
		}
		m, _ = m.Update(press(b, k))
		_, _, _ = m.View(), m.Cursor(), m.Rows()
	}
}

func BenchmarkEnter(b *testing.B) {
	m := New(themes.Dark()).SetSize(100, 20).SetValue(program(2000) + "x = (")
	for b.Loop() {
		_, _ = m.Update(press(b, "enter"))
	}
}

func BenchmarkPaste(b *testing.B) {
	for _, lines := range []int{2000, 20000} {
		text := program(lines)
		b.Run(fmt.Sprintf("%d lines", lines), func(b *testing.B) {
			for b.Loop() {
				m, _ := New(themes.Dark()).SetSize(100, 20).Update(tea.PasteMsg{Content: text})
				_ = m.View()
			}
		})
	}
}

// BenchmarkLongLine is a key in a cell that is one line: data pasted as a literal.
func BenchmarkLongLine(b *testing.B) {
	for name, unit := range map[string]string{"ascii": "'abcdef', ", "wide": "'漢字漢字', "} {
		for _, size := range []int{10_000, 1_000_000} {
			b.Run(fmt.Sprintf("%s/%d bytes", name, size), func(b *testing.B) {
				m := New(themes.Dark()).SetSize(100, 20).SetValue("x = [" + strings.Repeat(unit, size/len(unit)))
				for b.Loop() {
					m, _ = m.Update(tea.KeyPressMsg{Code: 'x', Text: "x"})
					_, _, _ = m.View(), m.Cursor(), m.Rows()
				}
			})
		}
	}
}

// BenchmarkVi is vi's keys in a long cell, beside which a key of Emacs' stands as BenchmarkKey and BenchmarkMove have it.
func BenchmarkVi(b *testing.B) {
	for _, keys := range []string{"jk", "wb", "}{", "x.u", "ixy<esc>u", "ddu", ">>u", "yyPu", "vw<esc>", "f(;"} {
		b.Run(strings.NewReplacer("<", "", ">", "").Replace(keys), func(b *testing.B) {
			m := New(themes.Dark()).SetSize(100, 20).SetPrompt("In [1] ", "").SetVi(true).SetValue(program(2000))
			m, _ = m.Update(press(b, "esc"))
			m.code = m.code.move(position{line: 1002}, false)
			m = m.settle()
			var msgs []tea.KeyPressMsg
			for rest := strings.ReplaceAll(keys, "<esc>", "\x1b"); rest != ""; rest = rest[1:] {
				msgs = append(msgs, tea.KeyPressMsg{Code: rune(rest[0]), Text: rest[:1]})
				if rest[0] == 0x1b {
					msgs[len(msgs)-1] = press(b, "esc")
				}
			}
			for n := 0; b.Loop(); n++ {
				m, _ = m.Update(msgs[n%len(msgs)])
				_, _, _ = m.View(), m.Cursor(), m.Rows()
			}
		})
	}
}
