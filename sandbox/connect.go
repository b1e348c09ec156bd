//go:build linux || darwin

package sandbox

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"time"
)

// connect joins the client's WebSocket to the one that a program of the sandbox serves.
func (s *initServer) connect(w http.ResponseWriter, r *http.Request) {
	port := r.URL.Query().Get("port")
	transport := &http.Transport{ResponseHeaderTimeout: 10 * time.Second, DisableKeepAlives: true}
	defer transport.CloseIdleConnections()
	proxy := httputil.ReverseProxy{
		Transport: transport,
		Rewrite: func(out *httputil.ProxyRequest) {
			out.Out.URL.Scheme, out.Out.URL.Host = "http", net.JoinHostPort("127.0.0.1", port)
			out.Out.Host = out.Out.URL.Host
		},
		ModifyResponse: func(response *http.Response) error {
			if response.StatusCode != http.StatusSwitchingProtocols {
				return fmt.Errorf("it answered %s and not with a WebSocket", response.Status)
			}
			return nil
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			refuse(http.StatusBadGateway, "no WebSocket at port %s in the sandbox: %v: start its server first", port, err).write(w)
		},
		ErrorLog: log.New(io.Discard, "", 0), // what goes wrong is answered, not logged
	}
	proxy.ServeHTTP(w, r)
}
