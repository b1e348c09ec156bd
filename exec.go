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
	"sync"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/sandrepl/sandrepl/session"
	"github.com/sandrepl/sandrepl/tui/sanitize"
)

// localsLimit is how much of each value --json shows, in characters.
const localsLimit = 1_000_000

type execFlags struct {
	*flags
	code []string
	json bool
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
		out.outcome(last)
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
		if err != nil {
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

// A printer shows events as they come, and answers a cell's input() from standard input.
type printer struct {
	stdout, stderr io.Writer
	stdin          *bufio.Reader // nil when the code came from there
	quiet          bool

	mu      sync.Mutex
	setup   string // the id of the setup cell, when it runs
	failed  bool   // it did
	session *session.Session
	early   []session.Event // asked before the session was known
	noModel sync.Once       // said that there is none
	awaited string          // the code of the cell that is to begin
	patient *time.Timer     // until it is said that it has not
}

// patience is how long a cell may wait for others before that is said.
const patience = 3 * time.Second

// awaits has it said when the cell does not begin; it is not waited for any more when the function that it returns was called.
func (p *printer) awaits(code string) (begun func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.awaited = code
	p.patient = time.AfterFunc(patience, func() {
		fmt.Fprintln(p.stderr, "sandrepl: the cell has not begun: another one runs in this sandbox, or waits for an answer; open the sandbox to see it, or interrupt it by ctrl+c")
	})
	return func() { p.patient.Stop() }
}

// begins notes that a cell runs.
func (p *printer) begins(code string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.patient != nil && code == p.awaited {
		p.patient.Stop()
	}
}

func newPrinter(stdout, stderr io.Writer, quiet bool) *printer {
	return &printer{stdout: forTerminal(stdout), stderr: forTerminal(stderr), quiet: quiet}
}

// begin says whom to answer.
func (p *printer) begin(s *session.Session) {
	p.mu.Lock()
	p.session = s
	early := p.early
	p.early = nil
	p.mu.Unlock()
	for _, e := range early {
		p.event(e)
	}
}

func (p *printer) event(e session.Event) {
	if link, ok := e.Body.(session.Link); ok && link.State == session.Connecting {
		fmt.Fprintln(p.stderr, "sandrepl:", sanitize.Line(link.Reason))
		return
	}
	p.mu.Lock()
	s := p.session
	if s == nil {
		p.early = append(p.early, e)
	}
	p.mu.Unlock()
	if s == nil {
		return
	}
	switch b := e.Body.(type) {
	case session.Input:
		if b.Author == "setup" {
			p.setup = e.Cell
		} else {
			p.begins(b.Code)
		}
	case session.Reply:
		if e.Cell == p.setup && b.Status != session.OK {
			p.mu.Lock()
			p.failed = true
			p.mu.Unlock()
			fmt.Fprintln(p.stderr, "sandrepl: the setup failed")
		}
	case session.InputRequest:
		p.answer(s, b)
	case session.ModelReply:
		if b.Error == session.NoAnswerer {
			p.noModel.Do(func() {
				fmt.Fprintln(p.stderr, "sandrepl: llm_query has nobody to ask: set SANDREPL_LLM_URL, SANDREPL_LLM_KEY and SANDREPL_LLM_MODEL, or give --broker-url")
			})
		}
	case session.NewKernel:
		fmt.Fprintln(p.stderr, "sandrepl: the kernel was started anew: earlier variables are gone")
	}
	if p.quiet {
		return
	}
	switch b := e.Body.(type) {
	case session.Stream:
		to := p.stdout
		if b.Name == "stderr" {
			to = p.stderr
		}
		_, _ = io.WriteString(to, b.Text)
	case session.Value:
		_, _ = io.WriteString(p.stdout, session.PlainText(b.Data)+"\n")
	case session.Display:
		_, _ = io.WriteString(p.stdout, session.PlainText(b.Data)+"\n")
	case session.DisplayUpdate:
		_, _ = io.WriteString(p.stdout, session.PlainText(b.Data)+"\n")
	case session.NextInput:
		_, _ = io.WriteString(p.stdout, b.Text+"\n")
	case session.Failure:
		_, _ = io.WriteString(p.stderr, strings.Join(b.Traceback, "\n")+"\n")
	}
}

func (p *printer) setupFailed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.failed
}

// outcome says what no traceback does.
func (p *printer) outcome(r session.Result) {
	switch r.Status {
	case session.Lost:
		fmt.Fprintln(p.stderr, "sandrepl: the kernel ended while the cell ran; the next cell starts a new one")
	case session.Aborted:
		fmt.Fprintln(p.stderr, "sandrepl: the cell did not run: it was interrupted before")
	}
}

// answer reads a line of standard input for the cell. It runs beside the events, so that
// an interrupt or the cell's end are still seen.
func (p *printer) answer(s *session.Session, r session.InputRequest) {
	_, _ = io.WriteString(p.stderr, r.Prompt)
	if p.stdin == nil {
		_ = s.ReplyEOF()
		return
	}
	go func() {
		if r.Password && isTerminal(os.Stdin) {
			secret, err := term.ReadPassword(int(os.Stdin.Fd()))
			if err == nil {
				_ = s.Reply(string(secret))
				return
			}
		}
		line, err := p.stdin.ReadString('\n')
		if err != nil && line == "" {
			_ = s.ReplyEOF()
			return
		}
		_ = s.Reply(strings.TrimSuffix(line, "\n"))
	}()
}

// forTerminal keeps what a sandbox prints from steering the user's terminal; a pipe or a
// file gets every byte as it was written.
func forTerminal(w io.Writer) io.Writer {
	if !isTerminal(w) {
		return w
	}
	return &safeWriter{to: w}
}

type safeWriter struct {
	to    io.Writer
	clean sanitize.Output
}

func (w *safeWriter) Write(b []byte) (int, error) {
	_, err := io.WriteString(w.to, w.clean.Write(string(b)))
	return len(b), err
}
