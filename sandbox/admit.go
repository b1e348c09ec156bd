package sandbox

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/sandrepl/sandrepl/client"
)

// admit decides, from the request's head alone, whether it may be looked at any further.
func (s *Server) admit(r *http.Request) *refusal {
	if overNetwork(r) {
		if !s.ownHost(r) {
			return refuse(http.StatusForbidden, "the Host %q is not an address of this server: use http://localhost or its numeric address (this keeps web pages from reaching it by DNS rebinding)", r.Host)
		}
	}
	if origin := r.Header.Get("Origin"); origin != "" && !sameOrigin(origin, r.Host) {
		return refuse(http.StatusForbidden, "requests from web pages are refused, and this one comes from %q: call the server from a program", origin)
	}
	if r.URL.Path == "/" || r.URL.Path == client.PathHealth {
		return nil
	}
	if s.options.Token != "" && overNetwork(r) && !bearer(r.Header.Get("Authorization"), s.options.Token) {
		return refuse(http.StatusUnauthorized, "the token is missing or wrong: send \"Authorization: Bearer TOKEN\" with the server's AUTH_TOKEN")
	}
	return nil
}

// overNetwork reports whether r came by TCP; a unix socket is guarded by its file's permissions.
func overNetwork(r *http.Request) bool {
	address, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	return !ok || address.Network() != "unix"
}

// ownHost reports whether the Host names this machine in a way that no foreign DNS record can.
func (s *Server) ownHost(r *http.Request) bool {
	host := hostname(r.Host)
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	if ip.IsLoopback() {
		return true
	}
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return false
	}
	listening, err := netip.ParseAddrPort(local.String())
	return err == nil && listening.Addr().Unmap() == ip.Unmap()
}

// hostname is host without its port and brackets, in lower case.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.Trim(host, "[]"))
}

func sameOrigin(origin, host string) bool {
	parsed, err := url.Parse(origin)
	return err == nil && parsed.Host != "" && strings.EqualFold(parsed.Host, host)
}

// bearer compares in constant time; hashing first hides the token's length too.
func bearer(header, token string) bool {
	scheme, got, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "bearer") {
		return false
	}
	a, b := sha256.Sum256([]byte(strings.TrimSpace(got))), sha256.Sum256([]byte(token))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}
