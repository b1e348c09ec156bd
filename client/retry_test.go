package client

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const okExec = `{"stdout":"ok","stderr":"","exitCode":0,"success":true}`

// failing answers the first n requests with bad and the rest well, and counts.
func failing(n int32, bad http.HandlerFunc) (http.HandlerFunc, *atomic.Int32) {
	var count atomic.Int32
	return func(w http.ResponseWriter, r *http.Request) {
		if count.Add(1) <= n {
			bad(w, r)
			return
		}
		answer(200, `{"stdout":"ok","stderr":"","exitCode":0,"success":true,"status":"ok","content":"ok","sandboxes":[]}`)(w, r)
	}, &count
}

func hangUp(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		conn.Close()
	}
}

func TestColdStartIsWaitedFor(t *testing.T) {
	for name, bad := range map[string]http.HandlerFunc{
		"503 JSON":     answer(503, `{"error":"Container is starting. Please retry in a moment."}`),
		"503 page":     answer(503, "<html>no</html>"),
		"500 wrapped":  answer(500, `{"error":"The container is not running, consider calling start()"}`),
		"provisioning": answer(503, "There is no Container instance available at this time. … currently provisioning the Container."),
	} {
		t.Run(name, func(t *testing.T) {
			h, count := failing(6, bad) // more than a call takes of other failures
			s := httptest.NewServer(h)
			defer s.Close()
			var waits []Wait
			c := dial(t, Options{URL: s.URL, OnWait: func(w Wait) { waits = append(waits, w) }})
			r, err := c.ExecIdempotent(within(t), "a", "x")
			if err != nil || r.Stdout != "ok" || count.Load() != 7 {
				t.Fatalf("got %+v, %v after %d requests, want ok after 7", r, err, count.Load())
			}
			if len(waits) < 6 || waits[0].Reason == "" || waits[0].Attempt != 1 || waits[5].Attempt < waits[0].Attempt {
				t.Errorf("waits = %+v, want each repetition told with its reason", waits)
			}
		})
	}
}

func TestColdStartEnds(t *testing.T) {
	c := serve(t, answer(503, `{"error":"Container is starting"}`))
	c.pace.limit = 50 * time.Millisecond
	if _, err := c.Read(within(t), "a", "/x"); !errors.Is(err, ErrColdStart) || !strings.Contains(err.Error(), "Container is starting") {
		t.Errorf("past the limit: %v, want ErrColdStart with the server's words", err)
	}
	c.pace = quick
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, err := c.Read(ctx, "a", "/x"); !errors.Is(err, ErrColdStart) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("past the caller's deadline: %v, want ErrColdStart and DeadlineExceeded", err)
	}
}

func TestTransientFailures(t *testing.T) {
	for name, bad := range map[string]http.HandlerFunc{
		"502": answer(502, "<html>bad gateway</html>"), "504": answer(504, ""), "522": answer(522, "error code: 522"),
		"429": answer(429, `{"error":"slow down"}`), "hang up": hangUp,
		"410": answer(410, `{"error":"gone","code":"SESSION_TERMINATED"}`),
	} {
		t.Run(name, func(t *testing.T) {
			calls := map[string]func(*Client) error{
				"health": func(c *Client) error { _, err := c.Health(within(t)); return err },
				"read":   func(c *Client) error { _, err := c.Read(within(t), "a", "/x"); return err },
				"write":  func(c *Client) error { return c.Write(within(t), "a", "/x", "y") },
				"list":   func(c *Client) error { _, err := c.List(within(t)); return err },
				"exec":   func(c *Client) error { _, err := c.ExecIdempotent(within(t), "a", "x"); return err },
			}
			for op, run := range calls {
				h, count := failing(3, bad)
				if err := run(serve(t, h)); err != nil || count.Load() != 4 {
					t.Errorf("%s: %v after %d requests, want success after 4", op, err, count.Load())
				}
				h, count = failing(100, bad)
				if err := run(serve(t, h)); err == nil || count.Load() != 4 {
					t.Errorf("%s of a server that stays so: %v after %d requests, want an error after 4", op, err, count.Load())
				}
			}
			h, count := failing(1, bad)
			if _, err := serve(t, h).Exec(within(t), "a", "x"); err == nil || count.Load() != 1 {
				t.Errorf("bare exec: %v after %d requests, want an error after 1", err, count.Load())
			}
		})
	}
}

func TestBareExecSaysThatItMayHaveRun(t *testing.T) {
	c := serve(t, hangUp)
	if _, err := c.Exec(within(t), "a", "x"); !errors.Is(err, ErrUnreachable) || !strings.Contains(err.Error(), "may have been carried out") {
		t.Errorf("err = %v, want ErrUnreachable that says it may have been carried out", err)
	}
}

func TestDefiniteAnswersAreNotRepeated(t *testing.T) {
	for _, bad := range []http.HandlerFunc{
		answer(500, `{"error":"no such file","content":"","success":false}`), answer(400, `{"error":"x"}`), answer(401, `{"error":"x"}`),
		answer(500, `{"error":"Sandbox binding not configured"}`), answer(503, `{"error":"Maximum number of running container instances exceeded"}`),
		answer(200, "<html>"),
	} {
		h, count := failing(1, bad)
		if _, err := serve(t, h).Read(within(t), "a", "/x"); err == nil || count.Load() != 1 {
			t.Errorf("%v after %d requests, want an error after 1", err, count.Load())
		}
	}
}

// A request that found nobody listening reached nobody: even a bare exec is sent again.
func TestNothingListens(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	s := &httptest.Server{Config: &http.Server{Handler: answer(200, okExec)}}
	var start sync.Once
	c := dial(t, Options{URL: "http://" + addr, OnWait: func(Wait) {
		start.Do(func() {
			if s.Listener, err = net.Listen("tcp", addr); err == nil {
				s.Start()
			}
		})
	}})
	r, execErr := c.Exec(within(t), "a", "x")
	if err != nil {
		t.Fatal(err)
	}
	if execErr != nil || r.Stdout != "ok" {
		t.Errorf("exec while the server starts: %+v, %v", r, execErr)
	}
	c.Close()
	s.Close()
	if _, err := c.Exec(within(t), "a", "x"); !errors.Is(err, ErrUnreachable) || !strings.Contains(err.Error(), "refused") {
		t.Errorf("exec after the server's end: %v, want ErrUnreachable that says refused", err)
	}
}

func TestRetryAfterIsHonoured(t *testing.T) {
	var times []time.Time
	h, _ := failing(1, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "1")
		answer(503, `{"error":"starting"}`)(w, r)
	})
	c := serve(t, func(w http.ResponseWriter, r *http.Request) { times = append(times, time.Now()); h(w, r) })
	if _, err := c.Health(within(t)); err != nil {
		t.Fatal(err)
	}
	if len(times) != 2 || times[1].Sub(times[0]) < time.Second {
		t.Errorf("asked at %v, want the second a second after the first or later", times)
	}
	h, count := failing(1, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat))
		answer(503, `{"error":"starting"}`)(w, r)
	})
	if _, err := serve(t, h).Health(within(t)); !errors.Is(err, ErrColdStart) || count.Load() != 1 {
		t.Errorf("asked to wait an hour: %v after %d requests, want ErrColdStart at once", err, count.Load())
	}
}

func TestSlowServerIsTold(t *testing.T) {
	told := make(chan Wait)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		<-told
		<-told // again, as long as it goes on
		answer(200, okExec)(w, r)
	}))
	defer s.Close()
	var over atomic.Bool
	c := dial(t, Options{URL: s.URL, OnWait: func(w Wait) {
		if over.Load() {
			t.Error("told after the call's end")
		}
		select {
		case told <- w:
		case <-time.After(time.Second):
		}
	}})
	if _, err := c.Exec(within(t), "a", "x"); err != nil {
		t.Error(err)
	}
	over.Store(true)
}

func TestSilentServerIsGivenUp(t *testing.T) {
	release := make(chan struct{})
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == PathRead {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte(`{"content":"`))
			w.(http.Flusher).Flush()
		}
		<-release
	})
	defer close(release)
	c.pace.limit = 30 * time.Millisecond
	_, healthErr := c.Health(within(t))
	_, readErr := c.Read(within(t), "a", "/x")
	for name, err := range map[string]error{"no reply": healthErr, "half a reply": readErr} {
		if !errors.Is(err, ErrColdStart) || !strings.Contains(err.Error(), "no answer for") {
			t.Errorf("%s: %v, want ErrColdStart that says how long", name, err)
		}
	}
}

func TestCommandsMayRunLong(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		select { // longer than a silent server is given
		case <-time.After(150 * time.Millisecond):
			answer(200, okExec)(w, r)
		case <-r.Context().Done():
		}
	})
	c.pace.limit = 30 * time.Millisecond
	if _, err := c.Exec(within(t), "a", "sleep"); err != nil {
		t.Error(err)
	}
}

func TestCancel(t *testing.T) {
	release := make(chan struct{})
	c := serve(t, func(http.ResponseWriter, *http.Request) { <-release })
	defer close(release)
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(10*time.Millisecond, cancel)
	_, err := c.Exec(ctx, "a", "x")
	var e *Error
	if !errors.Is(err, context.Canceled) || !errors.As(err, &e) || e.Kind != nil {
		t.Errorf("err = %v, want context.Canceled and no kind", err)
	}
	ctx, cancel = context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	if _, err = c.Exec(ctx, "a", "x"); !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, ErrUnreachable) {
		t.Errorf("err = %v, want DeadlineExceeded and ErrUnreachable", err)
	}
}
