package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sandrepl/sandrepl/history"
	"github.com/sandrepl/sandrepl/session"
	"github.com/sandrepl/sandrepl/tui/editor"
)

// replPlainly reads cells from standard input, as python -i does, and prints what they print: nothing is drawn over, and
// nothing coloured. A screen reader reads it, and so does a pipe; at a terminal prompts, results and errors say in words what
// they are.
func (f *flags) replPlainly(cmd *cobra.Command, options session.Options) error {
	stdin := bufio.NewReader(cmd.InOrStdin())
	asks := isTerminal(cmd.InOrStdin())
	out := newPrinter(cmd.OutOrStdout(), cmd.ErrOrStderr(), false)
	out.stdin = stdin
	options.SkipPast, options.OnEvent = true, out.event
	s, err := f.open(cmd.Context(), options)
	if err != nil {
		return err
	}
	out.begin(s)
	lines := &lineReader{in: stdin}
	read := func(bool) (string, error) { return lines.read(cmd.Context()) }
	if asks {
		out.spoken = true
		read = asking(cmd, lines, out)
		fmt.Fprintf(cmd.OutOrStdout(), "sandrepl: sandbox %s, Python %s. ctrl+d leaves; the sandbox lives on.\n", s.Info().SandboxID, s.Info().Python)
	}
	runner := execFlags{flags: f}
	if asks {
		runner.kept = keepCells(cmd.ErrOrStderr(), history.ByUser)
		defer runner.kept.close()
	}
	raised := false
	err = eachCell(read, func(code string) error {
		results, err := runner.runAll(cmd.Context(), s, out, []string{code})
		for _, r := range results {
			raised = raised || r.Status != session.OK
			out.outcome(r, false)
		}
		return err
	})
	err = errors.Join(err, s.Close())
	if asks {
		fmt.Fprintf(cmd.OutOrStdout(), "\nSandbox %[1]s lives on. Come back with: sandrepl %[1]s\n", s.Info().SandboxID)
	}
	if err == nil && raised && !asks {
		return exitError(exitRaised)
	}
	return err
}

var errInterrupted = errors.New("interrupted")

// asking reads lines from a terminal after prompts that are words. One that is dumb edits lines by itself.
func asking(cmd *cobra.Command, lines *lineReader, out *printer) func(more bool) (string, error) {
	prompt := func(more bool) string {
		if more {
			return "more: "
		}
		return "python: "
	}
	in, ok := cmd.InOrStdin().(*os.File)
	if !ok || !isTerminal(cmd.OutOrStdout()) || os.Getenv("TERM") == "dumb" {
		return func(more bool) (string, error) {
			fmt.Fprint(cmd.OutOrStdout(), prompt(more))
			return lines.read(cmd.Context())
		}
	}
	t := newTypist(in, cmd.OutOrStdout())
	out.stdout, out.stderr = returning{out.stdout, &t.raw}, returning{out.stderr, &t.raw}
	return func(more bool) (string, error) { return t.read(cmd.Context(), prompt(more)) }
}

// eachCell runs each complete statement that is read, until the input ends or exit leaves. ctrl+c drops what is not complete.
func eachCell(read func(more bool) (string, error), run func(code string) error) error {
	code := ""
	flush := func() error {
		cell := code
		code = ""
		if strings.TrimSpace(cell) == "" {
			return nil
		}
		return run(strings.TrimRight(cell, "\n"))
	}
	for {
		line, err := read(code != "")
		if errors.Is(err, errInterrupted) {
			fmt.Fprintln(os.Stderr, "\nKeyboardInterrupt: ctrl+d leaves")
			code = ""
			continue
		}
		if ended := err != nil && line == ""; ended {
			if errors.Is(err, io.EOF) {
				err = flush()
			}
			return err
		}
		line = strings.TrimRight(line, "\r\n")
		if code != "" && editor.Ended(code, line) {
			if err := flush(); err != nil {
				return err
			}
		}
		if word := strings.TrimSpace(line); code == "" && (word == "exit" || word == "exit()" || word == "quit" || word == "quit()") {
			return nil
		}
		if code != "" {
			code += "\n"
		}
		if code += line; editor.Complete(code) {
			if err := flush(); err != nil {
				return err
			}
		}
	}
}

// A lineReader reads lines of a file, or of a terminal that edits them by itself.
type lineReader struct {
	in          *bufio.Reader
	pending     chan reading // a read that goes on
	interrupted bool         // since the last line
}

type reading struct {
	line string
	err  error
}

// read waits for a line. An interrupt, by which a terminal has dropped what was typed, is errInterrupted, and the read goes on
// in the next call; a second one without a line between them leaves.
func (l *lineReader) read(ctx context.Context) (string, error) {
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)
	if l.pending == nil {
		l.pending = make(chan reading, 1)
		go func(to chan<- reading) {
			line, err := l.in.ReadString('\n')
			to <- reading{line, err}
		}(l.pending)
	}
	select {
	case r := <-l.pending:
		l.pending, l.interrupted = nil, false
		return r.line, r.err
	case <-interrupts:
		if l.interrupted {
			return "", exitError(exitInterrupted)
		}
		l.interrupted = true
		return "", errInterrupted
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}
