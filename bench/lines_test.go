package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
)

// lines is a cell that prints a lot. Its value shows that it is over; the cell's own text does not hold it.
const (
	lines  = `[print("%060d" % i) for i in range(200_000)] and "fin" + "ished"`
	result = "'finished'"
)

// BenchmarkLines is the time from Enter until 200,000 lines of 60 characters are printed and the next cell can be typed, in a
// real terminal application of each kind.
func BenchmarkLines(b *testing.B) {
	b.Run("sandrepl", func(b *testing.B) {
		home := b.TempDir()
		command := exec.CommandContext(b.Context(), binary, "--worker-url", serverURL)
		command.Env = append(os.Environ(), "TERM=xterm-256color", "XDG_DATA_HOME="+home, "XDG_STATE_HOME="+home, "XDG_CONFIG_HOME="+home)
		benchmarkLines(b, command, "idle", "\x04")
	})
	b.Run("jupyter-console", func(b *testing.B) {
		home := b.TempDir()
		command := exec.CommandContext(b.Context(), "/usr/bin/python3", "-m", "jupyter_console")
		command.Env = append(os.Environ(), "TERM=xterm-256color", "PROMPT_TOOLKIT_NO_CPR=1", "IPYTHONDIR="+home, "JUPYTER_CONFIG_DIR="+home)
		benchmarkLines(b, command, "In [", "\x04\r")
	})
}

// benchmarkLines runs the cell again and again in one application. prompt is what its screen says when it awaits a cell; quit ends it.
func benchmarkLines(b *testing.B, command *exec.Cmd, prompt, quit string) {
	t, err := startTerminal(command)
	if err != nil {
		b.Fatal(err)
	}
	defer t.close(quit)
	if err := t.await(b.Context(), prompt); err != nil {
		b.Fatal(err)
	}
	measure(b, func(ctx context.Context) (time.Duration, error) {
		t.forget()
		if err := t.write("\x1b[200~" + lines + "\x1b[201~"); err != nil {
			return 0, err
		}
		if err := t.await(ctx, "ished"); err != nil { // the paste is on the screen
			return 0, err
		}
		t.forget()
		begin := time.Now()
		if err := t.write("\r"); err != nil {
			return 0, err
		}
		err := t.await(ctx, result, prompt)
		return time.Since(begin), err
	})
}

// A terminal is a pseudo-terminal that reads as fast as it can, and keeps the end of what was written on it.
type terminal struct {
	file    *os.File
	command *exec.Cmd
	ended   chan struct{}
	arrived chan struct{} // has a token when something was written since the last look

	mu   sync.Mutex
	tail []byte
}

const tailSize = 64 << 10 // a few full redraws of a screen

func startTerminal(command *exec.Cmd) (*terminal, error) {
	file, err := pty.StartWithSize(command, &pty.Winsize{Rows: 36, Cols: 120})
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", command.Path, err)
	}
	t := &terminal{file: file, command: command, ended: make(chan struct{}), arrived: make(chan struct{}, 1)}
	go t.read()
	return t, nil
}

func (t *terminal) read() {
	defer close(t.ended)
	buffer := make([]byte, 64<<10)
	for {
		n, err := t.file.Read(buffer)
		if err != nil {
			return // the application closed its side
		}
		t.mu.Lock()
		t.tail = append(t.tail, buffer[:n]...)
		t.tail = t.tail[max(0, len(t.tail)-tailSize):]
		t.mu.Unlock()
		select {
		case t.arrived <- struct{}{}:
		default:
		}
	}
}

func (t *terminal) write(keys string) error {
	_, err := t.file.WriteString(keys)
	return err
}

func (t *terminal) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.tail = nil
}

// await returns when the texts have been written, one after the other, each of them in one colour and at one go.
func (t *terminal) await(ctx context.Context, texts ...string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for !t.has(texts) {
		select {
		case <-t.arrived:
		case <-t.ended:
			return fmt.Errorf("the application ended before it showed %q; its last words:\n%q", texts, t.text())
		case <-ctx.Done():
			return fmt.Errorf("the application did not show %q; its last words:\n%q", texts, t.text())
		}
	}
	return nil
}

func (t *terminal) has(texts []string) bool {
	rest := t.text()
	for _, text := range texts {
		_, after, found := bytes.Cut(rest, []byte(text))
		if !found {
			return false
		}
		rest = after
	}
	return true
}

func (t *terminal) text() []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	return bytes.Clone(t.tail)
}

func (t *terminal) close(quit string) {
	_ = t.write(quit)
	select {
	case <-t.ended:
	case <-time.After(5 * time.Second):
		_ = t.command.Process.Kill()
	}
	_ = t.file.Close()
	<-t.ended
	var exit *exec.ExitError
	if err := t.command.Wait(); err != nil && !errors.As(err, &exit) {
		fmt.Fprintf(os.Stderr, "bench: %v\n", err)
	}
}
