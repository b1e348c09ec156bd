package session_test

import (
	"context"
	"fmt"
	"log"
	"net/http/httptest"
	"os"

	"github.com/sandrepl/sandrepl/client"
	"github.com/sandrepl/sandrepl/sandbox"
	"github.com/sandrepl/sandrepl/session"
)

// A session without a terminal: two cells in one sandbox, whose names live on between them.
func Example() {
	dir, err := os.MkdirTemp("", "sandrepl")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	// Any server of the Worker API will do; this one runs on this machine.
	worker, err := sandbox.New(sandbox.Options{StateDir: dir})
	if err != nil {
		log.Fatal(err)
	}
	server := httptest.NewServer(worker)
	defer func() { _ = worker.DestroyAll(context.Background()); _ = worker.Close(); server.Close() }()

	ctx := context.Background()
	s, err := session.Open(ctx, session.Options{
		Worker:  client.Options{URL: server.URL},
		Context: map[string]any{"items": []int{1, 2, 3}},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Run(ctx, "total = sum(context['items'])"); err != nil {
		log.Fatal(err)
	}
	result, err := s.Run(ctx, "print('the total is', total)\ntotal * 7")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(result.Stdout)
	fmt.Println(result.Value)
	// Output:
	// the total is 6
	// 42
}
