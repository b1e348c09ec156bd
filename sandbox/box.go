package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/sandrepl/sandrepl/client"
)

// record is what a sandbox's folder says of it, for the next server.
type record struct {
	ID       string    `json:"sandbox_id"`
	PID      int       `json:"pid"` // the init's, as this host counts
	Isolated bool      `json:"isolated"`
	Created  time.Time `json:"created"`
}

const (
	recordFile = "sandbox.json"
	socketFile = "init.sock"
)

// pathProcesses is where an init tells how many processes its sandbox has.
const pathProcesses = "/processes"

// box is the server's side of one living sandbox.
type box struct {
	record
	dir       string
	init      *os.Process
	lease     net.Conn // a connection that the init never answers: it ends when the init does
	transport *http.Transport
	proxy     *httputil.ReverseProxy
	cleaned   chan struct{} // closed when the init is dead and its files are gone
	requests  atomic.Int64  // being answered; a WebSocket is one for as long as it is open
	clients   atomic.Int64  // of those requests, the WebSockets
}

// adopt takes over the sandbox whose folder this is, if its init still answers.
// An init alone holds its listening socket, so whoever answers there has the pid on record.
func adopt(dir string) (*box, error) {
	content, err := os.ReadFile(filepath.Join(dir, recordFile))
	if err != nil {
		return nil, fmt.Errorf("read the sandbox's record: %w", err)
	}
	b := &box{dir: dir, cleaned: make(chan struct{})}
	if err := json.Unmarshal(content, &b.record); err != nil {
		return nil, fmt.Errorf("read the sandbox's record: %w", err)
	}
	if b.init, err = os.FindProcess(b.PID); err != nil {
		return nil, fmt.Errorf("find the sandbox's init: %w", err)
	}
	socket := filepath.Join(dir, socketFile)
	if b.lease, err = dialUnix(socket); err != nil {
		return nil, fmt.Errorf("reach the sandbox's init: %w", err)
	}
	b.transport = &http.Transport{
		DialContext:         func(context.Context, string, string) (net.Conn, error) { return dialUnix(socket) },
		MaxIdleConnsPerHost: 8,
		DisableCompression:  true,
	}
	b.proxy = &httputil.ReverseProxy{
		Transport: b.transport,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = "http", "init"
			r.Out.Header.Del("Authorization") // ours to check; nothing in a sandbox may see it
			r.Out.Header.Del("Cookie")
			r.Out.Header.Del("If-Match")
		},
		ErrorLog: log.New(io.Discard, "", 0), // what goes wrong is answered, not logged
	}
	return b, nil
}

// forward lets the init answer. The proxy is copied for its error handler, which is the endpoint's own.
func (b *box) forward(w http.ResponseWriter, r *http.Request, shape func(*refusal) *refusal) {
	b.touch()
	b.requests.Add(1)
	if upgrades(r) {
		b.clients.Add(1)
		defer b.clients.Add(-1)
	}
	defer func() {
		b.touch()
		b.requests.Add(-1)
	}()
	proxy := *b.proxy
	proxy.ErrorHandler = func(w http.ResponseWriter, _ *http.Request, err error) {
		shape(refuse(http.StatusInternalServerError, "sandbox %q ended during the request (%v): the next request starts it anew, empty", b.ID, err)).write(w)
	}
	proxy.ServeHTTP(w, r)
}

// wait returns when the init is dead, or with released true when release was called.
func (b *box) wait() (released bool) {
	_, err := io.Copy(io.Discard, b.lease)
	b.transport.CloseIdleConnections()
	if errors.Is(err, net.ErrClosed) {
		return true
	}
	_ = b.lease.Close()
	_ = b.init.Kill() // should it live on without an ear for us, it must not outlive its folder
	return false
}

// release lets go of the sandbox. What its clients still have open ends with this process, and that is a use.
func (b *box) release() {
	if b.requests.Load() > 0 {
		b.touch()
	}
	_ = b.lease.Close()
}

// destroy ends the init, and with it every process of the sandbox.
func (b *box) destroy(ctx context.Context) error {
	end := os.Kill // nothing outlives an isolated init
	if !b.Isolated {
		end = syscall.SIGTERM // which tells it to end its processes first
	}
	if err := b.init.Signal(end); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("end the sandbox's init: %w", err)
	}
	select {
	case <-b.cleaned:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// touch notes the time of use where the next server finds it too: the record's modification time.
func (b *box) touch() {
	now := time.Now()
	_ = os.Chtimes(filepath.Join(b.dir, recordFile), now, now)
}

// lastUsed is now while a request is being answered.
func (b *box) lastUsed() time.Time {
	if b.requests.Load() > 0 {
		return time.Now()
	}
	info, err := os.Stat(filepath.Join(b.dir, recordFile))
	if err != nil {
		return b.Created
	}
	return info.ModTime()
}

func (b *box) info(ctx context.Context) client.SandboxInfo {
	return client.SandboxInfo{ID: b.ID, Created: b.Created.UnixMilli(), LastUsed: b.lastUsed().UnixMilli(), Processes: b.processes(ctx), Clients: int(b.clients.Load())}
}

// processes asks the init; one that is dying, or does not answer soon, has none.
func (b *box) processes(ctx context.Context) int {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	target := url.URL{Scheme: "http", Host: "init", Path: pathProcesses}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, target.String(), nil)
	if err != nil {
		return 0
	}
	response, err := b.transport.RoundTrip(request)
	if err != nil {
		return 0
	}
	defer func() { _ = response.Body.Close() }()
	var count int
	if json.NewDecoder(io.LimitReader(response.Body, 64)).Decode(&count) != nil {
		return 0
	}
	return count
}
