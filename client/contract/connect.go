package contract

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

//go:embed echo.py
var echo string

// connect joins a WebSocket server of the standard library that runs in the sandbox.
func connect(t *testing.T, s Server) {
	id := s.sandbox(t)
	s.write(t, id, "/tmp/echo.py", echo)
	s.run(t, id, "setsid python3 /tmp/echo.py >/tmp/port 2>/tmp/echo.log </dev/null &")
	port := s.eventually(t, id, "cat /tmp/port")
	dial := func(t *testing.T) *websocket.Conn {
		t.Helper()
		conn, err := s.dial(t, id, port)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.CloseNow() })
		return conn
	}
	t.Run("text and bytes", func(t *testing.T) {
		conn := dial(t)
		echoes(t, conn, websocket.MessageText, []byte("é"))
		echoes(t, conn, websocket.MessageBinary, []byte{0, 255, 254})
		echoes(t, conn, websocket.MessageText, nil)
		if err := conn.Close(websocket.StatusNormalClosure, "done"); err != nil {
			t.Error(err)
		}
	})
	t.Run("32 MiB", func(t *testing.T) {
		echoes(t, dial(t), websocket.MessageBinary, bytes.Repeat([]byte("x"), 32<<20))
	})
	t.Run("two at once", func(t *testing.T) {
		one, two := dial(t), dial(t)
		echoes(t, one, websocket.MessageText, []byte("one"))
		echoes(t, two, websocket.MessageText, []byte("two"))
		echoes(t, one, websocket.MessageText, []byte("one again"))
	})
	t.Run("the token stays outside", func(t *testing.T) {
		conn := dial(t)
		if err := conn.Write(bounded(t), websocket.MessageText, []byte("head")); err != nil {
			t.Fatal(err)
		}
		_, head, err := conn.Read(bounded(t))
		if err != nil || !bytes.Contains(bytes.ToLower(head), []byte("sec-websocket-key")) {
			t.Fatalf("the sandbox was asked %q (%v)", head, err)
		}
		if bytes.Contains(bytes.ToLower(head), []byte("authorization")) {
			t.Errorf("the sandbox was asked with the client's token:\n%s", bytes.ReplaceAll(head, []byte(s.Token), []byte("TOKEN")))
		}
	})
	t.Run("the sandbox's close code arrives", func(t *testing.T) { closes(t, dial(t), "close 4321", 4321) })
	t.Run("a line cut in the sandbox is a line cut here", func(t *testing.T) { closes(t, dial(t), "drop", 0) })
	t.Run("a destroyed sandbox hangs up", func(t *testing.T) {
		conn := dial(t)
		echoes(t, conn, websocket.MessageText, []byte("alive"))
		var done struct{ Success bool }
		s.expect(t, request{Method: http.MethodDelete, Path: "/sandbox", Query: "sandbox_id=" + id}, &done)
		if _, _, err := conn.Read(bounded(t)); err == nil || errors.Is(err, bounded(t).Err()) {
			t.Errorf("reading on: %v, want the end of the line", err)
		}
	})
}

func (s Server) dial(t *testing.T, id, port string) (*websocket.Conn, error) {
	t.Helper()
	header := http.Header{}
	if s.Token != "" {
		header.Set("Authorization", "Bearer "+s.Token)
	}
	url := fmt.Sprintf("%s/sandbox/connect?sandbox_id=%s&port=%s", s.URL, id, port)
	conn, _, err := websocket.Dial(bounded(t), url, &websocket.DialOptions{HTTPClient: s.HTTPClient, HTTPHeader: header})
	if err == nil {
		conn.SetReadLimit(64 << 20)
	}
	return conn, err
}

// eventually is the first thing that command prints.
func (s Server) eventually(t *testing.T, id, command string) string {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if out := strings.TrimSpace(s.run(t, id, command)); out != "" {
			return out
		}
	}
	t.Fatalf("%s printed nothing within %v", command, patience)
	return ""
}

func echoes(t *testing.T, conn *websocket.Conn, kind websocket.MessageType, message []byte) {
	t.Helper()
	if err := conn.Write(bounded(t), kind, message); err != nil {
		t.Fatal(err)
	}
	gotKind, got, err := conn.Read(bounded(t))
	if err != nil {
		t.Fatal(err)
	}
	if gotKind != kind || !bytes.Equal(got, message) {
		t.Errorf("got %v of %d bytes, want %v of %d as sent", gotKind, len(got), kind, len(message))
	}
}

// closes sends message and expects the other side to end the line, with a code unless that is 0.
func closes(t *testing.T, conn *websocket.Conn, message string, code websocket.StatusCode) {
	t.Helper()
	if err := conn.Write(bounded(t), websocket.MessageText, []byte(message)); err != nil {
		t.Fatal(err)
	}
	ctx := bounded(t)
	_, _, err := conn.Read(ctx)
	if err == nil || ctx.Err() != nil {
		t.Fatalf("reading on: %v, want the end of the line", err)
	}
	if got := websocket.CloseStatus(err); code != 0 && got != code {
		t.Errorf("close code %d, want %d", got, code)
	}
}
