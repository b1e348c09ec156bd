package client

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/coder/websocket"
)

// echo is a WebSocket endpoint that sends back what it gets.
func echo(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer conn.CloseNow()
	conn.SetReadLimit(maxFrame)
	for {
		kind, b, err := conn.Read(r.Context())
		if err != nil || conn.Write(r.Context(), kind, b) != nil {
			return
		}
	}
}

func TestConnect(t *testing.T) {
	var asked atomic.Int32
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) == 1 {
			answer(503, `{"error":"Container is starting"}`)(w, r)
			return
		}
		if r.URL.Query().Get("sandbox_id") != "a" || r.URL.Query().Get("port") != "4000" {
			t.Errorf("query = %s", r.URL.RawQuery)
		}
		if r.Header.Get("Authorization") != "Bearer "+token {
			t.Errorf("Authorization = %q", r.Header.Get("Authorization"))
		}
		echo(w, r)
	})
	opening, cancel := context.WithCancel(within(t))
	conn, err := c.Connect(opening, "a", 4000)
	if err != nil {
		t.Fatal(err)
	}
	cancel() // it bounds the opening alone
	defer conn.CloseNow()
	big := bytes.Repeat([]byte("x"), maxFrame)
	if err := conn.Write(within(t), websocket.MessageBinary, big); err != nil {
		t.Fatal(err)
	}
	if _, got, err := conn.Read(within(t)); err != nil || !bytes.Equal(got, big) {
		t.Errorf("32 MiB came back as %d bytes, %v", len(got), err)
	}
	if err := conn.Close(websocket.StatusNormalClosure, ""); err != nil {
		t.Error(err)
	}
}

func TestConnectFails(t *testing.T) {
	for name, test := range map[string]struct {
		h    http.HandlerFunc
		kind error
		says string
	}{
		"no such endpoint": {answer(404, `{"error":"Not found","endpoints":[]}`), ErrUnsupported, "no such endpoint"},
		"404 of a proxy":   {answer(404, "<html>"), ErrUnsupported, ""},
		"no upgrades":      {answer(426, `{"error":"Expected Upgrade: websocket"}`), ErrUnsupported, "Upgrade"},
		"token":            {answer(401, `{"error":"Unauthorized"}`), ErrUnauthorized, "Unauthorized"},
		"nothing there":    {answer(502, `{"error":"nothing listens on port 4000"}`), ErrServer, "port 4000"},
		"not a WebSocket":  {answer(200, `{}`), ErrBrokenReply, "WebSocket"},
		"hang up":          {hangUp, ErrUnreachable, "EOF"},
	} {
		c := serve(t, test.h)
		if _, err := c.Connect(within(t), "a", 4000); !errors.Is(err, test.kind) || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v, want %v that says %q", name, err, test.kind, test.says)
		}
	}
}
