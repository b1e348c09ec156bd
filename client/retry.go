package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// Wait says why a call has not ended yet.
type Wait struct {
	Elapsed time.Duration // since the call began
	Attempt int           // 1 for the first
	Reason  string
}

// pace is how long a call waits for what.
type pace struct {
	notice   time.Duration // without an answer until OnWait is told, and again each time
	limit    time.Duration // for a sandbox to start, or for a silent server to say a thing
	first    time.Duration // before the first repetition; later ones wait longer
	failures int           // that a call takes before it fails, cold starts aside
}

var defaultPace = pace{notice: 2 * time.Second, limit: time.Minute, first: 150 * time.Millisecond, failures: 4}

// verdict says whether a failed attempt may be followed by another.
type verdict int

const (
	final     verdict = iota // the same request would fail again
	transient                // it may do better, but this one may have been carried out
	unsent                   // it may do better, and this one never reached the server
	cold                     // the sandbox is starting
)

// fault is a failed attempt.
type fault struct {
	err     *Error
	verdict verdict
	after   time.Duration // the server's Retry-After, or 0
}

func (f *fault) Error() string { return f.err.Error() }

var errSilent = errors.New("the server stayed silent")

// retry makes attempts until one succeeds, fails for good, or time is up.
func retry[T any](ctx context.Context, c *Client, k call, attempt func(context.Context, *watch) (T, *fault)) (T, error) {
	start := time.Now()
	var last *fault
	tries, failures := 0, 0
	once := func() (T, error) {
		tries++
		w := c.watch(ctx, k, start, tries)
		v, f := attempt(w.ctx, w)
		w.stop()
		if f == nil {
			return v, nil
		}
		if ctx.Err() != nil {
			return v, backoff.Permanent(f)
		}
		last = f
		if f.verdict != cold {
			failures++
		}
		again := f.verdict == unsent || k.repeatable && f.verdict != final
		if !again || failures >= c.pace.failures {
			return v, backoff.Permanent(f)
		}
		if f.after > 0 {
			return v, errors.Join(f, &backoff.RetryAfterError{Duration: f.after})
		}
		return v, f
	}
	intervals := backoff.NewExponentialBackOff()
	intervals.InitialInterval, intervals.Multiplier, intervals.MaxInterval = c.pace.first, 2, 2*time.Second
	v, err := backoff.Retry(ctx, once,
		backoff.WithBackOff(intervals), backoff.WithMaxElapsedTime(c.pace.limit),
		backoff.WithNotify(func(error, time.Duration) {
			c.tell(Wait{time.Since(start), tries, reason(last.err)})
		}))
	if err == nil {
		return v, nil
	}
	if last != nil {
		last.err.Op, last.err.URL, last.err.Message = k.op, c.url, c.redact(last.err.Message)
	}
	if ctx.Err() != nil {
		return v, cancelled(ctx, k.op, c.url, errorOf(last))
	}
	if last.verdict == transient && !k.repeatable {
		last.err.Message += "; it may have been carried out all the same, so it is not sent again"
	}
	return v, last.err
}

func errorOf(f *fault) *Error {
	if f == nil {
		return nil
	}
	return f.err
}

func reason(e *Error) string {
	if e.Message == "" || e.Kind == ErrUnreachable { // whose message is Go's, for the error in the end
		return e.Kind.Error()
	}
	return e.Message
}

func (c *Client) tell(w Wait) {
	if c.onWait != nil {
		w.Reason = c.redact(w.Reason)
		c.onWait(w)
	}
}

// watch tells OnWait of an attempt that takes long, and ends one whose line has gone silent.
type watch struct {
	ctx     context.Context
	cancel  context.CancelCauseFunc
	mu      sync.Mutex // held while OnWait runs
	stopped bool
	notice  *time.Timer
	silence *time.Timer // nil where silence is no failure
	limit   time.Duration
}

func (c *Client) watch(ctx context.Context, k call, start time.Time, try int) *watch {
	w := &watch{limit: c.pace.limit}
	w.ctx, w.cancel = context.WithCancelCause(ctx)
	if !k.patient {
		w.silence = time.AfterFunc(w.limit, func() { w.cancel(errSilent) })
	}
	if c.onWait == nil {
		return w
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.notice = time.AfterFunc(c.pace.notice, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.stopped {
			return
		}
		c.tell(Wait{time.Since(start), try, "no answer yet"})
		w.notice.Reset(c.pace.notice)
	})
	return w
}

// touch says that a byte moved.
func (w *watch) touch() {
	if w.silence != nil {
		w.silence.Reset(w.limit)
	}
}

func (w *watch) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped = true
	if w.notice != nil {
		w.notice.Stop()
	}
	if w.silence != nil {
		w.silence.Stop()
	}
	w.cancel(nil)
}

// watched is a body, of either direction, whose every byte is a sign of life.
type watched struct {
	io.Reader
	w *watch
}

func (b watched) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if n > 0 {
		b.w.touch()
	}
	return n, err
}

// retryAfter reads the header, which holds seconds or a date.
func retryAfter(h http.Header) time.Duration {
	v := h.Get("Retry-After")
	if s, err := strconv.Atoi(v); err == nil {
		return time.Duration(min(max(s, 0), 3600)) * time.Second
	}
	if t, err := http.ParseTime(v); err == nil {
		return max(time.Until(t), 0)
	}
	return 0
}

// silent is the fault of an attempt that errSilent ended.
func (c *Client) silent() *fault {
	return &fault{err: &Error{Kind: ErrColdStart, Message: fmt.Sprintf("no answer for %v", c.pace.limit), Err: errSilent}}
}
