package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"github.com/sandrepl/sandrepl/session"
	"github.com/sandrepl/sandrepl/tui/sanitize"
)

// A printer shows events as they come, and answers a cell's input() from standard input.
type printer struct {
	stdout, stderr io.Writer
	stdin          *bufio.Reader // nil when the code came from there
	quiet          bool
	spoken         bool // results and errors are named as such

	mu      sync.Mutex
	setup   string // the id of the setup cell, when it runs
	failed  bool   // it did
	session *session.Session
	early   []session.Event // asked before the session was known
	waiting string          // why the server keeps us waiting, as last said; of the one goroutine that events come on
	noModel sync.Once       // said that there is none
	awaited string          // the code of the cell that is to begin
	patient *time.Timer     // until it is said that it has not
	runs    bool            // a cell of ours
	anew    bool            // a new kernel answers since that began
}

// patience is how long a cell may wait for others before that is said.
const patience = 3 * time.Second

// awaits has it said when the cell does not begin; it is not waited for any more when the function that it returns was called.
func (p *printer) awaits(code string) (begun func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.awaited, p.runs, p.anew = code, true, false
	p.patient = time.AfterFunc(patience, func() {
		fmt.Fprintln(p.stderr, "sandrepl: the cell has not begun: another one runs in this sandbox, or waits for an answer; open the sandbox to see it, or interrupt it by ctrl+c")
	})
	return func() {
		p.patient.Stop()
		p.mu.Lock()
		defer p.mu.Unlock()
		p.runs = false
	}
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
		if reason, _, _ := strings.Cut(link.Reason, " ("); reason != p.waiting { // it is told again and again, with the seconds
			p.waiting = reason
			fmt.Fprintln(p.stderr, "sandrepl:", sanitize.Line(link.Reason))
		}
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
		p.startedAnew()
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
		_, _ = io.WriteString(p.stdout, p.named("result: ")+session.PlainText(b.Data)+"\n")
	case session.Display:
		_, _ = io.WriteString(p.stdout, session.PlainText(b.Data)+"\n")
	case session.DisplayUpdate:
		_, _ = io.WriteString(p.stdout, session.PlainText(b.Data)+"\n")
	case session.NextInput:
		_, _ = io.WriteString(p.stdout, b.Text+"\n")
	case session.Failure:
		_, _ = io.WriteString(p.stderr, p.named("error:\n")+strings.Join(b.Traceback, "\n")+"\n")
	}
}

func (p *printer) named(name string) string {
	if p.spoken {
		return name
	}
	return ""
}

func (p *printer) setupFailed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.failed
}

// startedAnew says so; of a kernel that ended under a cell, outcome does, after the cell's own end.
func (p *printer) startedAnew() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.anew = true; !p.runs {
		fmt.Fprintln(p.stderr, "sandrepl: the kernel was started anew: earlier variables are gone")
	}
}

// outcome says what no traceback does; empty: the sandbox that was named had no variables before.
func (p *printer) outcome(r session.Result, empty bool) {
	p.mu.Lock()
	anew := p.anew
	p.mu.Unlock()
	switch {
	case empty && r.Failure != nil && r.Failure.Name == "NameError":
		fmt.Fprintln(p.stderr, "sandrepl: this sandbox had no variables before: check the SANDBOX_ID, for each has its own. They are gone when a sandbox is stopped or removed, or a container sleeps (10 minutes after its last request)")
	case r.Status == session.Lost && anew:
		fmt.Fprintln(p.stderr, "sandrepl: the kernel ended while the cell ran, and the variables with it: a new one was started")
	case r.Status == session.Lost:
		fmt.Fprintln(p.stderr, "sandrepl: the cell is lost, and the variables with it")
	case r.Status == session.Aborted:
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
