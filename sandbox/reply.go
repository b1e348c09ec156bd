package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/sandrepl/sandrepl/client"
)

// refusal is an answer that is not a success.
type refusal struct {
	status int
	body   client.ErrorResponse
}

func refuse(status int, format string, args ...any) *refusal {
	return &refusal{status: status, body: client.ErrorResponse{Error: fmt.Sprintf(format, args...)}}
}

// unsuccessful adds what clients of write and read look for.
func (f *refusal) unsuccessful() *refusal {
	no := false
	f.body.Success = &no
	return f
}

// unread adds what clients of read look for.
func (f *refusal) unread() *refusal {
	none := ""
	f.body.Content = &none
	return f.unsuccessful()
}

func (f *refusal) write(w http.ResponseWriter) { reply(w, f.status, f.body) }

// reply sends body as JSON. A client that is gone is noticed by the next thing that it does not read.
func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(body)
}
