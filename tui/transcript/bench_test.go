package transcript

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/sandrepl/sandrepl/themes"
)

// million is a running cell that has printed 1,000,000 lines of 60 characters.
func million() Model {
	m := New(themes.Dark()).SetSize(120, 50).Begin("a", Input{Number: 1, Code: "flood()", State: Running})
	var b strings.Builder
	for i := range 1_000_000 {
		fmt.Fprintf(&b, "%-59d\n", i)
		if b.Len() > 64<<10 {
			m = m.Append("a", Stdout, b.String())
			b.Reset()
		}
	}
	return m.Append("a", Stdout, b.String())
}

func BenchmarkAppend12MB(b *testing.B) {
	for name, line := range map[string]string{
		"plain":    strings.Repeat("x", 59) + "\n",
		"coloured": "\x1b[32mINFO\x1b[0m worker: step 1234 finished, loss \x1b[1m0.12\x1b[0m\n",
		"progress": "\r 42%|████▏     | 42/100 [00:01<00:02, 30.5it/s]",
	} {
		b.Run(name, func(b *testing.B) {
			chunk := strings.Repeat(line, 64<<10/len(line))
			for b.Loop() {
				m := New(themes.Dark()).SetSize(120, 50).Begin("a", Input{State: Running})
				for sent := 0; sent < 12<<20; sent += len(chunk) {
					m = m.Append("a", Stdout, chunk)
				}
				m.Close()
			}
		})
	}
}

func BenchmarkFrameOfAMillionLines(b *testing.B) {
	m := million()
	defer m.Close()
	b.Run("still", func(b *testing.B) {
		for b.Loop() {
			m.View()
		}
	})
	b.Run("while output comes", func(b *testing.B) {
		line := strings.Repeat("new ", 14) + "\n"
		for b.Loop() {
			m = m.Append("a", Stdout, line)
			m.View()
		}
	})
	b.Run("paging up", func(b *testing.B) {
		up := m
		for b.Loop() {
			up = press(up, pgUp)
			up.View()
		}
	})
	b.Run("from end to top", func(b *testing.B) {
		far := m
		for b.Loop() {
			far = press(far, toTop)
			far.View()
			far = press(far, toEnd)
			far.View()
		}
	})
	b.Run("resizing", func(b *testing.B) {
		width := 120
		for b.Loop() {
			width = 200 - width
			m.SetSize(width, 50).View()
		}
	})
}

func BenchmarkMemoryOfAMillionLines(b *testing.B) {
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		m := million()
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MiB-kept")
		m.Close()
	}
}

func BenchmarkCodeOfAMegabyte(b *testing.B) {
	code := strings.Repeat("for i in range(10):\n    print('x', i)  # and so on\n", 20_000)
	for b.Loop() {
		m := New(themes.Dark()).SetSize(120, 50).Begin("a", Input{Code: code, State: Running, At: time.Now()})
		m.View()
		m.Close()
	}
}
