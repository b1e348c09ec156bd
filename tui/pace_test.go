package tui

import (
	"bytes"
	"fmt"
	"io"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
)

// counted shows how many numbers it was sent.
type counted struct {
	pacer *pacer
	n     int
}

func (c counted) Init() tea.Cmd { return nil }

func (c counted) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if _, ok := msg.(int); ok {
		c.n++
	}
	return c, nil
}

func (c counted) View() tea.View {
	defer c.pacer.drawn()
	return tea.NewView(fmt.Sprintf("<%d>", c.n))
}

type written struct {
	mu sync.Mutex
	bytes.Buffer
}

func (w *written) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.Buffer.Write(b)
}

func (w *written) has(text string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return bytes.Contains(w.Bytes(), []byte(text))
}

// TestTheClockRestsUntilThereIsAFrame holds too that Bubble Tea still has the clock where it is looked for.
func TestTheClockRestsUntilThereIsAFrame(t *testing.T) {
	input, keys := io.Pipe()
	defer keys.Close()
	model, out := counted{pacer: &pacer{}}, &written{}
	program := tea.NewProgram(model, tea.WithInput(input), tea.WithOutput(out), tea.WithWindowSize(20, 5), tea.WithoutSignals())
	model.pacer.program = program
	done := make(chan error)
	go func() {
		_, err := program.Run()
		done <- err
	}()
	eventually := func(what string, is func() bool) {
		t.Helper()
		for deadline := time.Now().Add(20 * time.Second); !is(); time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("%s never came", what)
			}
		}
	}
	pacing := func(is pace) func() bool {
		return func() bool {
			model.pacer.mu.Lock()
			defer model.pacer.mu.Unlock()
			return model.pacer.clock != nil && model.pacer.runs == is
		}
	}
	for n := range 4 {
		eventually("a rest", pacing(rests))
		program.Send(n)
		eventually("the frame after a rest", func() bool { return out.has(fmt.Sprint(n + 1)) })
	}
	for n := range 100 { // frames that follow closely go by the clock, and the last one is written
		program.Send(n)
	}
	eventually("the last of many frames", func() bool { return out.has("104") })
	eventually("a rest", pacing(rests))
	program.Quit()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
