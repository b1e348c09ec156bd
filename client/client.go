package client

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Options say which server a [Client] talks to, and how.
type Options struct {
	URL   string `json:"url"` // https://…, http://… or unix:///path/to.sock
	Token string `json:"-"`   // sent as a bearer token; "" sends no Authorization header

	// Python is the interpreter, by its path on this machine, that a sandbox which a call makes is given as python3. Only
	// a server that is reached by a unix URL, and so is this user's own, is told.
	Python string `json:"python,omitempty"`

	// HTTPClient carries the requests when it is set; for a unix URL its
	// transport must then dial the socket. Redirects are never followed.
	HTTPClient *http.Client `json:"-"`

	// OnWait is told, while a call goes on, that it takes long and why. It is
	// called from another goroutine, never twice at once and never after the call's end.
	OnWait func(Wait) `json:"-"`
}

// Format keeps the token out of anything that prints Options.
func (o Options) Format(s fmt.State, _ rune) {
	fmt.Fprintf(s, "client.Options(%s)", withoutSecrets(o.URL))
}

// Client talks to one server. It is safe for concurrent use.
type Client struct {
	url    string   // as shown
	base   *url.URL // as requested
	http   *http.Client
	own    *http.Transport     // nil when the caller brought an http.Client
	heads  []func(http.Header) // set what every request carries
	redact func(string) string
	onWait func(Wait)
	pace   pace
}

// New checks the options; it sends nothing. It fails with [ErrBadRequest] for a
// URL or a token that cannot be used, and with [ErrInsecureToken] for a token that
// would leave this machine over plain http.
func New(o Options) (*Client, error) {
	refuse := func(kind error, why string) (*Client, error) {
		return nil, &Error{Op: "use the server's URL", Kind: kind, Message: why}
	}
	u, err := parseURL(o.URL)
	if err != nil {
		return refuse(ErrBadRequest, err.Error())
	}
	if strings.ContainsFunc(o.Token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return refuse(ErrBadRequest, "the token holds a space, a line break or a character that is not ASCII: it was copied wrongly")
	}
	if o.Token != "" && u.Scheme == "http" && !isLoopback(u.Hostname()) {
		return refuse(ErrInsecureToken, fmt.Sprintf("%s is plain http to another machine", u))
	}
	c := &Client{
		url: u.String(), base: u, http: &http.Client{},
		redact: redaction(o.Token), onWait: o.OnWait, pace: defaultPace,
	}
	if token := o.Token; token != "" {
		c.heads = append(c.heads, func(h http.Header) { h.Set("Authorization", "Bearer "+token) })
	}
	if python := o.Python; python != "" && u.Scheme == "unix" {
		c.heads = append(c.heads, func(h http.Header) { h.Set(HeaderPython, python) })
	}
	if o.HTTPClient != nil {
		*c.http = *o.HTTPClient
	} else {
		c.own = newTransport(u)
		c.http.Transport = c.own
	}
	c.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if u.Scheme == "unix" {
		c.base = &url.URL{Scheme: "http", Host: "localhost"}
	}
	return c, nil
}

// URL names the server; it never holds a secret.
func (c *Client) URL() string { return c.url }

// Format prints the URL alone, whatever the verb.
func (c Client) Format(s fmt.State, _ rune) { fmt.Fprint(s, c.url) }

// Existing is this client for sandboxes that are there: where the server names [FeatureExisting], a call that would make
// one is an [ErrNoSandbox] instead. Other servers make it all the same.
func (c *Client) Existing() *Client {
	existing := *c
	existing.heads = append(slices.Clip(c.heads), func(h http.Header) { h.Set("If-Match", "*") })
	return &existing
}

// header is what a request carries.
func (c *Client) header() http.Header {
	h := http.Header{}
	for _, set := range c.heads {
		set(h)
	}
	return h
}

// Close lets go of idle connections. A client may be used again after it.
func (c *Client) Close() {
	if c.own != nil {
		c.own.CloseIdleConnections()
	}
}

// parseURL never repeats raw in an error: a malformed URL may hold a password.
func parseURL(raw string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(raw))
	switch {
	case err != nil:
		return nil, errors.New("it cannot be parsed: a server's URL looks like https://rlm-sandbox.example.workers.dev or unix:///path/to.sock")
	case u.User != nil:
		return nil, errors.New("it holds a user name or a password: give the token by RLM_CF_AUTH_TOKEN instead")
	case u.RawQuery != "" || u.Fragment != "" || u.ForceQuery:
		return nil, errors.New("it ends in a query or a fragment: leave out what follows ? or #")
	}
	switch u.Scheme {
	case "unix":
		if u.Host != "" || !strings.HasPrefix(u.Path, "/") {
			return nil, errors.New("a unix URL holds an absolute path after three slashes: unix:///path/to.sock")
		}
	case "http", "https":
		if u.Hostname() == "" {
			return nil, errors.New("it names no host: a server's URL looks like https://rlm-sandbox.example.workers.dev")
		}
		u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), ""
	default:
		return nil, errors.New("it must start with https://, http:// or unix://")
	}
	return u, nil
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}

// newTransport has no limit on a whole request: a command may run for long.
func newTransport(u *url.URL) *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 15 * time.Second}
	t := &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         dialer.DialContext,
		ForceAttemptHTTP2:   true,
		TLSHandshakeTimeout: 10 * time.Second,
		MaxIdleConnsPerHost: 16,
		IdleConnTimeout:     90 * time.Second,
	}
	if u.Scheme == "unix" {
		t.Proxy = nil
		t.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, "unix", u.Path)
		}
	}
	return t
}
