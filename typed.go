package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"

	"golang.org/x/term"
)

// A typist reads lines that are typed at a terminal. They can be edited as in any shell, and earlier ones come back by up and
// down; what was printed is never drawn over, so that a screen reader reads each line once.
type typist struct {
	in      *os.File
	line    *term.Terminal
	keys    *keyFilter
	raw     atomic.Bool // the terminal sends keys, and wants carriage returns
	earlier earlierLines
}

func newTypist(in *os.File, out io.Writer) *typist {
	t := &typist{in: in, keys: &keyFilter{from: in}}
	t.line = term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{t.keys, out}, "")
	t.line.History = &t.earlier
	return t
}

// read asks for a line. ctrl+c drops what is typed, with errInterrupted; ctrl+d in an empty line is io.EOF.
func (t *typist) read(ctx context.Context, prompt string) (string, error) {
	fd := int(t.in.Fd())
	before, err := term.MakeRaw(fd)
	if err != nil {
		return "", fmt.Errorf("read a line: %w", err)
	}
	t.raw.Store(true)
	defer func() {
		t.raw.Store(false)
		_ = term.Restore(fd, before)
	}()
	if width, height, err := term.GetSize(fd); err == nil && width > 0 {
		_ = t.line.SetSize(width, height)
	}
	t.line.SetPrompt(prompt)
	got := make(chan reading, 1)
	go func() {
		line, err := t.line.ReadLine()
		got <- reading{line, err}
	}()
	select {
	case r := <-got:
		if t.keys.interrupted.Swap(false) {
			return "", errInterrupted
		}
		if errors.Is(r.err, term.ErrPasteIndicator) {
			r.err = nil
		}
		return r.line, r.err
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

// A keyFilter makes of ctrl+c the keys that end an empty line: the line editor knows it as the end of all input.
type keyFilter struct {
	from        io.Reader
	rest        string
	interrupted atomic.Bool
}

const (
	keyInterrupt = "\x03"
	emptyLine    = "\x05\x15\r" // to its end, erase it, enter
)

func (k *keyFilter) Read(into []byte) (int, error) {
	if k.rest == "" {
		keys := make([]byte, len(into))
		n, err := k.from.Read(keys)
		if err != nil {
			return 0, err
		}
		k.rest = string(keys[:n])
		if before, _, found := strings.Cut(k.rest, keyInterrupt); found {
			k.interrupted.Store(true)
			k.rest = before + emptyLine
		}
	}
	n := copy(into, k.rest)
	k.rest = k.rest[n:]
	return n, nil
}

// earlierLines are those that were typed, the latest last.
type earlierLines []string

func (e *earlierLines) Add(line string) {
	if line != "" && (len(*e) == 0 || (*e)[len(*e)-1] != line) {
		*e = append(*e, line)
	}
}

func (e *earlierLines) Len() int { return len(*e) }

// At counts back from the latest.
func (e *earlierLines) At(i int) string { return (*e)[len(*e)-1-i] }

// returning writes lines to a terminal that, while keys are read, wants to be told to return to the first column.
type returning struct {
	to  io.Writer
	raw *atomic.Bool
}

func (r returning) Write(b []byte) (int, error) {
	if !r.raw.Load() {
		return r.to.Write(b)
	}
	_, err := io.WriteString(r.to, strings.ReplaceAll(string(b), "\n", "\r\n"))
	return len(b), err
}
