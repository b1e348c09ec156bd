package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/sandrepl/sandrepl/client"
)

// networkPatience is how long looking a name up, dialling and shaking hands may take together.
const networkPatience = 15 * time.Second

// local tells the server of this machine's own sandboxes, which is reached by a unix socket.
func (e *examination) local() bool { return strings.HasPrefix(e.client.URL(), "unix:") }

func (e *examination) lookAtURL(context.Context) finding {
	c, err := client.New(e.Session.Worker)
	if err != nil {
		return failed(err)
	}
	e.client = c
	if e.local() {
		return fine("none is set: sandboxes on this machine (RLM_CF_WORKER_URL or --worker-url names a Worker)")
	}
	return fine("%s, from %s", c.URL(), e.Named)
}

// lookAtNetwork goes as far as a request needs to, by itself, so that it can say which part is missing.
func (e *examination) lookAtNetwork(ctx context.Context) finding {
	if e.Session.Reach != nil {
		if err := e.Session.Reach(ctx, true); err != nil {
			return failed(err)
		}
	}
	u, err := url.Parse(e.client.URL())
	if err != nil {
		return failed(err)
	}
	if u.Scheme == "unix" {
		return fine("a unix socket: %s", u.Path)
	}
	proxy, err := http.ProxyFromEnvironment(&http.Request{URL: u})
	switch {
	case err != nil:
		return finding{Failed, "The proxy's address cannot be used: " + err.Error(), "Mend HTTPS_PROXY or HTTP_PROXY, or unset it."}
	case proxy != nil:
		return fine("through the proxy %s: name and certificate are looked at there", proxy.Host)
	}
	ctx, cancel := context.WithTimeout(ctx, networkPatience)
	defer cancel()
	begin := time.Now()
	addresses, err := net.DefaultResolver.LookupHost(ctx, u.Hostname())
	if err != nil {
		return noAddress(u.Hostname(), err)
	}
	found := addresses[0]
	if len(addresses) > 1 {
		found += fmt.Sprintf(" and %d more", len(addresses)-1)
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"https": "443", "http": "80"}[u.Scheme]
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return finding{Failed, fmt.Sprintf("%s (%s) does not take connections: %v.", u.Host, addresses[0], err), unreachable(u)}
	}
	defer conn.Close()
	if u.Scheme == "http" {
		return fine("%s, not encrypted (%s)", found, ms(time.Since(begin)))
	}
	secure := tls.Client(conn, &tls.Config{ServerName: u.Hostname(), MinVersion: tls.VersionTLS12})
	if err := secure.HandshakeContext(ctx); err != nil {
		return noTLS(u, err)
	}
	state := secure.ConnectionState()
	until := state.PeerCertificates[0].NotAfter
	return fine("%s, %s, certificate until %s (%s)", found, tls.VersionName(state.Version), until.Format(time.DateOnly), ms(time.Since(begin)))
}

func noAddress(host string, err error) finding {
	var dns *net.DNSError
	if errors.As(err, &dns) && dns.IsNotFound {
		return finding{Failed, fmt.Sprintf("There is no host %s.", host),
			"Check the URL's spelling: npm run deploy prints it at its end (https://NAME.SUBDOMAIN.workers.dev). A new one takes a minute to be known everywhere."}
	}
	return finding{Failed, fmt.Sprintf("%s cannot be looked up: %v.", host, err), "Check this machine's network, its DNS above all."}
}

func unreachable(u *url.URL) string {
	if address := net.ParseIP(u.Hostname()); u.Hostname() == "localhost" || address != nil && address.IsLoopback() {
		return "Start a Worker there: sandrepl serve, or npm run dev in its folder."
	}
	return "Check the URL's host and port, and whether a firewall lets you out."
}

func noTLS(u *url.URL, err error) finding {
	found := fmt.Sprintf("%s cannot be trusted: %v.", u.Host, err)
	var invalid x509.CertificateInvalidError
	var unknown x509.UnknownAuthorityError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return finding{Failed, found, "Check this machine's clock (it says " + time.Now().Format(time.DateTime) + "); if it is right, the certificate must be renewed."}
	case errors.As(err, &unknown):
		return finding{Failed, found, "If a proxy of your company looks into traffic, add its certificate to this system (SSL_CERT_FILE names a file of them)."}
	case errors.As(err, &record):
		return finding{Failed, fmt.Sprintf("%s does not speak TLS: %v.", u.Host, err), "Use http:// if it is a Worker on this machine."}
	}
	return finding{Failed, found, "Check the URL's host: the certificate is another one's."}
}
