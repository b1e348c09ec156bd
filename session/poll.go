package session

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/sandrepl/sandrepl/client"
	"github.com/sandrepl/sandrepl/kernel"
)

// errKernelGone means that the kernel that a wire was joined to lives no more.
var errKernelGone = errors.New("the kernel is gone")

// pollChunk is how much of the journal one poll brings at most, in bytes.
const pollChunk = 4 << 20

// Pauses between two polls while nothing runs: they double from the first to the last,
// so that what another client does shows soon, and an idle session costs little.
const (
	firstIdle = 250 * time.Millisecond
	lastIdle  = 5 * time.Second
)

// pollWire reaches a kernel through exec and write alone. A request is a file in the
// kernel's inbox; the journal is read by bounded commands, as fast as the server
// answers while a cell runs and at a leisurely pace when none does.
type pollWire struct {
	client    *client.Client
	sandboxID string
	conn      kernel.Connection
	active    func() bool   // whether something is expected of the kernel
	poke      chan struct{} // a request was written: poll now
	measured  func(time.Duration)

	segment string // the journal's file being read; "" before the first poll
	offset  int64  // bytes of it that were read
	after   int64  // events up to this number are known; fromEnd: all there are by the first poll
	idle    time.Duration
	lines   lineBuffer
}

func newPollWire(c *client.Client, sandboxID string, conn kernel.Connection, from position, active func() bool, measured func(time.Duration)) *pollWire {
	return &pollWire{
		client: c, sandboxID: sandboxID, conn: conn, active: active, measured: measured, after: from.seq,
		poke: make(chan struct{}, 1), idle: firstIdle,
	}
}

func (w *pollWire) send(ctx context.Context, id string, request []byte) error {
	start := time.Now()
	if err := w.client.Write(ctx, w.sandboxID, kernelFolder+"/inbox/"+id+".json", string(request)); err != nil {
		return err
	}
	w.measured(time.Since(start))
	select {
	case w.poke <- struct{}{}:
	default:
	}
	return nil
}

// query is a write and one exec that waits for the reply's file.
func (w *pollWire) query(ctx context.Context, id string, request []byte) (kernel.Reply, error) {
	var reply kernel.Reply
	if err := w.client.Write(ctx, w.sandboxID, kernelFolder+"/inbox/"+id+".json", string(request)); err != nil {
		return reply, err
	}
	answer, err := w.client.ExecIdempotent(ctx, w.sandboxID, replyCommand(id))
	if err != nil {
		return reply, err
	}
	text, found := strings.CutSuffix(answer.Stdout, ".")
	if !found || text == "" {
		return reply, fmt.Errorf("%w: it did not come in time", ErrQuery)
	}
	if err := json.Unmarshal([]byte(text), &reply); err != nil {
		return reply, fmt.Errorf("read a reply: %w", err)
	}
	return reply, nil
}

// replyCommand pokes the kernel and prints its reply to a query, or nothing after about three seconds;
// then a dot, as a poll does. The file stays for a retry; the kernel removes it.
func replyCommand(id string) string {
	return fmt.Sprintf(`(cd %s 2>/dev/null && [ -p wake ] && printf x 1<>wake
for t in 0.005 0.01 0.02 0.04 0.08 0.1 0.2 0.2 0.2 0.5 0.5 0.5 0.7; do [ -f replies/%[2]s.json ] && break; sleep $t; done
cat replies/%[2]s.json 2>/dev/null; printf .) </dev/null`, shellFolder, id)
}

func (w *pollWire) receive(ctx context.Context) ([]kernel.Event, error) {
	for {
		reply, err := w.client.ExecIdempotent(ctx, w.sandboxID, w.command(w.active()))
		if err != nil {
			return nil, err
		}
		page, err := parsePage(reply.Stdout)
		if err == nil && page.segment == "" {
			return nil, errKernelGone
		}
		if err != nil {
			return nil, fmt.Errorf("%w (exit code %d: %s)", err, reply.ExitCode, firstLine(reply.Stderr))
		}
		events, more, err := w.take(page)
		if err != nil || len(events) > 0 {
			w.idle = firstIdle
			return events, err
		}
		switch {
		case more:
		case !page.alive:
			return nil, errKernelGone
		default:
			if err := w.rest(ctx); err != nil {
				return nil, err
			}
		}
	}
}

// rest waits until the next poll is due.
func (w *pollWire) rest(ctx context.Context) error {
	if w.active() {
		w.idle = firstIdle
		return ctx.Err()
	}
	timer := time.NewTimer(w.idle)
	defer timer.Stop()
	select {
	case <-w.poke:
		w.idle = firstIdle
	case <-timer.C:
		w.idle = min(2*w.idle, lastIdle)
	case <-ctx.Done():
	}
	return ctx.Err()
}

// take moves the position on over a page, and returns the page's whole events.
// more says that there is something to read at once.
func (w *pollWire) take(p page) (events []kernel.Event, more bool, err error) {
	if w.segment == "" {
		w.segment, w.offset = p.segment, p.offset
	}
	w.offset += int64(len(p.data))
	if events, err = w.lines.add(p.data); err != nil {
		return nil, false, err
	}
	for len(events) > 0 && events[0].Seq <= w.after {
		events = events[1:]
	}
	if w.offset < p.size(w.segment) {
		return events, true, nil
	}
	if next := p.next(w.segment); next != "" {
		w.segment, w.offset, w.lines = next, 0, lineBuffer{}
		return events, true, nil
	}
	return events, false, nil
}

func (w *pollWire) close() {}

// command is one poll. It is bounded (about 0.3 s at the most, and no wait when nothing is expected), safe in a
// persistent bash (a subshell, numbers and a UUID spliced in), and ends in a dot,
// so that a server that eats the last newline eats nothing.
func (w *pollWire) command(wait bool) string {
	if w.segment == "" {
		return w.firstCommand()
	}
	pauses := ""
	if wait {
		pauses = "0.005 0.01 0.02 0.04 0.08 0.1"
	}
	return w.inJournal(fmt.Sprintf(`f=%s; o=%d
poke() { [ -p ../wake ] && printf x 1<>../wake; }
poke; for t in %s; do
[ -f $f ] && [ "$(wc -c <$f)" -le $o ] && kill -0 %d 2>/dev/null || break
for last in *.ndjson; do :; done; [ "$last" = $f ] || break
sleep $t; poke; done`, w.segment, w.offset, pauses, w.conn.PID))
}

// firstCommand finds the segment and the place in it where the next event is.
func (w *pollWire) firstCommand() string {
	return w.inJournal(fmt.Sprintf(`f=; for s in *.ndjson; do [ -z "$f" ] || [ "${s%%.ndjson}" -le %d ] && f=$s; done
k=$(expr %d - "${f%%.ndjson}"); [ "$k" -gt 0 ] && o=$(head -n "$k" "$f" | wc -c) || o=0`, w.after+1, w.after+1))
}

// inJournal runs commands that set f, a segment, and o, an offset in it, and then prints what a page is made of.
func (w *pollWire) inJournal(commands string) string {
	return fmt.Sprintf(`(cd %s/journal 2>/dev/null || { echo gone; echo; printf .; exit 0; }
%s
if kill -0 %d 2>/dev/null && grep -q %s ../connection.json 2>/dev/null; then echo alive $f $o; else echo gone $f $o; fi
wc -c *.ndjson 2>/dev/null; echo
[ -f "$f" ] && tail -c +"$(expr $o + 1)" "$f" | head -c %d; printf .) </dev/null`,
		shellFolder, commands, w.conn.PID, w.conn.Epoch, pollChunk)
}

// A page is what one poll says.
type page struct {
	alive    bool
	segment  string // that data is of
	offset   int64  // where in it data begins
	segments []segment
	data     []byte
}

type segment struct {
	name string
	size int64
}

func parsePage(out string) (page, error) {
	head, data, ok := strings.Cut(out, "\n\n")
	if !ok || !strings.HasSuffix(data, ".") {
		return page{}, fmt.Errorf("read the journal: a poll's answer is not whole: %.80q", out)
	}
	p := page{data: []byte(strings.TrimSuffix(data, "."))}
	for i, line := range strings.Split(head, "\n") {
		fields := strings.Fields(line)
		if i == 0 {
			p.alive = len(fields) > 0 && fields[0] == "alive"
			if len(fields) == 3 && isSegment(fields[1]) {
				p.segment = fields[1]
				p.offset, _ = strconv.ParseInt(fields[2], 10, 64)
			}
			continue
		}
		if len(fields) != 2 || !strings.HasSuffix(fields[1], ".ndjson") {
			continue // the sum of wc
		}
		size, err := strconv.ParseInt(fields[0], 10, 64)
		if err != nil || !isSegment(fields[1]) {
			return page{}, fmt.Errorf("read the journal: %q is no segment", line)
		}
		p.segments = append(p.segments, segment{name: fields[1], size: size})
	}
	return p, nil
}

// isSegment keeps names that a sandbox made up out of our commands.
func isSegment(name string) bool {
	digits := strings.TrimSuffix(name, ".ndjson")
	return len(digits) == 12 && strings.Trim(digits, "0123456789") == ""
}

func (p page) size(name string) int64 {
	for _, s := range p.segments {
		if s.name == name {
			return s.size
		}
	}
	return 0
}

func (p page) next(name string) string {
	for _, s := range p.segments {
		if s.name > name {
			return s.name
		}
	}
	return ""
}

// A lineBuffer joins chunks of the journal and splits them into events.
type lineBuffer struct{ rest []byte }

// maxEvent is the largest event that is believed, in bytes of JSON.
const maxEvent = 256 << 20

func (b *lineBuffer) add(chunk []byte) ([]kernel.Event, error) {
	var events []kernel.Event
	for {
		line, after, whole := bytes.Cut(chunk, []byte("\n"))
		if !whole {
			if len(b.rest)+len(chunk) > maxEvent {
				return nil, fmt.Errorf("read the journal: an event is larger than %d MiB", maxEvent>>20)
			}
			b.rest = append(b.rest, chunk...)
			return events, nil
		}
		if len(b.rest) > 0 {
			line = append(b.rest, line...)
			b.rest = nil
		}
		event, err := kernel.ParseEvent(line)
		if err != nil {
			return nil, fmt.Errorf("read the journal: %w", err)
		}
		events, chunk = append(events, event), after
	}
}
