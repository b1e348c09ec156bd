package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/google/uuid"
	"github.com/sandrepl/sandrepl/client"
	"github.com/sandrepl/sandrepl/kernel"
)

// A joint is a kernel and the wire that was joined to it.
type joint struct {
	conn  kernel.Connection
	from  position // where its journal is read from
	wire  wire
	kind  Transport
	why   string
	until time.Duration // for which it is used; 0 for as long as it lasts
}

// attach finds or starts the kernel and joins it: one round trip when it is there (asking the
// server what it can do goes beside it), three when the sandbox is new, and one for the WebSocket.
// Only anew it makes a sandbox, where the server can tell: who removed one does not want it back.
func (s *Session) attach(ctx context.Context, anew bool) (joint, error) {
	if s.opts.Reach != nil {
		if err := s.opts.Reach(ctx, anew); err != nil {
			return joint{}, fmt.Errorf("reach the server: %w", err)
		}
	}
	type answer struct {
		health client.Health
		err    error
	}
	health := make(chan answer, 1)
	go func() {
		h, err := s.client.Health(ctx)
		health <- answer{h, err}
	}()
	c := s.client
	s.mu.Lock()
	switch {
	case s.opts.fromStart: // to read what there is
		c = s.client.Existing()
	case !anew && s.existing != nil:
		c = s.existing
	}
	s.mu.Unlock()
	conn, err := ensure(ctx, c, s.opts.SandboxID, s.opts.Python)
	server := <-health
	if err != nil {
		return joint{}, err
	}
	features := server.health.Features
	if c = s.client; server.err == nil && slices.Contains(features, client.FeatureExisting) {
		c = s.client.Existing()
	}
	s.mu.Lock()
	s.existing = c
	s.mu.Unlock()
	return s.join(ctx, c, conn, server.err == nil && slices.Contains(features, client.FeatureConnect))
}

// join picks the transport.
func (s *Session) join(ctx context.Context, c *client.Client, conn kernel.Connection, canConnect bool) (joint, error) {
	s.mu.Lock()
	from := s.state.position(conn, s.opts.SkipPast)
	if s.opts.fromStart && s.state.journal == "" {
		from.seq = 0
	}
	s.mu.Unlock()
	poll := func(why string) (joint, error) {
		w := newPollWire(c, s.opts.SandboxID, conn, from, s.active, s.measured)
		return joint{conn: conn, from: from, wire: w, kind: Poll, why: why}, nil
	}
	switch {
	case s.opts.Transport == Poll:
		return poll("asked for")
	case s.opts.Transport != Connect && !canConnect:
		return poll("this Worker has no connect")
	}
	dialing, cancel := context.WithTimeout(ctx, dialPatience)
	defer cancel()
	w, err := dialKernel(dialing, c, s.opts.SandboxID, conn, from, pulse{s.active, s.measured, s.silent})
	switch {
	case err == nil:
		return joint{conn: conn, from: from, wire: w, kind: Connect}, nil
	case s.opts.Transport == Connect || ctx.Err() != nil || errors.Is(err, errKernelGone):
		return joint{}, err
	}
	j, err := poll("connect failed: " + err.Error())
	j.until = redialAfter
	return j, err
}

// dialPatience is how long a kernel may take to greet: one whose lock C code holds does not.
const dialPatience = 5 * time.Second

// redialAfter is how long a session polls that could have connected, before it tries again.
const redialAfter = 10 * time.Second

// errRedial ends a line that is a makeshift.
var errRedial = errors.New("time to try connect again")

// active reports whether events are expected soon.
func (s *Session) active() bool {
	s.mu.Lock()
	busy := s.state.running != ""
	s.mu.Unlock()
	return busy || s.outbox.waiting()
}

// live keeps the session joined to its kernel until Close. Where there is no use in trying on, it waits for a restart.
func (s *Session) live(j joint, startup []kernel.Request) {
	defer close(s.done)
	defer s.end(nil)
	for {
		err := s.follow(j)
		s.offline()
		if s.ctx.Err() != nil {
			return
		}
		if !errors.Is(err, errRedial) {
			s.emit(Event{Time: time.Now(), Body: Link{State: Offline, Err: err}})
		}
		for j, err = s.rejoin(false); err != nil; j, err = s.rejoin(true) {
			if s.ctx.Err() == nil {
				s.end(err)
			}
			select {
			case <-s.again:
				s.begin()
			case <-s.ctx.Done():
				return
			}
		}
		s.online(j, startup)
	}
}

// begin takes requests again.
func (s *Session) begin() {
	s.mu.Lock()
	s.err = nil
	select {
	case <-s.again: // asked for twice
	default:
	}
	s.mu.Unlock()
}

// online makes a joint the one in use, says what changed with it, and queues what is to be sent.
func (s *Session) online(j joint, startup []kernel.Request) {
	s.mu.Lock()
	first := s.state.epoch == ""
	other, recycled := s.state.joined(j.conn, j.from)
	s.wire = j.wire
	s.info.Started = s.info.Started || first && j.conn.Started
	s.info.Transport, s.info.Reason, s.info.Python, s.info.Epoch = j.kind, j.why, j.conn.Python, j.conn.Epoch
	s.mu.Unlock()
	if other { // before anyone is told: what is asked from then on is asked of the new kernel
		s.outbox.orphan()
	}
	s.emit(Event{Time: time.Now(), Body: Link{State: Online, Transport: j.kind, Reason: j.why}})
	if other {
		s.emit(Event{Time: time.Now(), Body: NewKernel{Epoch: j.conn.Epoch, Python: j.conn.Python, Recycled: recycled}})
	}
	if first && !s.opts.SkipPast && j.from.seq > 0 {
		s.missed(Missed{First: 1, Last: j.from.seq, Kept: true})
	}
	s.outbox.line(s.in(j.conn.Epoch, startup))
}

// measured notes a round trip to the server.
func (s *Session) measured(roundTrip time.Duration) {
	s.mu.Lock()
	s.info.RoundTrip = roundTrip
	online, info := s.wire != nil, s.info
	s.mu.Unlock()
	if online {
		s.emit(Event{Time: time.Now(), Body: Link{State: Online, Transport: info.Transport, Reason: info.Reason, RoundTrip: roundTrip}})
	}
}

// silent says that the kernel has not answered for a while, though the line is there.
func (s *Session) silent() {
	s.mu.Lock()
	online, info := s.wire != nil, s.info
	s.mu.Unlock()
	if online {
		s.emit(Event{Time: time.Now(), Body: Link{State: Online, Transport: info.Transport, Reason: info.Reason, Silent: true}})
	}
}

// lose ends the cells that the kernel before did not end, the one that ran whoever asked for it: by now all that it said was read.
func (s *Session) lose(running, ended string) {
	lost := s.outbox.orphans()
	if running != "" && !slices.Contains(lost, running) {
		lost = append(lost, running)
	}
	for _, id := range lost {
		if ended != "" {
			s.deliver(Event{Time: time.Now(), Cell: id, Body: died(ended)})
		}
		s.deliver(Event{Time: time.Now(), Cell: id, Body: Reply{Status: Lost}})
	}
}

// died words how a kernel ended as the failure of the cell that ran in it.
func died(ended string) Failure {
	lines := strings.Split(strings.TrimRight(ended, "\n"), "\n")
	return Failure{Name: "KernelDied", Value: lines[0], Traceback: append([]string{"KernelDied: " + lines[0]}, lines[1:]...)}
}

// rejoin tries until the kernel answers again, or until trying on is of no use. Anew it may make what is there no more.
func (s *Session) rejoin(anew bool) (joint, error) {
	pace := backoff.NewExponentialBackOff()
	pace.InitialInterval, pace.MaxInterval = 100*time.Millisecond, 10*time.Second
	return backoff.Retry(s.ctx, func() (joint, error) {
		j, err := s.attach(s.ctx, anew)
		if err != nil && hopeless(err) {
			return j, backoff.Permanent(err)
		}
		return j, err
	}, backoff.WithBackOff(pace), backoff.WithMaxElapsedTime(0), backoff.WithNotify(func(err error, after time.Duration) {
		s.emit(Event{Time: time.Now(), Body: Link{State: Offline, Err: err, Reason: fmt.Sprintf("trying again in %.1f s", after.Seconds())}})
	}))
}

// hopeless reports whether an error will not go away by itself.
func hopeless(err error) bool {
	for _, final := range []error{client.ErrUnauthorized, client.ErrBadRequest, client.ErrNoSandbox, client.ErrNoSandboxes, client.ErrInsecureToken, ErrNoPython, ErrOver, kernel.ErrProtocol} {
		if errors.Is(err, final) {
			return true
		}
	}
	return false
}

// offline gives the line up. It closes the wire without the lock, which the wire's own
// goroutine may want.
func (s *Session) offline() {
	s.mu.Lock()
	w := s.wire
	s.wire = nil
	s.mu.Unlock()
	w.close()
}

// end tells everyone that waits that nothing more will come: for err, or for the session's close when that is nil. Where
// the sandbox is gone, its cells are.
func (s *Session) end(err error) {
	s.asked.endAll()
	if errors.Is(err, client.ErrNoSandbox) || errors.Is(err, ErrOver) {
		s.mu.Lock()
		running := s.state.running
		s.state.running = ""
		s.mu.Unlock()
		s.outbox.orphan()
		s.lose(running, "its sandbox is gone")
	}
	s.mu.Lock()
	if s.err = err; err == nil {
		s.err = ErrClosed
	}
	for _, r := range s.runs {
		if !r.ended { // by this goroutine, just before
			r.err = s.err
			close(r.done)
		}
	}
	clear(s.runs)
	s.mu.Unlock()
	s.emit(Event{Time: time.Now(), Body: Link{State: Ended, Err: err}})
}

// follow sends what the outbox holds and reads the journal until the line is cut.
func (s *Session) follow(j joint) error {
	w := j.wire
	ctx, cancel := context.WithCancelCause(s.ctx)
	if j.until > 0 {
		defer time.AfterFunc(j.until, func() { cancel(errRedial) }).Stop()
	}
	sender := make(chan struct{})
	go func() {
		defer close(sender)
		if err := s.sendAll(ctx, w); err != nil {
			cancel(err)
		}
	}()
	defer func() { cancel(nil); <-sender }()
	for {
		events, err := w.receive(ctx)
		if err != nil {
			if cause := context.Cause(ctx); cause != nil {
				return cause
			}
			return err
		}
		s.outbox.heard()
		for _, e := range events {
			if err := s.take(e); err != nil {
				return err
			}
		}
	}
}

func (s *Session) sendAll(ctx context.Context, w wire) error {
	for {
		for r, ok := s.outbox.next(); ok; r, ok = s.outbox.next() {
			body, err := json.Marshal(r)
			if err != nil {
				return fmt.Errorf("send %s: %w", r.Method, err)
			}
			if err := w.send(ctx, r.ID, body); err != nil {
				return fmt.Errorf("send %s: %w", r.Method, err)
			}
		}
		select {
		case <-s.outbox.added:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// take numbers an event, keeps what it changes, and passes it on.
func (s *Session) take(e kernel.Event) error {
	event, err := decode(e)
	if err != nil {
		return err
	}
	s.mu.Lock()
	running := s.state.running
	fresh, missed := s.state.number(e.Seq)
	if fresh {
		s.state.apply(event)
	}
	s.mu.Unlock()
	switch {
	case !fresh:
		return nil
	case missed != nil:
		s.missed(*missed)
	}
	switch b := event.Body.(type) {
	case nil:
		return nil
	case Status:
		if b.State == kernel.StateStarting {
			s.asked.endAll()
			s.lose(running, b.Previous)
		}
	case ModelRequest:
		s.consider(event, b)
	case ModelReply:
		s.asked.end(b.Seq)
	case Reply:
		s.outbox.settle(event.Cell)
	case LocalsChange:
		if b.Full {
			s.outbox.settle(event.Cell)
		}
	}
	s.deliver(event)
	return nil
}

// missed says what did not come, and asks for the namespace that it would have told of.
func (s *Session) missed(m Missed) {
	s.emit(Event{Time: time.Now(), Body: m})
	s.outbox.add(kernel.Request{ID: uuid.NewString(), Method: kernel.MethodLocals})
}

// deliver passes an event to whoever runs its cell, and to everyone.
func (s *Session) deliver(e Event) {
	s.mu.Lock()
	r := s.runs[e.Cell]
	s.mu.Unlock()
	if r != nil {
		r.take(e)
	}
	s.emit(e)
}

// emit calls OnEvent; the client's notices of waiting come from goroutines of its own.
func (s *Session) emit(e Event) {
	s.emitting.Lock()
	defer s.emitting.Unlock()
	s.opts.OnEvent(e)
}
