package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

func TestFailuresAreToldApart(t *testing.T) {
	page := "<!DOCTYPE html><html><head><title>Sign in\x1b[31m</title></head></html>"
	for _, test := range []struct {
		name   string
		status int
		body   string
		kind   error
		says   string
	}{
		{"401", 401, `{"error":"Unauthorized"}`, ErrUnauthorized, "Unauthorized"},
		{"400", 400, `{"error":"sandbox_id and command are required"}`, ErrBadRequest, "sandbox_id and command are required"},
		{"403", 403, `{"error":"foreign Host"}`, ErrBadRequest, "foreign Host"},
		{"404", 404, `{"error":"Not found","endpoints":["GET /health"]}`, ErrNotFound, "no such endpoint"},
		{"404 of another server", 404, "404 page not found", ErrBrokenReply, "not JSON: 404 page not found"},
		{"410", 410, `{"error":"Session terminated","code":"SESSION_TERMINATED"}`, ErrSessionTerminated, "Session terminated"},
		{"410 inside a 500", 500, `{"error":"x","code":"SESSION_TERMINATED"}`, ErrSessionTerminated, ""},
		{"412", 412, `{"error":"there is no sandbox a"}`, ErrNoSandbox, "there is no sandbox a"},
		{"413", 413, `{"error":"body over 64 MiB"}`, ErrTooLarge, "body over 64 MiB"},
		{"no binding", 500, `{"error":"Sandbox binding not configured"}`, ErrNoSandboxes, "binding not configured"},
		{"containers off", 500, `{"error":"Containers have not been enabled for this Durable Object class."}`, ErrNoSandboxes, "enabled"},
		{"limit", 503, `{"error":"Maximum number of running container instances exceeded. Try again later"}`, ErrInstanceLimit, "Maximum number"},
		{"500", 500, `{"error":"disk full","success":false}`, ErrServer, "disk full"},
		{"500 page", 500, page, ErrBrokenReply, "HTML page"},
		{"500 without words", 500, ``, ErrBrokenReply, "empty"},
		{"HTML", 200, page, ErrBrokenReply, `"Sign in [31m"`},
		{"text", 200, "hello", ErrBrokenReply, "not JSON: hello"},
		{"empty", 200, "", ErrBrokenReply, "empty"},
		{"damaged", 200, `{"stdout":"x",`, ErrBrokenReply, "damaged"},
		{"array", 200, `[]`, ErrBrokenReply, "not JSON"},
		{"wrong type", 200, `{"stdout":1,"stderr":"","exitCode":0,"success":true}`, ErrBrokenReply, "stdout"},
		{"lacks a field", 200, `{"stdout":"","stderr":"","success":true}`, ErrBrokenReply, "exitCode"},
		{"not UTF-8", 200, "{\"stdout\":\"\xff\",\"stderr\":\"\",\"exitCode\":0}", ErrBrokenReply, "UTF-8"},
		{"204", 204, ``, ErrBrokenReply, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := serve(t, answer(test.status, test.body))
			_, err := c.Exec(within(t), "a", "true")
			if !errors.Is(err, test.kind) || !strings.Contains(err.Error(), test.says) {
				t.Fatalf("err = %v\nwant %v that says %q", err, test.kind, test.says)
			}
			var e *Error
			if !errors.As(err, &e) || e.Status != test.status || e.Op != "exec" || e.URL != c.URL() {
				t.Errorf("err = %+v, want exec, status %d, URL %s", e, test.status, c.URL())
			}
			if strings.ContainsAny(err.Error(), "\x1b\n") {
				t.Errorf("err is not safe to print: %q", err.Error())
			}
		})
	}
}

func TestReplies(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		answer(200, map[string]string{
			PathHealth:        `{"status":"ok","service":"rlm-sandbox","timestamp":1795425472125,"features":["connect"],"version":"1.2.3","isolation":"none"}`,
			PathExec:          `{"stdout":"é\u0000\n","stderr":"e","exitCode":7,"success":false,"extra":[1]}`,
			PathWrite:         `{"success":true}`,
			PathRead:          `{"content":"","success":true}`,
			PathSandboxHealth: `{"status":"healthy","python":"Python 3.11.7","exitCode":0}`,
			PathList:          `{"sandboxes":[{"sandbox_id":"a","created":1,"last_used":2,"processes":3,"clients":4}]}`,
			PathDestroy:       `{"success":true}`,
		}[r.URL.Path])(w, r)
	})
	ctx := within(t)
	check := func(name string, got any, err error, want string) {
		t.Helper()
		if s := fmt.Sprintf("%+v", got); err != nil || s != want {
			t.Errorf("%s = %s, %v, want %s", name, s, err, want)
		}
	}
	health, err := c.Health(ctx)
	check("Health", health, err, "{Status:ok Service:rlm-sandbox Timestamp:1795425472125 Features:[connect] Version:1.2.3 Isolation:none}")
	exec, err := c.Exec(ctx, "a", "x")
	check("Exec", exec, err, "{Stdout:é\x00\n Stderr:e ExitCode:7 Success:false}")
	read, err := c.Read(ctx, "a", "/x")
	check("Read", read, err, "")
	python, err := c.SandboxHealth(ctx, "a")
	check("SandboxHealth", python, err, "{Status:healthy Python:Python 3.11.7 ExitCode:0}")
	list, err := c.List(ctx)
	check("List", list, err, "[{ID:a Created:1 LastUsed:2 Processes:3 Clients:4}]")
	check("Write", nil, c.Write(ctx, "a", "/x", ""), "<nil>")
	check("Destroy", nil, c.Destroy(ctx, "a"), "<nil>")
}

func TestRequestsOnTheWire(t *testing.T) {
	var got []string
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		got = append(got, strings.TrimSpace(r.Method+" "+r.URL.String()+" "+string(b)))
		answer(200, `{"stdout":"","exitCode":0,"success":true,"content":"","status":"ok","sandboxes":[]}`)(w, r)
	})
	ctx := within(t)
	_, _ = c.Exec(ctx, "a", "echo '<&>' é")
	_ = c.Write(ctx, "a", "/tmp/x y", "")
	_, _ = c.Read(ctx, "a", "/tmp/x y")
	_, _ = c.SandboxHealth(ctx, "a")
	_, _ = c.List(ctx)
	_ = c.Destroy(ctx, "a.b")
	want := []string{
		`POST /sandbox/exec {"sandbox_id":"a","command":"echo '<&>' é"}`,
		`POST /sandbox/write {"sandbox_id":"a","path":"/tmp/x y","content":""}`,
		`GET /sandbox/read?path=%2Ftmp%2Fx+y&sandbox_id=a`,
		`GET /sandbox/health?sandbox_id=a`,
		`GET /sandbox/list`,
		`DELETE /sandbox?sandbox_id=a.b`,
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestThirtyTwoMebibytes(t *testing.T) {
	out := strings.Repeat("a line of some output, é\x00\"\n", 32<<20/29)
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_ = json.NewEncoder(w).Encode(ExecResponse{Stdout: out, Success: true})
	})
	got, err := c.Exec(within(t), "a", "x")
	if err != nil || got.Stdout != out {
		t.Errorf("got %d bytes, %v, want %d bytes as sent", len(got.Stdout), err, len(out))
	}
}

func TestTooLarge(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"text": func(w http.ResponseWriter, _ *http.Request) {
			_ = json.NewEncoder(w).Encode(ExecResponse{Stdout: strings.Repeat("x", maxText+1), Success: true})
		},
		"declared": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(maxBody+1))
			w.WriteHeader(200)
		},
	} {
		c := serve(t, h)
		if _, err := c.ExecIdempotent(within(t), "a", "x"); !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: %v, want ErrTooLarge", name, err)
		}
	}
	endless := serve(t, func(w http.ResponseWriter, r *http.Request) {
		for err := error(nil); err == nil; {
			_, err = w.Write([]byte(strings.Repeat("x", 64<<10)))
		}
	})
	if _, err := endless.Health(within(t)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("endless: %v, want ErrTooLarge", err)
	}
}

// lines answers every connection with raw bytes and hangs up.
func lines(t *testing.T, raw string) *Client {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 4096))
			_, _ = io.WriteString(conn, raw)
			conn.Close()
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	return dial(t, Options{URL: "http://" + l.Addr().String()})
}

func TestDamagedLines(t *testing.T) {
	for name, test := range map[string]struct {
		raw  string
		kind error
		says string
	}{
		"nothing":        {"", ErrUnreachable, "EOF"},
		"not HTTP":       {"SSH-2.0-OpenSSH_9.2\r\n", ErrBrokenReply, "malformed"},
		"cut in header":  {"HTTP/1.1 200 OK\r\nContent-Ty", ErrBrokenReply, "malformed"},
		"cut in body":    {"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"status\":", ErrBrokenReply, "cut short"},
		"cut in a chunk": {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{\"sta", ErrBrokenReply, "cut short"},
	} {
		c := lines(t, test.raw)
		if _, err := c.Health(within(t)); !errors.Is(err, test.kind) || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v, want %v that says %q", name, err, test.kind, test.says)
		}
	}
}

func TestOptionalEndpoints(t *testing.T) {
	c := serve(t, answer(404, `{"error":"Not found","endpoints":[]}`))
	_, connectErr := c.Connect(within(t), "a", 4000)
	_, listErr := c.List(within(t))
	for name, err := range map[string]error{"connect": connectErr, "list": listErr, "destroy": c.Destroy(within(t), "a")} {
		if !errors.Is(err, ErrUnsupported) {
			t.Errorf("%s: %v, want ErrUnsupported", name, err)
		}
	}
	c = serve(t, answer(404, `{"error":"there is no sandbox \"a\"","success":false}`))
	if err := c.Destroy(within(t), "a"); !errors.Is(err, ErrNotFound) || errors.Is(err, ErrUnsupported) {
		t.Errorf("destroying what is not there: %v, want ErrNotFound", err)
	}
}
