package client

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"unicode/utf8"
)

// maxSmall bounds the replies that hold no text of a sandbox.
const maxSmall = 4 << 20

// Health asks what the server is. It needs no token.
func (c *Client) Health(ctx context.Context) (Health, error) {
	k := call{op: "health", method: http.MethodGet, path: PathHealth, limit: maxSmall, repeatable: true}
	return do(ctx, c, k, func(h Health) string { return missing(h.Status == "", "status") })
}

// Admitted reports whether the server lets the token in: nil, or the error of a call that it refuses. It asks by a
// request that lacks what it needs, so that no sandbox is touched, let alone started.
func (c *Client) Admitted(ctx context.Context) error {
	k := call{op: "check the token", method: http.MethodGet, path: PathRead, limit: maxSmall, repeatable: true}
	_, err := do(ctx, c, k, func(struct{}) string { return "" })
	if e, ok := errors.AsType[*Error](err); ok && e.Status == http.StatusBadRequest {
		return nil
	}
	return err
}

// Exec runs a shell command once, and waits for its end: bound it by the
// context. It is sent again only when it provably never reached the server.
func (c *Client) Exec(ctx context.Context, id, command string) (ExecResponse, error) {
	return c.exec(ctx, id, command, false)
}

// ExecIdempotent is Exec for a command that may run twice: it is sent again
// after a failure of the line or the server.
func (c *Client) ExecIdempotent(ctx context.Context, id, command string) (ExecResponse, error) {
	return c.exec(ctx, id, command, true)
}

// execReply tells an exit code that is missing from 0.
type execReply struct {
	ExecResponse
	Stdout   *string `json:"stdout"`
	ExitCode *int    `json:"exitCode"`
}

func (c *Client) exec(ctx context.Context, id, command string, repeatable bool) (ExecResponse, error) {
	k := call{
		op: "exec", method: http.MethodPost, path: PathExec, body: ExecRequest{id, command},
		limit: maxBody, repeatable: repeatable, patient: true,
	}
	if err := c.valid(k.op, id, command); err != nil {
		return ExecResponse{}, err
	}
	r, err := do(ctx, c, k, func(r execReply) string {
		return missing(r.Stdout == nil, "stdout") + missing(r.ExitCode == nil, "exitCode")
	})
	if err != nil {
		return ExecResponse{}, err
	}
	r.ExecResponse.Stdout, r.ExecResponse.ExitCode = *r.Stdout, *r.ExitCode
	return r.ExecResponse, c.fits(k.op, len(*r.Stdout)+len(r.Stderr))
}

// Write puts content, which must be UTF-8, into a file, and makes its parent folders.
func (c *Client) Write(ctx context.Context, id, path, content string) error {
	k := call{
		op: "write", method: http.MethodPost, path: PathWrite, body: WriteRequest{id, path, &content},
		limit: maxSmall, repeatable: true,
	}
	if err := c.valid(k.op, id, path, content); err != nil {
		return err
	}
	_, err := do(ctx, c, k, func(r WriteResponse) string { return missing(!r.Success, "success") })
	return err
}

// Read returns a file's text. A file that is not UTF-8 is an error.
func (c *Client) Read(ctx context.Context, id, path string) (string, error) {
	k := call{
		op: "read", method: http.MethodGet, path: PathRead, query: url.Values{"sandbox_id": {id}, "path": {path}},
		limit: maxBody, repeatable: true,
	}
	if err := c.valid(k.op, id, path); err != nil {
		return "", err
	}
	r, err := do(ctx, c, k, func(r ReadResponse) string { return missing(!r.Success, "success") })
	if err != nil {
		return "", err
	}
	return r.Content, c.fits(k.op, len(r.Content))
}

// SandboxHealth starts the sandbox if need be, and asks which Python it has.
func (c *Client) SandboxHealth(ctx context.Context, id string) (SandboxHealth, error) {
	k := call{
		op: "sandbox health", method: http.MethodGet, path: PathSandboxHealth, query: url.Values{"sandbox_id": {id}},
		limit: maxSmall, repeatable: true,
	}
	if err := c.valid(k.op, id); err != nil {
		return SandboxHealth{}, err
	}
	return do(ctx, c, k, func(h SandboxHealth) string { return missing(h.Status == "", "status") })
}

// List names the server's sandboxes; [ErrUnsupported] where it cannot.
func (c *Client) List(ctx context.Context) ([]SandboxInfo, error) {
	k := call{op: "list", method: http.MethodGet, path: PathList, limit: maxSmall, repeatable: true}
	r, err := do(ctx, c, k, func(r ListResponse) string { return missing(r.Sandboxes == nil, "sandboxes") })
	return r.Sandboxes, unsupported(err)
}

// Destroy ends a sandbox and removes its files; one that is not there is no
// error. [ErrUnsupported] where the server cannot.
func (c *Client) Destroy(ctx context.Context, id string) error {
	k := call{
		op: "destroy", method: http.MethodDelete, path: PathDestroy, query: url.Values{"sandbox_id": {id}},
		limit: maxSmall, repeatable: true,
	}
	if err := c.valid(k.op, id); err != nil {
		return err
	}
	_, err := do(ctx, c, k, func(r DestroyResponse) string { return missing(!r.Success, "success") })
	return unsupported(err)
}

// valid refuses what a server would, and text that JSON would mangle.
func (c *Client) valid(op, id string, texts ...string) error {
	if err := ValidateSandboxID(id); err != nil {
		return &Error{Op: op, Kind: ErrBadRequest, URL: c.url, Message: err.Error()}
	}
	for _, s := range texts {
		if !utf8.ValidString(s) {
			return &Error{Op: op, Kind: ErrBadRequest, URL: c.url, Message: "the text is not UTF-8: send bytes as base64"}
		}
	}
	return nil
}

func (c *Client) fits(op string, n int) error {
	if n <= maxText {
		return nil
	}
	r := reply{status: http.StatusOK, tooLarge: true}
	e := r.failure()
	e.Op, e.URL = op, c.url
	return e
}

// unsupported reads "no such endpoint" as the lack of an optional feature.
func unsupported(err error) error {
	if e, ok := errors.AsType[*Error](err); ok && (errors.Is(err, errNoEndpoint) || e.Status == http.StatusMethodNotAllowed) {
		e.Kind = ErrUnsupported
	}
	return err
}

func missing(is bool, name string) string {
	if is {
		return `"` + name + `" `
	}
	return ""
}
