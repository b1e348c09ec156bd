package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/coder/websocket"
)

// maxFrame is the largest message that a sandbox may send over connect.
const maxFrame = 32 << 20

// Connect joins a WebSocket server that listens on a port inside the sandbox.
// The context bounds the opening alone. [ErrUnsupported] where the server cannot.
func (c *Client) Connect(ctx context.Context, id string, port int) (*websocket.Conn, error) {
	k := call{
		op: "connect", path: PathConnect, repeatable: true,
		query: url.Values{"sandbox_id": {id}, "port": {strconv.Itoa(port)}},
	}
	if err := c.valid(k.op, id); err != nil {
		return nil, err
	}
	if port < 1024 || port > 65535 || port == 3000 {
		why := fmt.Sprintf("port %d: a port is 1024 to 65535, and not 3000", port)
		return nil, &Error{Op: k.op, Kind: ErrBadRequest, URL: c.url, Message: why}
	}
	conn, err := retry(ctx, c, k, func(ctx context.Context, _ *watch) (*websocket.Conn, *fault) {
		return c.dial(ctx, k)
	})
	if e, ok := errors.AsType[*Error](err); ok && (e.Status == http.StatusNotFound || e.Status == http.StatusUpgradeRequired) {
		e.Kind = ErrUnsupported
	}
	return conn, err
}

func (c *Client) dial(ctx context.Context, k call) (*websocket.Conn, *fault) {
	conn, resp, err := websocket.Dial(ctx, c.endpoint(k), &websocket.DialOptions{HTTPClient: c.http, HTTPHeader: c.header()})
	if err == nil {
		conn.SetReadLimit(maxFrame)
		return conn, nil
	}
	if resp == nil {
		return nil, c.sendFault(ctx, err)
	}
	r := reply{status: resp.StatusCode, header: resp.Header}
	if resp.Body != nil {
		var b bytes.Buffer
		_, _ = b.ReadFrom(io.LimitReader(resp.Body, maxMessage)) // words for the error, if there are any
		r.body = b.Bytes()
	}
	if r.status == http.StatusOK || r.status == http.StatusSwitchingProtocols {
		return nil, &fault{err: r.broken("it does not open a WebSocket: " + plain(err.Error()))}
	}
	return nil, r.fault()
}
