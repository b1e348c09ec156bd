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

// Over TCP and over a unix socket, with a token and without one, isolated and not.
func TestContract(t *testing.T) {
	for _, isolation := range []Isolation{Namespaces} {
		t.Run(isolation.String(), func(t *testing.T) {
			t.Run("tcp with a token", func(t *testing.T) {
				s := serve(t, Options{Isolation: isolation, Token: "secret", Version: "1.2.3"})
				contract.Run(t, contract.Server{URL: s.url, Token: "secret", Embedded: true})
			})
			t.Run("unix", func(t *testing.T) {
				s := serve(t, Options{Isolation: isolation, Version: "1.2.3"})
				contract.Run(t, contract.Server{URL: "http://localhost", HTTPClient: s.overUnix(), Embedded: true})
			})
		})
	}
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
