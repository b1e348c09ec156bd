// Package contract is the one suite that every server of the Worker API passes:
// the embedded server, and the Worker. It speaks raw HTTP, so that it holds the
// wire itself and not what the client makes of it. It is for tests alone.
package contract

import (
	"context"
	"net/http"
	"testing"
	"time"
)

// Server is a running server to be held to the contract.
type Server struct {
	URL        string       // without a slash at its end
	HTTPClient *http.Client // nil for the default one
	Token      string       // the server's AUTH_TOKEN, or ""
	Ours       bool         // it is one of this project's: it has connect and destroy
	Lists      bool         // it lists its sandboxes
}

// patience bounds each step, so that a hang is a failure and not a stuck run.
const patience = time.Minute

// Run holds s to the contract.
func Run(t *testing.T, s Server) {
	if s.HTTPClient == nil {
		transport := http.DefaultTransport.(*http.Transport).Clone()
		t.Cleanup(transport.CloseIdleConnections)
		s.HTTPClient = &http.Client{Transport: transport}
	}
	t.Run("wire", func(t *testing.T) { stories(t, s) })
	t.Run("big", func(t *testing.T) { big(t, s) })
	t.Run("at once", func(t *testing.T) { atOnce(t, s) })
	if s.Ours {
		t.Run("connect", func(t *testing.T) { connect(t, s) })
		t.Run("destroy", func(t *testing.T) { destroy(t, s) })
	}
}

func bounded(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}
