package session

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/sandrepl/sandrepl/client"
	"github.com/sandrepl/sandrepl/kernel"
)

// pingEvery keeps a silent stream alive: Cloudflare cuts one at 255 s.
const pingEvery = 20 * time.Second

// lookEvery is how often it is asked whether a kernel answers while a cell runs, and how long it may take until it counts
// as silent, as one is whose Python is kept by C code.
const lookEvery = time.Second

// pingTimeout is how long a pong may take before the line counts as cut.
const pingTimeout = 15 * time.Second

// connectWire is a WebSocket to the kernel's port.
type connectWire struct {
	conn  *websocket.Conn
	lines lineBuffer
	fail  chan error // why the pinger gave the line up
	stop  context.CancelFunc
	ended chan struct{} // the pinger has
	used  chan struct{} // something was sent

	mu      sync.Mutex
	waiting map[string]chan<- kernel.Reply // by the id of a query; each chan takes one
}

// pulse is how a wire tells whether its kernel answers.
type pulse struct {
	active   func() bool         // whether a cell runs
	measured func(time.Duration) // it answered
	silent   func()              // it has not for lookEvery
}

// dialKernel joins the kernel and asks for its journal from a position on.
func dialKernel(ctx context.Context, c *client.Client, sandboxID string, conn kernel.Connection, from position, p pulse) (*connectWire, error) {
	ws, err := c.Connect(ctx, sandboxID, conn.Port)
	if err != nil {
		return nil, fmt.Errorf("connect to the kernel: %w", err)
	}
	if err := greet(ctx, ws, conn, from); err != nil {
		_ = ws.CloseNow()
		return nil, fmt.Errorf("greet the kernel: %w", err)
	}
	pinging, stop := context.WithCancel(context.Background())
	w := &connectWire{conn: ws, stop: stop, fail: make(chan error, 1), ended: make(chan struct{}), used: make(chan struct{}, 1), waiting: map[string]chan<- kernel.Reply{}}
	go w.ping(pinging, p)
	return w, nil
}

func greet(ctx context.Context, ws *websocket.Conn, conn kernel.Connection, from position) error {
	request, err := json.Marshal(kernel.Request{Method: kernel.MethodHello, Params: kernel.HelloParams{
		Secret: conn.Secret, Journal: from.journal, After: from.seq,
	}})
	if err != nil {
		return err
	}
	if err := ws.Write(ctx, websocket.MessageText, request); err != nil {
		return err
	}
	_, answer, err := ws.Read(ctx)
	if err != nil {
		return err
	}
	var hello kernel.HelloReply
	if err := json.Unmarshal(answer, &hello); err != nil || hello.Type != "hello" {
		return fmt.Errorf("it answered %.80q", answer)
	}
	if hello.Content.Epoch != conn.Epoch {
		return errKernelGone
	}
	return nil
}

func (w *connectWire) send(ctx context.Context, _ string, request []byte) error {
	return w.write(ctx, request)
}

func (w *connectWire) write(ctx context.Context, request []byte) error {
	select {
	case w.used <- struct{}{}:
	default:
	}
	return w.conn.Write(ctx, websocket.MessageText, request)
}

func (w *connectWire) receive(ctx context.Context) ([]kernel.Event, error) {
	for {
		kind, chunk, err := w.conn.Read(ctx)
		if err != nil {
			select {
			case err = <-w.fail:
			default:
			}
			return nil, err
		}
		if kind == websocket.MessageBinary {
			if err := w.answer(chunk); err != nil {
				return nil, err
			}
			continue
		}
		events, err := w.lines.add(chunk)
		if err != nil || len(events) > 0 {
			return events, err
		}
	}
}

func (w *connectWire) query(ctx context.Context, id string, request []byte) (kernel.Reply, error) {
	reply := make(chan kernel.Reply, 1)
	w.mu.Lock()
	w.waiting[id] = reply
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		delete(w.waiting, id)
		w.mu.Unlock()
	}()
	if err := w.write(ctx, request); err != nil {
		return kernel.Reply{}, err
	}
	select {
	case r := <-reply:
		return r, nil
	case <-w.ended:
		return kernel.Reply{}, ErrOffline
	case <-ctx.Done():
		return kernel.Reply{}, ctx.Err()
	}
}

// answer passes a reply to whoever still waits for it.
func (w *connectWire) answer(message []byte) error {
	var reply kernel.Reply
	if err := json.Unmarshal(message, &reply); err != nil {
		return fmt.Errorf("read a reply: %w", err)
	}
	w.mu.Lock()
	waiting := w.waiting[reply.To]
	delete(w.waiting, reply.To)
	w.mu.Unlock()
	if waiting != nil {
		waiting <- reply
	}
	return nil
}

// ping measures the round trip, anew when the line is used, keeps the stream alive, says when the kernel falls silent, and
// closes a line that is cut.
func (w *connectWire) ping(ctx context.Context, p pulse) {
	defer close(w.ended)
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	var last time.Time
	for {
		used := false
		select {
		case <-w.used:
			used = true
		default:
		}
		if used || time.Since(last) >= pingEvery || p.active() {
			last = time.Now()
			timeout, cancel := context.WithTimeout(ctx, pingTimeout)
			silence := time.AfterFunc(lookEvery, p.silent)
			err := w.conn.Ping(timeout)
			silence.Stop()
			cancel()
			if err != nil {
				if ctx.Err() == nil {
					w.fail <- fmt.Errorf("%w: no answer to a ping: %w", ErrSilent, err)
					_ = w.conn.CloseNow()
				}
				return
			}
			p.measured(time.Since(last))
		}
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
	}
}

func (w *connectWire) close() {
	w.stop()
	_ = w.conn.CloseNow()
	<-w.ended
}
