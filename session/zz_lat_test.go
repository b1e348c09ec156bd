package session_test

import (
	"context"
	"fmt"
	"github.com/sandrepl/sandrepl/client"
	"github.com/sandrepl/sandrepl/session"
	"sort"
	"testing"
	"time"
)

func TestLat(t *testing.T) {
	srv := serve(t)
	for _, tr := range []session.Transport{session.Connect, session.Poll} {
		t0 := time.Now()
		s, err := session.Open(context.Background(), session.Options{Worker: client.Options{URL: srv.URL}, Transport: tr})
		if err != nil {
			t.Fatal(err)
		}
		t1 := time.Now()
		s.Run(context.Background(), "1")
		fmt.Println(tr, "open", t1.Sub(t0), "first", time.Since(t0))
		var d []time.Duration
		for i := 0; i < 200; i++ {
			a := time.Now()
			s.Run(context.Background(), "pass")
			d = append(d, time.Since(a))
		}
		sort.Slice(d, func(i, j int) bool { return d[i] < d[j] })
		fmt.Println(tr, "median", d[100], "p95", d[190])
		a := time.Now()
		r, _ := s.Run(context.Background(), "for i in range(200_000): print('x'*59)")
		fmt.Println("200k", time.Since(a), len(r.Stdout))
		fmt.Println(s.Info().RoundTrip)
		s.Close()
	}
}
