package client

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// call is one request of the Worker API.
type call struct {
	op         string
	method     string
	path       string
	query      url.Values
	body       any // JSON, or nil
	limit      int64
	repeatable bool // carrying it out twice does what once does
	patient    bool // the answer comes when a command ends: silence is no failure
}

// do sends a call, again where that is safe, and decodes its 200 into a T.
// check says what a T lacks, or "".
func do[T any](ctx context.Context, c *Client, k call, check func(T) string) (T, error) {
	var payload []byte
	if k.body != nil {
		var err error
		if payload, err = encode(k.body); err != nil {
			var none T
			return none, &Error{Op: k.op, Kind: ErrBadRequest, URL: c.url, Err: err}
		}
	}
	return retry(ctx, c, k, func(ctx context.Context, w *watch) (T, *fault) {
		var v T
		r, f := c.roundTrip(ctx, w, k, payload)
		if f != nil {
			return v, f
		}
		if r.tooLarge || r.status != http.StatusOK {
			return v, r.fault()
		}
		if err := r.decode(&v); err != nil {
			return v, &fault{err: err}
		}
		if lacks := check(v); lacks != "" {
			return v, &fault{err: r.broken("it lacks " + lacks)}
		}
		return v, nil
	})
}

// roundTrip makes one attempt and reads the reply whole, so that the connection serves again.
func (c *Client) roundTrip(ctx context.Context, w *watch, k call, payload []byte) (reply, *fault) {
	req, err := c.request(ctx, w, k, payload)
	if err != nil {
		return reply{}, &fault{err: &Error{Kind: ErrBadRequest, Err: err}}
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return reply{}, c.sendFault(ctx, err)
	}
	defer resp.Body.Close()
	w.touch()
	resp.Body = struct {
		io.Reader
		io.Closer
	}{watched{resp.Body, w}, resp.Body}
	r, err := readReply(resp, k.limit)
	switch {
	case err == nil:
		return r, nil
	case context.Cause(ctx) == errSilent:
		return r, c.silent()
	}
	return r, &fault{err: &Error{Kind: ErrBrokenReply, Status: r.status, Message: "it was cut short: " + plain(err.Error()), Err: err}, verdict: transient}
}

func (c *Client) request(ctx context.Context, w *watch, k call, payload []byte) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, k.method, c.endpoint(k), nil)
	if err != nil {
		return nil, err
	}
	req.Header = c.header()
	if payload != nil {
		req.ContentLength = int64(len(payload))
		req.GetBody = func() (io.ReadCloser, error) {
			return io.NopCloser(watched{bytes.NewReader(payload), w}), nil
		}
		req.Body, _ = req.GetBody()
		req.Header.Set("Content-Type", "application/json")
	}
	return req, nil
}

func (c *Client) endpoint(k call) string {
	u := *c.base
	u.Path += k.path
	u.RawQuery = k.query.Encode()
	return u.String()
}

// fault is what a reply other than a 200 comes to.
func (r reply) fault() *fault {
	f := &fault{err: r.failure(), after: retryAfter(r.header)}
	switch {
	case f.err.Kind == ErrColdStart:
		f.verdict = cold
	case f.err.Kind == ErrInstanceLimit, f.err.Kind == ErrNoSandboxes, r.tooLarge:
	case f.err.Kind == ErrSessionTerminated, r.status == http.StatusTooManyRequests, r.status == http.StatusBadGateway, r.status == http.StatusGatewayTimeout,
		520 <= r.status && r.status <= 530: // Cloudflare's own: the Worker did not answer its edge
		f.verdict = transient
	}
	return f
}

// sendFault is what a request without a reply comes to.
func (c *Client) sendFault(ctx context.Context, err error) *fault {
	if context.Cause(ctx) == errSilent {
		return c.silent()
	}
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err // without the request's whole URL
	}
	f := &fault{err: &Error{Kind: ErrUnreachable, Message: plain(err.Error()), Err: err}, verdict: transient}
	var op *net.OpError
	var cert *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &op) && op.Op == "dial":
		f.verdict = unsent
		if c.isUnix() {
			f.verdict = final // nobody starts a local server while we wait
		}
	case errors.As(err, &cert), errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch):
		f.verdict = final
	case strings.Contains(err.Error(), "malformed"): // HTTP, or a header; net/http has no type for it
		f.err.Kind = ErrBrokenReply
	}
	return f
}

func (c *Client) isUnix() bool { return strings.HasPrefix(c.url, "unix:") }

// encode leaves <, > and & as they are: code is full of them.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return b.Bytes(), err
}
