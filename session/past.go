package session

import (
	"context"
	"fmt"
	"sync"
)

// Past calls each with every event that the sandbox's journal has when it is asked, from the oldest kept on, and
// returns when it had the last. It runs nothing, but starts a kernel where none is, as Open does; of opts neither the
// context nor the setup count.
func Past(ctx context.Context, opts Options, each func(Event)) (Info, error) {
	var last int64
	var once sync.Once
	done, gaveUp := make(chan struct{}), make(chan error, 1)
	opts.Context, opts.Setup, opts.SkipPast, opts.fromStart = nil, "", false, true
	opts.OnEvent = func(e Event) {
		if _, missed := e.Body.(Missed); missed || e.Seq > 0 && e.Seq <= last {
			each(e)
		}
		if link, ok := e.Body.(Link); ok && link.State == Ended && link.Err != nil {
			gaveUp <- link.Err // once: nobody restarts it
		}
		if e.Seq >= last {
			once.Do(func() { close(done) })
		}
	}
	s, err := newSession(opts)
	if err != nil {
		return Info{}, err
	}
	first, err := s.attach(ctx, true)
	if err != nil {
		s.cancel()
		s.client.Close()
		return Info{}, fmt.Errorf("read sandbox %s: %w", s.opts.SandboxID, err)
	}
	last = first.conn.Last
	s.online(first, nil)
	go s.live(first, nil)
	select {
	case <-done:
	case err = <-gaveUp:
	case <-ctx.Done():
		err = ctx.Err()
	}
	info := s.Info()
	_ = s.Close() // waits for each; there is no other error
	if err != nil {
		return info, fmt.Errorf("read sandbox %s: %w", s.opts.SandboxID, err)
	}
	return info, nil
}
