//go:build linux || darwin

package sandbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// Serve is the server's own process: it returns when ctx ends, or when it was idle for long enough. Sandboxes are left alive.
func (b Background) Serve(ctx context.Context) (err error) {
	closeInherited(3) // whoever waits for the end of a pipe must not wait for this process
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	server, err := New(Options{StateDir: b.stateDir(), Python: b.Python, Isolation: b.Isolation, Version: b.Version, Log: log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	listener, err := listenPrivately(b.Socket())
	if err != nil {
		return err
	}
	counted := &countedListener{Listener: listener}
	front := &http.Server{Handler: server, ReadHeaderTimeout: time.Minute, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	go func() {
		counted.waitIdle(ctx, b.idleExit(), server.Sandboxes)
		_ = front.Close()
	}()
	if err := front.Serve(counted); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve %s: %w", b.Socket(), err)
	}
	return nil
}

func (b Background) idleExit() time.Duration {
	if b.IdleExit == 0 {
		return defaultIdleExit
	}
	return b.IdleExit
}

// listenPrivately listens where only this user can connect. A socket there is a dead server's: the state folder's lock is ours.
func listenPrivately(path string) (net.Listener, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("remove the old socket: %w", err)
	}
	if len(path) > maxSocketPath {
		return nil, fmt.Errorf("the path %s is too long for a unix socket: choose a shorter folder with --state-dir", path)
	}
	listener, err := net.Listen("unix", path) // in a folder closed to others, so that it is never open to them
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("close the socket to others: %w", err), listener.Close())
	}
	return listener, nil
}

// countedListener knows how many of its connections are open, those included that became WebSockets.
type countedListener struct {
	net.Listener
	open atomic.Int64
}

// Accept counts the connection until it is closed.
func (l *countedListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.open.Add(1)
	return &countedConn{Conn: conn, closed: sync.OnceFunc(func() { l.open.Add(-1) })}, nil
}

type countedConn struct {
	net.Conn
	closed func()
}

func (c *countedConn) Close() error {
	c.closed()
	return c.Conn.Close()
}

// waitIdle returns when there was neither connection nor sandbox for a time, or when ctx ends.
func (l *countedListener) waitIdle(ctx context.Context, after time.Duration, sandboxes func() int) {
	ticker := time.NewTicker(max(after/20, time.Millisecond))
	defer ticker.Stop()
	busy := time.Now()
	for time.Since(busy) < after {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if l.open.Load() > 0 || sandboxes() > 0 {
			busy = time.Now()
		}
	}
}
