package client

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestATokenThatIsAWord holds that messages stay readable where the token is a word of theirs, and that none leaks.
func TestATokenThatIsAWord(t *testing.T) {
	for _, c := range []struct{ token, says, want string }{
		{"test", "the test of the latest container failed", "the test of the latest container failed"},
		{"test", "bad token test", "bad token [token]"},
		{"test", "got Authorization: Bearer test, not this one", "got Authorization: Bearer [token], not this one"},
		{"test", `the secret "test" is wrong`, `the secret "[token]" is wrong`},
		{"test", "token tests ran", "token tests ran"},
		{"dev-1", "no dev-1 here", "no [token] here"},
		{"abcdefghijklmnop", "xabcdefghijklmnopy", "x[token]y"},
		{"1f0c9a", "at /sandbox/1f0c9a?x", "at /sandbox/[token]?x"},
		{"", "a message", "a message"},
	} {
		if got := redaction(c.token)(c.says); got != c.want {
			t.Errorf("token %q: %q, want %q", c.token, got, c.want)
		}
	}
}

// TestATokenIsPrintedNowhereWhenTimeIsUp: what the server said last is told with the deadline's error too.
func TestATokenIsPrintedNowhereWhenTimeIsUp(t *testing.T) {
	c := serve(t, answer(http.StatusServiceUnavailable, `{"error":"container is starting for `+token+`"}`))
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := c.Health(ctx); err == nil || strings.Contains(err.Error(), token) || !strings.Contains(err.Error(), "is starting") {
		t.Errorf("%v", err)
	}
}
