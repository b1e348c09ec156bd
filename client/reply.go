package client

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// maxText is how many bytes of text one reply may hold once decoded: an
	// exec's output is at most 32 MiB, and its messages have room beside it.
	maxText = 34 << 20
	// maxBody allows for JSON writing each byte of maxText as six (\u0000).
	maxBody = 6*maxText + 1<<20
	// maxMessage cuts the server's words in an error, in bytes.
	maxMessage = 600
)

// reply is a response whose body has been read whole.
type reply struct {
	status   int
	header   http.Header
	body     []byte
	tooLarge bool
}

// readReply reads the body, or as much of it as is allowed.
func readReply(resp *http.Response, limit int64) (reply, error) {
	r := reply{status: resp.StatusCode, header: resp.Header}
	if resp.ContentLength > limit {
		r.tooLarge = true
		return r, nil
	}
	var buf bytes.Buffer
	if resp.ContentLength > 0 {
		buf.Grow(int(resp.ContentLength) + bytes.MinRead)
	}
	n, err := buf.ReadFrom(io.LimitReader(resp.Body, limit+1))
	r.body, r.tooLarge = buf.Bytes(), n > limit
	return r, err
}

// decode reads a 200's JSON into v, which must be an object of the right types.
func (r reply) decode(v any) *Error {
	if !utf8.Valid(r.body) {
		return r.broken("it is not UTF-8")
	}
	if err := json.Unmarshal(r.body, v); err != nil {
		if why := r.notJSON(); why != "" {
			return r.broken(why)
		}
		return r.broken(err.Error())
	}
	return nil
}

// notJSON names what came in JSON's place, or returns "".
func (r reply) notJSON() string {
	head := bytes.ToLower(bytes.TrimSpace(r.body[:min(len(r.body), 512)]))
	switch {
	case len(head) == 0:
		return "it is empty"
	case bytes.HasPrefix(head, []byte("<")):
		return "it is an HTML page" + title(r.body)
	case head[0] != '{':
		return "it is not JSON: " + plain(string(r.body[:min(len(r.body), 80)]))
	case !json.Valid(r.body):
		return "its JSON is damaged or cut short"
	}
	return ""
}

func title(page []byte) string {
	_, rest, ok := bytes.Cut(page[:min(len(page), 64<<10)], []byte("<title>"))
	text, _, ended := bytes.Cut(rest, []byte("</title>"))
	if !ok || !ended {
		return ""
	}
	return fmt.Sprintf(" (%q)", plain(string(text)))
}

func (r reply) broken(why string) *Error {
	return &Error{Kind: ErrBrokenReply, Status: r.status, Message: why}
}

// failure says what a reply that is not a success means.
func (r reply) failure() *Error {
	if r.tooLarge {
		return &Error{Kind: ErrTooLarge, Status: r.status, Message: fmt.Sprintf("the reply holds more than %d MiB", maxText>>20)}
	}
	if 300 <= r.status && r.status < 400 {
		return r.broken("the server redirects to " + withoutSecrets(r.header.Get("Location")))
	}
	var body ErrorResponse
	isJSON := json.Unmarshal(r.body, &body) == nil && body.Error != ""
	text := body.Error
	if !isJSON && !bytes.HasPrefix(bytes.TrimSpace(r.body), []byte("<")) {
		text = string(r.body)
	}
	e := &Error{Kind: r.kind(body.Code, text), Status: r.status, Message: plain(text)}
	if e.Kind == nil {
		e.Kind = ErrBrokenReply
		if isJSON {
			e.Kind = kindOfStatus(r.status)
		}
	}
	switch {
	case e.Kind == ErrBrokenReply:
		e.Message = r.notJSON()
	case e.Kind == ErrNotFound && body.Endpoints != nil:
		e.Message, e.Err = errNoEndpoint.Error(), errNoEndpoint
	}
	if e.Message == "" {
		e.Message = plain(text)
	}
	if e.Message == "" {
		e.Message = http.StatusText(r.status)
	}
	return e
}

// kind recognises the failures that a status alone does not tell apart, by the
// words that the Worker, the Sandbox SDK and Cloudflare's edge use for them.
// It returns nil when the status decides.
func (r reply) kind(code, text string) error {
	switch {
	case r.status == http.StatusUnauthorized:
		return ErrUnauthorized
	case r.status == http.StatusGone || code == "SESSION_TERMINATED":
		return ErrSessionTerminated
	case r.status == http.StatusRequestEntityTooLarge:
		return ErrTooLarge
	case r.status < 500:
		return nil
	}
	text = strings.ToLower(text)
	for _, known := range serverTexts {
		for _, part := range known.parts {
			if strings.Contains(text, part) {
				return known.kind
			}
		}
	}
	if r.status == http.StatusServiceUnavailable {
		return ErrColdStart
	}
	return nil
}

// serverTexts are looked through in order, in lower case.
var serverTexts = []struct {
	kind  error
	parts []string
}{
	{ErrNoSandboxes, []string{"binding not configured", "containers have not been enabled", "containers are not enabled", "containers not enabled"}},
	{ErrInstanceLimit, []string{"maximum number of running container instances"}},
	{ErrColdStart, []string{
		"container is starting", "container is not ready", "container not ready", "container is not running", "provisioning",
		"no container instance", "sandbox is starting", "not listening", "container port not found",
	}},
}

func kindOfStatus(status int) error {
	switch {
	case status == http.StatusNotFound:
		return ErrNotFound
	case status == http.StatusPreconditionFailed: // If-Match is all that we ask for
		return ErrNoSandbox
	case status == http.StatusTooManyRequests:
		return ErrServer
	case 400 <= status && status < 500:
		return ErrBadRequest
	case status >= 500:
		return ErrServer
	}
	return ErrBrokenReply
}

// plain makes a server's words safe to print: one line, no control or
// invisible characters, cut to maxMessage.
func plain(s string) string {
	if len(s) > maxMessage {
		s = strings.ToValidUTF8(s[:maxMessage], "") + "…"
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// withoutSecrets keeps of a URL what names a place, and drops its query and user.
func withoutSecrets(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || raw == "" {
		return "an address that cannot be read"
	}
	return plain((&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String())
}
