package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/sandrepl/sandrepl/history"
	"github.com/sandrepl/sandrepl/session"
)

// localsLimit is how much of each value --json shows, in characters.
const localsLimit = 1_000_000

type execFlags struct {
	*flags
	code []string
	json bool
	kept keptCells
}

func newExec(f *flags) *cobra.Command {
	e := execFlags{flags: f}
	cmd := &cobra.Command{
		Use:   "exec [SANDBOX_ID] [-c CODE | FILE | -]",
		Short: "Run cells without a terminal",
		Long: `Run cells without a terminal: their stdout goes to stdout, their stderr to stderr, and a
last value is shown as Python's REPL shows it. What they bind stays in the sandbox. Without a
SANDBOX_ID a sandbox is made and, where the server can, removed in the end.

Exit codes: 0, 1 when a cell raised, 2 for usage, 3 when the sandbox cannot be reached.`,
		Example: `  sandrepl exec my-session -c 'x = 2 + 2'
  sandrepl exec my-session -c 'x'
  sandrepl exec my-session script.py
  echo 'print(x)' | sandrepl exec my-session -
  sandrepl exec my-session -c 'x' --json`,
		Args: atMost(2),
		RunE: e.run,
	}
	cmd.Flags().StringArrayVarP(&e.code, "code", "c", nil, "a cell's `CODE`; may be given several times")
	cmd.Flags().BoolVar(&e.json, "json", false, `print one JSON object: {"status","stdout","stderr","result","locals","execution_time","error"}`)
	return cmd
}

func (e *execFlags) run(cmd *cobra.Command, args []string) error {
	id, codes, codeFromStdin, err := e.cells(cmd.InOrStdin(), args)
	if err != nil {
		return err
	}
	options, err := e.session(id)
	if err != nil {
		return err
	}
	out := newPrinter(cmd.OutOrStdout(), cmd.ErrOrStderr(), e.json)
	if !codeFromStdin {
		out.stdin = bufio.NewReader(cmd.InOrStdin())
	}
	options.SkipPast, options.OnEvent = true, out.event
	s, err := e.open(cmd.Context(), options)
	if err != nil {
		return err
	}
	out.begin(s)
	if len(e.code) > 0 && len(id) > 0 && (isTerminal(cmd.InOrStdin()) || isTerminal(cmd.OutOrStdout())) { // a script's cells are the script's
		e.kept = keepCells(cmd.ErrOrStderr(), history.ByExec)
		defer e.kept.close()
	}
	results, err := e.runAll(cmd.Context(), s, out, codes)
	if e.json && len(results) > 0 {
		err = errors.Join(err, e.report(cmd, s, results))
	}
	err = errors.Join(err, s.Close())
	if len(id) == 0 {
		_ = s.Destroy(cmd.Context()) // what a server without destroy keeps, it lets sleep
	}
	if err != nil {
		return err
	}
	if last := results[len(results)-1]; last.Status != session.OK || out.setupFailed() {
		out.outcome(last, len(id) > 0 && s.Info().Started)
		return exitError(exitRaised)
	}
	return nil
}

// cells tells the sandbox (none or one id) and the code of each cell.
func (e *execFlags) cells(stdin io.Reader, args []string) (id, codes []string, fromStdin bool, err error) {
	if len(e.code) > 0 {
		if len(args) > 1 || len(args) == 1 && isFile(args[0]) {
			return nil, nil, false, usagef("-c and a FILE both name the code: give one")
		}
		return args, e.code, false, nil
	}
	var file string
	switch {
	case len(args) == 2:
		id, file = args[:1], args[1]
	case len(args) == 1 && (args[0] == "-" || isFile(args[0])):
		file = args[0]
	case len(args) == 1 && strings.HasSuffix(args[0], ".py"):
		return nil, nil, false, usagef("there is no file %s", args[0])
	case len(args) == 1 && !isTerminal(stdin):
		id, file = args, "-"
	case len(args) == 0 && !isTerminal(stdin):
		file = "-"
	default:
		return nil, nil, false, usagef("nothing to run: give -c CODE, a FILE, or - for standard input")
	}
	if file == "-" {
		code, err := io.ReadAll(stdin)
		return id, []string{string(code)}, true, err
	}
	code, err := os.ReadFile(file)
	if err != nil {
		return nil, nil, false, usageError{err}
	}
	return id, []string{string(code)}, false, nil
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}

func isTerminal(f any) bool {
	file, ok := f.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// runAll runs the cells in turn, until one does not end well. A first ctrl+c interrupts the
// cell; a second one leaves.
func (e *execFlags) runAll(ctx context.Context, s *session.Session, out *printer, codes []string) ([]session.Result, error) {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt)
	defer signal.Stop(signals)
	ctx, leave := context.WithCancelCause(ctx)
	defer leave(nil)
	go func() {
		for first := true; ; first = false {
			select {
			case <-signals:
				if !first || s.Interrupt() != nil {
					leave(exitError(exitInterrupted))
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	var results []session.Result
	for _, code := range codes {
		begun := out.awaits(code)
		r, err := e.runOne(ctx, s, code)
		begun()
		if cause := context.Cause(ctx); err != nil && cause != nil {
			return results, cause
		}
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			return results, err
		}
		results = append(results, r)
		e.kept.add(s.Info(), code, r)
		switch {
		case err != nil && r.Status == session.Aborted:
			fmt.Fprintf(os.Stderr, "sandrepl: another cell ran for all of the %s of --timeout\n", e.timeout)
		case err != nil:
			fmt.Fprintf(os.Stderr, "sandrepl: the cell took longer than %s and was interrupted\n", e.timeout)
		}
		if r.Status != session.OK {
			break
		}
	}
	return results, nil
}

func (e *execFlags) runOne(ctx context.Context, s *session.Session, code string) (session.Result, error) {
	if e.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, e.timeout)
		defer cancel()
	}
	return s.Run(ctx, code)
}

// report is what --json prints: all cells as one.
func (e *execFlags) report(cmd *cobra.Command, s *session.Session, results []session.Result) error {
	report := struct {
		Status        string            `json:"status"`
		Stdout        string            `json:"stdout"`
		Stderr        string            `json:"stderr"`
		Result        *string           `json:"result"`
		Locals        map[string]string `json:"locals"`
		ExecutionTime float64           `json:"execution_time"`
		Error         *session.Failure  `json:"error"`
	}{Locals: map[string]string{}}
	for _, r := range results {
		report.Status, report.Error, report.Result = r.Status, r.Failure, nil
		report.Stdout += r.Stdout
		report.Stderr += r.Stderr
		report.ExecutionTime += r.Duration.Seconds()
		if r.HasValue {
			report.Result = &r.Value
		}
	}
	if report.Status != session.Lost {
		variables, err := s.Snapshot(cmd.Context(), localsLimit)
		if err != nil {
			return err
		}
		for _, v := range variables {
			report.Locals[v.Name] = v.Value
		}
	}
	encoder := json.NewEncoder(cmd.OutOrStdout())
	encoder.SetEscapeHTML(false)
	return encoder.Encode(report)
}
