package main

import (
	"context"
	"strings"
)

// starting measures from exec to the first echo, and to the first value.
func starting(ctx context.Context, m *measured) error {
	prompt := row{what: "start, until a key is echoed", reach: "ratio ≤ 0.333"}
	value := row{what: "start, until a first value is shown"}
	for range m.runs {
		for _, app := range m.apps[:3] { // jupyter console's kernel now and then never answers
			t, err := start(app.command(ctx))
			if err != nil {
				return err
			}
			took, err := m.first(ctx, t, app)
			if closed := t.close(app.quit); err == nil {
				err = closed
			}
			if err != nil {
				return err
			}
			m.add(prompt, app.name, took[0])
			m.add(value, app.name, took[1])
		}
	}
	return nil
}

func (m *measured) first(ctx context.Context, t *terminal, app application) (took [2]float64, err error) {
	if _, err := t.await(ctx, app.prompt); err != nil {
		return took, err
	}
	shows := func(text string) func() bool {
		return func() bool { return strings.Contains(t.screen.String(), text) }
	}
	at, err := t.pressing(ctx, "7", "the echo of the first key", shows(app.prompt+"7"))
	if err != nil {
		return took, err
	}
	took[0] = milliseconds(at.Sub(t.began))
	if at, err = t.pressing(ctx, "777*9\r", "the first value", shows("69993")); err != nil {
		return took, err
	}
	took[1] = milliseconds(at.Sub(t.began))
	return took, nil
}
