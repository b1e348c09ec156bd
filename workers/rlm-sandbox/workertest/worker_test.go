package workertest_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/sandrepl/sandrepl/client/contract"
	"github.com/sandrepl/sandrepl/sandbox"
	"github.com/sandrepl/sandrepl/workers/rlm-sandbox/workertest"
)

func TestMain(m *testing.M) {
	sandbox.InitMain()
	goleak.VerifyTestMain(workertest.M{M: m})
}

// The Worker passes the suite that every server does, with a token and without one.
func TestContract(t *testing.T) {
	server := serve(t)
	for name, token := range map[string]string{"token": "secret", "open": ""} {
		t.Run(name, func(t *testing.T) {
			if url, ok := workertest.Through(t, server, token); ok {
				contract.Run(t, contract.Server{URL: url, Token: token, Ours: true})
			}
		})
	}
}

// serve gives the URL of an embedded server.
func serve(t *testing.T) string {
	t.Helper()
	handler, err := sandbox.New(sandbox.Options{StateDir: t.TempDir(), Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(func() {
		server.Close()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := errors.Join(handler.DestroyAll(ctx), handler.Close()); err != nil {
			t.Error(err)
		}
	})
	return server.URL
}
