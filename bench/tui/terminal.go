package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/creack/pty"
	"github.com/hinshun/vt10x"
)

// The size of every terminal.
const columns, rows = 120, 36

// A terminal is an application in a pseudo-terminal that reads as fast as it can. What is waited for is dated by when its
// bytes were read: what the emulation takes is no application's.
type terminal struct {
	file    *os.File
	command *exec.Cmd
	began   time.Time
	ended   chan struct{}

	mu      sync.Mutex
	screen  vt10x.Terminal
	plain   bool   // nothing is emulated: what floods would be waited for
	tail    []byte // of what was written
	written int
	awaits  func() bool // under the lock
	met     chan time.Time
}

const (
	tailSize = 64 << 10 // a few full redraws of a screen
	patience = 2 * time.Minute
)

func start(command *exec.Cmd) (*terminal, error) {
	t := &terminal{command: command, ended: make(chan struct{}), screen: vt10x.New(vt10x.WithSize(columns, rows)), began: time.Now()}
	file, err := pty.StartWithSize(command, &pty.Winsize{Rows: rows, Cols: columns})
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", command.Path, err)
	}
	t.file = file
	pieces := make(chan piece, 4096)
	go t.read(pieces)
	go func() {
		defer close(t.ended)
		for p := range pieces {
			t.take(p.text, p.at)
		}
	}()
	return t, nil
}

// A piece is what was read at once, and when.
type piece struct {
	text []byte
	at   time.Time
}

func (t *terminal) read(pieces chan<- piece) {
	defer close(pieces)
	buffer := make([]byte, 64<<10)
	for {
		n, err := t.file.Read(buffer)
		if err != nil {
			return // the application closed its side
		}
		pieces <- piece{bytes.Clone(buffer[:n]), time.Now()}
	}
}

func (t *terminal) take(b []byte, at time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.written += len(b)
	t.tail = append(t.tail, b...)
	t.tail = t.tail[max(0, len(t.tail)-tailSize):]
	if !t.plain {
		_, _ = t.screen.Write(b)
	}
	t.look(at)
}

func (t *terminal) look(at time.Time) {
	if t.awaits != nil && t.awaits() {
		t.awaits = nil
		t.met <- at
	}
}

// press sends keys and returns when what is awaited is there. is is called under the lock, after each piece of output.
func (t *terminal) press(ctx context.Context, keys, what string, is func() bool) (time.Duration, error) {
	begin := time.Now()
	met, err := t.pressing(ctx, keys, what, is)
	return met.Sub(begin), err
}

func (t *terminal) pressing(ctx context.Context, keys, what string, is func() bool) (time.Time, error) {
	met := make(chan time.Time, 1)
	t.mu.Lock()
	t.awaits, t.met = is, met
	if keys == "" {
		t.look(time.Now())
	}
	t.mu.Unlock()
	if _, err := t.file.WriteString(keys); err != nil {
		return time.Time{}, err
	}
	why := "did not show"
	select {
	case at := <-met:
		return at, nil
	case <-t.ended:
		why = "ended before it showed"
	case <-time.After(patience):
	case <-ctx.Done():
		return time.Time{}, ctx.Err()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return time.Time{}, fmt.Errorf("%s %s %s; its screen:\n%s\nits last words: %q", t.command.Args, why, what, t.screen, t.tail[max(0, len(t.tail)-500):])
}

// await waits until the screen shows a text.
func (t *terminal) await(ctx context.Context, text string) (time.Time, error) {
	return t.pressing(ctx, "", text, func() bool { return strings.Contains(t.screen.String(), text) })
}

// sends presses keys and waits until the texts were written after that, one after the other, each at one go.
func (t *terminal) sends(ctx context.Context, keys string, texts ...string) (time.Duration, error) {
	t.mu.Lock()
	t.tail = nil
	t.mu.Unlock()
	return t.press(ctx, keys, strings.Join(texts, ", "), func() bool {
		rest := t.tail
		for _, text := range texts {
			_, after, found := bytes.Cut(rest, []byte(text))
			if !found {
				return false
			}
			rest = after
		}
		return true
	})
}

// echo presses a key that puts a letter at the cursor, or takes one away, and waits for the frame in which letter and cursor are
// where they belong. A cursor is hidden while a frame is drawn.
func (t *terminal) echo(ctx context.Context, key string) (time.Duration, error) {
	var at vt10x.Cursor
	if _, err := t.press(ctx, "", "its cursor", func() bool {
		at = t.screen.Cursor()
		return t.screen.CursorVisible()
	}); err != nil {
		return 0, err
	}
	place, want, cursor := at.X, []rune(key)[0], at.X+1
	if key == backspace {
		place, want, cursor = at.X-1, ' ', at.X-1
	}
	return t.press(ctx, key, fmt.Sprintf("the echo of %q", key), func() bool {
		now := t.screen.Cursor()
		return t.screen.CursorVisible() && now.Y == at.Y && now.X == cursor && t.screen.Cell(place, at.Y).Char == want
	})
}

const backspace = "\x7f"

// settle waits until nothing was written for a while.
func (t *terminal) settle(ctx context.Context, still time.Duration) error {
	for before := -1; ; {
		now := t.count()
		if now == before {
			return nil
		}
		before = now
		select {
		case <-time.After(still):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// count is how many bytes were written.
func (t *terminal) count() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.written
}

// emulate says whether the screen follows what is written.
func (t *terminal) emulate(on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.plain = !on
}

func (t *terminal) close(quit string) error {
	_, _ = t.file.WriteString(quit)
	select {
	case <-t.ended:
	case <-time.After(5 * time.Second):
		_ = t.command.Process.Kill()
	}
	_ = t.file.Close()
	<-t.ended
	var exit *exec.ExitError
	if err := t.command.Wait(); err != nil && !errors.As(err, &exit) {
		return err
	}
	return nil
}
