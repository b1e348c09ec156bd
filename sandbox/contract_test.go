//go:build linux || darwin

package sandbox

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/sandrepl/sandrepl/client/contract"
)

// Over TCP with a token, and over a unix socket without one. Only an isolated sandbox can
// keep the contract: without a root of its own, a command's /tmp is the host's.
func TestContract(t *testing.T) {
	t.Run("tcp", func(t *testing.T) {
		s := serve(t, Options{Token: "secret", Version: "1.2.3"})
		contract.Run(t, contract.Server{URL: s.url, Token: "secret", Ours: true, Lists: true})
	})
	t.Run("unix", func(t *testing.T) {
		s := serve(t, Options{Version: "1.2.3"})
		contract.Run(t, contract.Server{URL: "http://localhost", HTTPClient: s.overUnix(), Ours: true, Lists: true})
	})
}

// overUnix serves on a unix socket too, and gives a client for it.
func (s *service) overUnix() *http.Client {
	s.t.Helper()
	path := filepath.Join(s.t.TempDir(), "sock")
	listener, err := net.Listen("unix", path)
	if err != nil {
		s.t.Fatal(err)
	}
	front := &httptest.Server{Listener: listener, Config: &http.Server{Handler: s.Server}}
	front.Start()
	s.t.Cleanup(front.Close)
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", path)
	}}
	s.t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}
