package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/sandrepl/sandrepl/client"
	"github.com/sandrepl/sandrepl/kernel"
)

// Limits of what a cell may be: every transport takes as much.
const (
	MaxCode    = 16 << 20 // bytes of one cell
	MaxContext = 24 << 20 // bytes of the context as JSON
)

// NoBroker as a BrokerURL has cells ask the clients again.
const NoBroker = "none"

// ErrClosed is what a call on a closed session returns.
var ErrClosed = errors.New("the session is closed")

// ErrEnded is what a call on a session returns that has given up, with the reason: see [Session.Restart].
var ErrEnded = errors.New("the session has no kernel")

// ErrSilent means that the kernel, or the line to it, has not answered for a long time.
var ErrSilent = errors.New("the kernel does not answer")

// ErrOver means, in what Reach returns, that there is no use in trying again.
var ErrOver = errors.New("there is no server to go on with")

// ErrStopped means, in what Reach returns beside [ErrOver], that the server and its sandboxes were ended by their user.
var ErrStopped = errors.New("the server was stopped")

// ErrTooLarge means that a cell or a context is over its limit.
var ErrTooLarge = errors.New("too large to send")

// Options say what to open. Only Worker is required.
type Options struct {
	Worker    client.Options
	SandboxID string    // made when empty
	Transport Transport // Auto when empty
	Python    string    // the interpreter to start the kernel with, in the sandbox; python3 when empty
	Context   any       // bound to the name context when the session opens: a string, or what encoding/json marshals; nil for none
	Setup     string    // code that runs before the first cell, once in a kernel's life
	// Reach, when set, is called before each try to join the kernel: it brings up a server
	// that runs only while it is needed. With anew somebody wants it now, by opening the session or by a restart: it may
	// undo what ended the server before. An error that is [ErrOver] ends the session.
	Reach func(ctx context.Context, anew bool) error

	Answer    Answerer // of what cells ask by llm_query; nil declines
	BrokerURL string   // of the broker that cells ask instead, from within the sandbox; "" leaves it as it is, [NoBroker] takes it away

	Columns, Lines int // what values are shown on, for tables and line breaks; 0 when unknown

	SkipPast bool // only events from now on, not what the journal still has

	fromStart bool // all that the journal has, not its latest part

	// OnEvent is called with every event in order, never twice at a time. While it has not
	// returned no more are read, and the kernel's journal keeps them. It must not call
	// the session's blocking methods (Run, Snapshot, Close).
	OnEvent func(Event)
}

// A Session is our side of one sandbox's kernel. Its methods may be called from any goroutine.
type Session struct {
	id     uuid.UUID
	opts   Options
	client *client.Client
	again  chan struct{} // a restart of a session that has ended
	ctx    context.Context
	cancel context.CancelFunc
	done   chan struct{}
	outbox outbox
	asked  asked
	beside sync.WaitGroup // what goes on beside live, until ctx ends

	emitting sync.Mutex // one OnEvent at a time

	mu       sync.Mutex
	state    state
	wire     wire // nil while the link is down
	info     Info
	runs     map[string]*run
	existing *client.Client // makes no sandbox where the server can tell; nil until the first joint
	err      error          // why the session ended
}

// Info is what is known of a session's place.
type Info struct {
	SandboxID string
	Worker    string // the server's URL
	Transport Transport
	Reason    string // why this transport
	Python    string // version
	Epoch     string
	RoundTrip time.Duration // last measured, 0 when unknown
	Started   bool          // opening the session started the kernel: the sandbox had none, and no variables
}

// NewSandboxID makes an id that no other sandbox has.
func NewSandboxID() string { return "repl-" + uuid.NewString()[:8] }

// Open finds the sandbox's kernel, or starts it, and joins it. The context is for the
// opening alone; the session lives until Close.
func Open(ctx context.Context, opts Options) (*Session, error) {
	s, err := newSession(opts)
	if err != nil {
		return nil, err
	}
	startup, err := s.startup()
	if err != nil {
		return nil, err
	}
	first, err := s.attach(ctx, true)
	if err != nil {
		s.cancel()
		s.client.Close()
		return nil, fmt.Errorf("open sandbox %s: %w", s.opts.SandboxID, err)
	}
	s.online(first, startup)
	go s.live(first, startup)
	return s, nil
}

func newSession(opts Options) (*Session, error) {
	if opts.SandboxID == "" {
		opts.SandboxID = NewSandboxID()
	}
	if err := client.ValidateSandboxID(opts.SandboxID); err != nil {
		return nil, fmt.Errorf("%w: %w", client.ErrBadRequest, err)
	}
	if opts.Python == "" {
		opts.Python = "python3"
	}
	if opts.OnEvent == nil {
		opts.OnEvent = func(Event) {}
	}
	s := &Session{id: uuid.New(), opts: opts, done: make(chan struct{}), again: make(chan struct{}, 1), runs: map[string]*run{}, state: state{locals: locals{}}}
	s.opts.Worker.OnWait = s.waiting
	var err error
	if s.client, err = client.New(s.opts.Worker); err != nil {
		return nil, err
	}
	s.info = Info{SandboxID: opts.SandboxID, Worker: s.client.URL()}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.outbox.init()
	return s, nil
}

// waiting says that the server keeps us waiting, as a container that starts does.
func (s *Session) waiting(w client.Wait) {
	s.emit(Event{Time: time.Now(), Body: Link{State: Connecting, Reason: fmt.Sprintf("%s (%.0f s)", w.Reason, w.Elapsed.Seconds())}})
}

// Info tells what is known of the session's place.
func (s *Session) Info() Info {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.info
}

// Locals returns the namespace as last heard of, sorted by name; with SkipPast only what
// changed since. [Session.Snapshot] asks for all of it.
func (s *Session) Locals() []Variable {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.locals.rows()
}

// Execute queues a cell and returns its id; what becomes of it comes as events of that
// Cell. It does not wait for the line: a cell queued while the line is cut is sent when it
// is back, and comes back as [Lost] when another kernel answers then.
func (s *Session) Execute(code string) (string, error) {
	id := uuid.NewString()
	return id, s.executeAs(id, code)
}

func (s *Session) executeAs(id, code string) error {
	if len(code) > MaxCode {
		return fmt.Errorf("%w: the cell has %d bytes, the most is %d MiB", ErrTooLarge, len(code), MaxCode>>20)
	}
	return s.request(id, kernel.MethodExecute, kernel.ExecuteParams{Code: code})
}

// Interrupt raises KeyboardInterrupt in the running cell and drops the queued ones. A
// kernel that stays silent, as while C code holds Python's lock, gets a signal.
func (s *Session) Interrupt() error { return s.interrupt("") }

// interrupt means one cell, or all for "".
func (s *Session) interrupt(cell string) error {
	if err := s.request(uuid.NewString(), kernel.MethodInterrupt, kernel.InterruptParams{Cell: cell}); err != nil {
		return err
	}
	s.mu.Lock()
	pid, heard := s.state.pid, s.state.seq
	signals := cell == "" || cell == s.state.running
	s.mu.Unlock()
	if signals {
		s.beside.Go(func() { s.signalIfSilent(pid, heard) })
	}
	return nil
}

// silence is how long an interrupted kernel may say nothing before it gets a signal.
const silence = 500 * time.Millisecond

func (s *Session) signalIfSilent(pid int, heard int64) {
	select {
	case <-time.After(silence):
	case <-s.ctx.Done():
		return
	}
	s.mu.Lock()
	silent := s.state.running != "" && s.state.pid == pid && s.state.seq == heard
	s.mu.Unlock()
	if silent {
		_ = s.shell(s.ctx, killing("INT", pid)) // the user sees that it did not work, and may try again
	}
}

// killing is a command that signals the kernel and the processes that it started, past its own listening.
func killing(signal string, pid int) string {
	return fmt.Sprintf("(kill -%[1]s -- -%[2]d || kill -%[1]s %[2]d) 2>/dev/null", signal, pid)
}

func (s *Session) shell(ctx context.Context, command string) error {
	s.mu.Lock()
	there := s.existing
	s.mu.Unlock()
	if _, err := there.ExecIdempotent(ctx, s.opts.SandboxID, command); err != nil {
		return fmt.Errorf("signal the kernel: %w", err)
	}
	return nil
}

// Reply answers the [InputRequest] that is open.
func (s *Session) Reply(value string) error {
	return s.request(uuid.NewString(), kernel.MethodInputReply, kernel.InputReplyParams{Value: value})
}

// ReplyEOF ends the input that a cell waits for: input() raises EOFError.
func (s *Session) ReplyEOF() error {
	return s.request(uuid.NewString(), kernel.MethodInputReply, kernel.InputReplyParams{EOF: true})
}

// Resize tells the kernel what its values are shown on, for the cells from now on: so many columns and lines of text, and
// so many pixels, to which figures are drawn.
func (s *Session) Resize(columns, lines, width, height int) error {
	return s.request(uuid.NewString(), kernel.MethodConfigure, kernel.ConfigureParams{Columns: columns, Lines: lines, Pixels: []int{width, height}})
}

// Restart ends the kernel, whatever it does, and with it the namespace; a new one starts
// at once, and says so. A session that has [Ended] tries anew, also with a new server and
// a new sandbox in the place of one that was removed; a [Link] says what came of it.
func (s *Session) Restart(ctx context.Context) error {
	if s.ctx.Err() != nil {
		return ErrClosed
	}
	if s.triesAgain() {
		return nil
	}
	s.mu.Lock()
	pid := s.state.pid
	s.mu.Unlock()
	note := fmt.Sprintf(`echo 'it was restarted' >>%s/fault.log; `, shellFolder)
	return s.shell(ctx, note+killing("KILL", pid))
}

// triesAgain has a session that ended try anew, and tells whether it had.
func (s *Session) triesAgain() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		return false
	}
	select {
	case s.again <- struct{}{}:
	default: // it was asked for
	}
	return true
}

func (s *Session) request(id string, method kernel.Method, params any) error {
	s.mu.Lock()
	err := s.err
	s.mu.Unlock()
	switch {
	case s.ctx.Err() != nil:
		return ErrClosed
	case err != nil:
		return fmt.Errorf("%w: %w", ErrEnded, err)
	}
	s.outbox.add(kernel.Request{ID: id, Method: method, Params: params})
	return nil
}

// Close leaves the kernel running and ends the session. It waits until OnEvent has had its last call.
func (s *Session) Close() error {
	s.cancel()
	<-s.done
	s.beside.Wait()
	s.client.Close()
	return nil
}

// startup holds the requests that come before any cell of each kernel.
func (s *Session) startup() ([]kernel.Request, error) {
	var requests []kernel.Request
	configure := kernel.ConfigureParams{Columns: s.opts.Columns, Lines: s.opts.Lines}
	if url := s.opts.BrokerURL; url != "" {
		if url == NoBroker {
			url = ""
		}
		configure.BrokerURL = &url
	}
	if configure.Columns > 0 && configure.Lines > 0 || configure.BrokerURL != nil {
		requests = append(requests, kernel.Request{Method: kernel.MethodConfigure, Params: configure})
	}
	if s.opts.Context != nil {
		value, err := json.Marshal(s.opts.Context)
		if err != nil {
			return nil, fmt.Errorf("context: %w", err)
		}
		if len(value) > MaxContext {
			return nil, fmt.Errorf("%w: the context has %d bytes, the most is %d MiB; write it to a file in the sandbox and read it there", ErrTooLarge, len(value), MaxContext>>20)
		}
		requests = append(requests, kernel.Request{Method: kernel.MethodAssign, Params: kernel.AssignParams{Values: map[string]any{"context": json.RawMessage(value)}}})
	}
	if s.opts.Setup != "" {
		noInput := false
		requests = append(requests, kernel.Request{Method: kernel.MethodExecute, Params: kernel.ExecuteParams{Code: s.opts.Setup, Author: kernel.AuthorSetup, AllowStdin: &noInput}})
	}
	return requests, nil
}

// in gives the start-up requests the ids that they have in one kernel's life. The kernel
// runs each id once: the context however often this session joins it, the setup however often any does.
func (s *Session) in(epoch string, startup []kernel.Request) []kernel.Request {
	requests := slices.Clone(startup)
	for i, r := range requests {
		what, err := json.Marshal(r)
		if err != nil {
			continue // it was marshalled when the session opened
		}
		if r.Method != kernel.MethodExecute {
			what = append(what, s.id[:]...)
		}
		requests[i].ID = uuid.NewSHA1(uuid.MustParse(epoch), what).String() // parsed when the connection was read
	}
	return requests
}

// Destroy ends the sandbox itself, files and all, where the server can. Close the session
// before: an open one would start a new kernel when it lost this one.
func (s *Session) Destroy(ctx context.Context) error {
	return s.client.Destroy(ctx, s.opts.SandboxID)
}
