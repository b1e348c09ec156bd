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

// replPlainly reads cells from standard input, as python -i does, and prints what they print: no cursor moves and nothing is
// coloured. A screen reader reads it, and so does a pipe.
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
	if asks {
		fmt.Fprintf(cmd.OutOrStdout(), "sandrepl: sandbox %s, Python %s. ctrl+d leaves; the sandbox lives on.\n", s.Info().SandboxID, s.Info().Python)
	}
	runner := execFlags{flags: f}
	if asks {
		runner.kept = keepCells(cmd.ErrOrStderr(), history.ByUser)
		defer runner.kept.close()
	}
	raised := false
	err = eachCell(cmd.Context(), stdin, func(more bool) {
		if asks {
			fmt.Fprint(cmd.OutOrStdout(), map[bool]string{false: ">>> ", true: "... "}[more])
		}
	}, func(code string) error {
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

// eachCell runs each complete statement that is read, until the input ends or exit leaves. ctrl+c drops what is not complete.
func eachCell(ctx context.Context, in *bufio.Reader, prompt func(more bool), run func(code string) error) error {
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
		prompt(code != "")
		line, err := nextLine(ctx, in)
		if errors.Is(err, errInterrupted) {
			fmt.Fprintln(os.Stderr, "KeyboardInterrupt")
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

// nextLine reads a line. An interrupt ends the line that is being typed, and not the program; a second one without a line
// between them leaves.
func nextLine(ctx context.Context, in *bufio.Reader) (string, error) {
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)
	type read struct {
		line string
		err  error
	}
	lines := make(chan read, 1)
	go func() {
		line, err := in.ReadString('\n')
		lines <- read{line, err}
	}()
	interrupted := false
	for {
		select {
		case r := <-lines:
			if interrupted && r.err == nil {
				return "", errInterrupted
			}
			return r.line, r.err
		case <-interrupts:
			if interrupted {
				return "", exitError(exitInterrupted)
			}
			interrupted = true
			fmt.Fprintln(os.Stderr, "\nsandrepl: the line is dropped at its end; ctrl+c again leaves")
		case <-ctx.Done():
			return "", context.Cause(ctx)
		}
	}
}
