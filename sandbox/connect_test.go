//go:build linux || darwin

package sandbox

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/sandrepl/sandrepl/client"
)

// upgrader answers one client as a WebSocket server does, says its port, and keeps the line until the client hangs up.
const upgrader = `import base64, hashlib, socket
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
line, _ = server.accept()
head = b""
while b"\r\n\r\n" not in head:
    head += line.recv(4096)
key = next(h.split(b": ")[1] for h in head.split(b"\r\n") if h.lower().startswith(b"sec-websocket-key: "))
accept = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
line.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + accept + b"\r\n\r\n")
while line.recv(4096):
    pass
`

// A sandbox is in use for as long as a client is connected, however quiet it is.
func TestAConnectionIsAUse(t *testing.T) {
	s := serve(t, Options{})
	if status, body := s.put("a", "/tmp/upgrader.py", upgrader); status != http.StatusOK {
		t.Fatalf("write: %d %s", status, body)
	}
	port := strings.TrimSpace(s.output("a", "python3 /tmp/upgrader.py >/tmp/port 2>&1 </dev/null & until [ -s /tmp/port ]; do sleep 0.01; done; cat /tmp/port"))
	conn, _, err := websocket.Dial(bounded(t), s.url+client.PathConnect+"?sandbox_id=a&port="+port, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.CloseNow() }()
	lastUsed := func() int64 { return s.list()[0].LastUsed }
	joined := lastUsed()
	if got := s.list()[0].Clients; got != 1 {
		t.Errorf("%d clients", got)
	}
	eventually(t, "the connected sandbox's last use moves on", func() bool { return lastUsed() > joined })

	hungUp := time.Now().UnixMilli()
	if err := conn.CloseNow(); err != nil {
		t.Error(err)
	}
	eventually(t, "the last use is the connection's end", func() bool {
		used := lastUsed()
		time.Sleep(2 * time.Millisecond) // in which that of a sandbox in use would have moved on
		return used == lastUsed() && used >= hungUp
	})
	if got := s.list()[0].Clients; got != 0 {
		t.Errorf("%d clients, who hung up", got)
	}
}
