package session

import (
	"context"
	"fmt"

	"github.com/sandrepl/sandrepl/kernel"
)

// Transport says how a session reaches its kernel.
type Transport string

// The transports. Auto takes Connect where the server has it, and Poll elsewhere.
const (
	Auto    Transport = "auto"
	Connect Transport = "connect" // a WebSocket to the kernel
	Poll    Transport = "poll"    // exec, write and read alone: any Worker
)

// ParseTransport reads a transport's name; empty means [Auto].
func ParseTransport(name string) (Transport, error) {
	switch t := Transport(name); t {
	case "":
		return Auto, nil
	case Auto, Connect, Poll:
		return t, nil
	}
	return "", fmt.Errorf("transport %q: it is one of auto, connect, poll", name)
}

// A wire carries requests to one kernel and its journal back.
type wire interface {
	// send delivers a request at least once; the kernel runs each id once.
	send(ctx context.Context, id string, request []byte) error
	// receive blocks until events come, and returns them in order. It is called by one goroutine.
	receive(ctx context.Context) ([]kernel.Event, error)
	// query asks what changes nothing and waits for the reply.
	query(ctx context.Context, id string, request []byte) (kernel.Reply, error)
	close()
}

// A position is a place in one journal: the number of the last event that is known.
type position struct {
	journal string
	seq     int64
}
