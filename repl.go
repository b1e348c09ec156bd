package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/adrg/xdg"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/sandrepl/sandrepl/history"
	"github.com/sandrepl/sandrepl/pricing"
	"github.com/sandrepl/sandrepl/session"
	"github.com/sandrepl/sandrepl/tui"
)

// repl shows the application and, after it, how to come back.
func (f *flags) repl(cmd *cobra.Command, args []string) error {
	options, err := f.session(args)
	if err != nil {
		return err
	}
	if !term.IsTerminal(int(os.Stdin.Fd())) || !term.IsTerminal(int(os.Stdout.Fd())) {
		return usagef("the REPL needs a terminal; without one use: sandrepl exec %s -c CODE", options.SandboxID)
	}
	where, metered := "this machine", (*pricing.Instance)(nil)
	if named, isRemote := f.remote(); isRemote {
		instance, err := f.instanceType()
		if err != nil {
			return err
		}
		where, metered = named.URL, &instance
	}
	app := tui.Options{
		Save:      f.saveNotebook,
		SandboxID: options.SandboxID, Worker: where, Instance: metered, NoColor: os.Getenv("NO_COLOR") != "", ASCII: asciiOnly(os.Getenv),
		Drafts: filepath.Join(xdg.StateHome, "sandrepl", "drafts"),
		Open: func(ctx context.Context, onEvent func(session.Event), answer session.Answerer) (*session.Session, error) {
			o := options
			o.OnEvent = onEvent
			if o.Answer == nil {
				o.Answer = answer
			}
			return f.open(ctx, o)
		},
	}
	store, err := history.Open(history.DefaultPath())
	if err == nil {
		defer store.Close()
		app.History = store
		if warning := store.Warning(); warning != "" {
			app.Warnings = append(app.Warnings, warning)
		}
	} else {
		app.Warnings = append(app.Warnings, err.Error())
	}
	model, err := tui.Run(cmd.Context(), app)
	opened := model.Session() != nil
	err = errors.Join(err, model.Close())
	if errors.Is(err, tea.ErrProgramKilled) && cmd.Context().Err() != nil {
		err = nil // asked to end by a signal
	}
	if opened && metered != nil {
		u := model.Usage()
		fmt.Fprintf(cmd.OutOrStdout(), "This session cost about %s: sandrepl cost --instance %s --awake %s --busy %s\n",
			pricing.Dollars(metered.Cost(u).Total()), metered.Name, pricing.Span(u.Awake), pricing.Span(u.Busy))
	}
	if opened {
		fmt.Fprintf(cmd.OutOrStdout(), "Sandbox %[1]s lives on. Come back with: sandrepl %[1]s\n", options.SandboxID)
	}
	return err
}

// asciiOnly tells whether the locale says that the terminal knows no Unicode. One that says nothing does know it.
func asciiOnly(env func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale := strings.ToUpper(env(name)); locale != "" {
			return !strings.Contains(locale, "UTF-8") && !strings.Contains(locale, "UTF8")
		}
	}
	return false
}
