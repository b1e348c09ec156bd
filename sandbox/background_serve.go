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
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Serve is the background server's own process: it returns when ctx ends, or when it was idle for long enough.
// Sandboxes are left alive.
func (b Background) Serve(ctx context.Context) (err error) {
	closeInherited(3) // whoever waits for the end of a pipe must not wait for this process
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	server, err := New(b.options("", log))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	listener, err := listenPrivately(b.Socket())
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	counted := &countedListener{Listener: listener}
	go func() {
		counted.waitIdle(ctx, b.idleExit(), server.Sandboxes)
		cancel()
	}()
	return serveAll(ctx, server, log, counted)
}

// ServeOn serves in the foreground, to the network and to this user's REPLs alike, until ctx ends. A background server
// hands its sandboxes over; another one in the foreground is an error. It returns which sandboxes there are in the end: they
// live on unless a [Background.Stop] ended the server, which is an [ErrStopped].
func (b Background) ServeOn(ctx context.Context, network net.Listener, token string, log *slog.Logger) (left []string, err error) {
	server, private, err := b.takeOver(ctx, token, log)
	if err != nil {
		return nil, errors.Join(err, network.Close())
	}
	b.Started = time.Now() // takeOver kept Stop waiting
	defer func() { err = errors.Join(err, server.Close()) }()
	err = serveAll(ctx, server, log, network, private)
	if err == nil {
		err = b.mayStart()
	}
	return slices.Sorted(slices.Values(server.boxes.ids())), err
}

// takeOver ends a background server, and keeps another from being started before this one answers.
func (b Background) takeOver(ctx context.Context, token string, log *slog.Logger) (_ *Server, _ net.Listener, err error) {
	if err := makeStateDir(b.stateDir()); err != nil {
		return nil, nil, err
	}
	starting, err := waitLock(ctx, b.startLock())
	if err != nil {
		return nil, nil, fmt.Errorf("wait for a start of the background server: %w", err)
	}
	defer func() { err = errors.Join(err, starting.Close()) }()
	if !inForeground(filepath.Join(b.stateDir(), stateLock)) {
		if _, err := b.end(ctx); err != nil {
			return nil, nil, err
		}
	}
	server, err := New(b.options(token, log))
	if err != nil {
		return nil, nil, err
	}
	if err := sign(server.lock, foreground); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("sign the state folder's lock: %w", err), server.Close())
	}
	private, err := listenPrivately(b.Socket())
	if err != nil {
		return nil, nil, errors.Join(err, server.Close())
	}
	return server, private, nil
}

func (b Background) options(token string, log *slog.Logger) Options {
	return Options{StateDir: b.stateDir(), Python: b.Python, Isolation: b.Isolation, Token: token, Version: b.Version, Log: log}
}

// serveAll answers on all listeners until ctx ends.
func serveAll(ctx context.Context, server *Server, log *slog.Logger, listeners ...net.Listener) error {
	front := &http.Server{Handler: server, ReadHeaderTimeout: time.Minute, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	stop := context.AfterFunc(ctx, func() { _ = front.Close() })
	defer stop()
	failed := make(chan error, len(listeners))
	for _, listener := range listeners {
		go func() {
			err := front.Serve(listener)
			if errors.Is(err, http.ErrServerClosed) {
				err = nil
			} else {
				err = fmt.Errorf("serve %s: %w", listener.Addr(), err)
				_ = front.Close()
			}
			failed <- err
		}()
	}
	var err error
	for range listeners {
		err = errors.Join(err, <-failed)
	}
	return err
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
