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

	"github.com/sandrepl/sandrepl/config"
	"github.com/sandrepl/sandrepl/history"
	"github.com/sandrepl/sandrepl/pricing"
	"github.com/sandrepl/sandrepl/session"
	"github.com/sandrepl/sandrepl/tui"
)

// repl shows the application and, after it, how to come back.
func (f *flags) repl(cmd *cobra.Command, args []string) error {
	return f.replWith(cmd, args, tui.Play{})
}

// replWith steps through a script, if there is one.
func (f *flags) replWith(cmd *cobra.Command, args []string, play tui.Play) error {
	options, err := f.session(args)
	if err != nil {
		return err
	}
	if f.plain || os.Getenv("TERM") == "dumb" || !isTerminal(cmd.InOrStdin()) || !isTerminal(cmd.OutOrStdout()) {
		if len(play.Script.Steps) > 0 {
			return usagef("stepping through cells needs a terminal: sandrepl exec runs a script without one")
		}
		return f.replPlainly(cmd, options)
	}
	play.List, play.Open = scriptsHere, openScript
	where, metered := "this machine", (*pricing.Instance)(nil)
	if named, isRemote := f.remote(); isRemote {
		instance, err := f.instanceType()
		if err != nil {
			return err
		}
		where, metered = named.URL, &instance
	}
	app := tui.Options{
		Save: f.saveCells, Play: play,
		SandboxID: options.SandboxID, Worker: where, Instance: metered, NoColor: os.Getenv("NO_COLOR") != "", ASCII: f.config.ASCII || asciiOnly(os.Getenv),
		Drafts: filepath.Join(xdg.StateHome, "sandrepl", "drafts"), Keys: keysByCommand(f.config.Keys), Screen: f.screen(),
		Open: func(ctx context.Context, onEvent func(session.Event), answer session.Answerer) (*session.Session, error) {
			o := options
			o.OnEvent = onEvent
			if o.Answer == nil {
				o.Answer = answer
			}
			return f.open(ctx, o)
		},
	}
	app.Warnings = append(app.Warnings, f.looksWarnings...)
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

// screen is how the application looks: as it is set or, where nothing is, as it was left.
func (f *flags) screen() tui.Screen {
	c, was := f.config, config.LoadState(config.StatePath())
	unset := func(key string) bool { return c.From(key) == config.Source{} }
	s := tui.Screen{
		Themes: f.looks, Theme: c.Theme, Background: c.Background, ReducedMotion: c.ReducedMotion,
		Notifications: c.Notifications, EditingMode: c.EditingMode, Images: c.Images,
		State: tui.State{
			LocalsWidth: c.LocalsWidth, LocalsRows: was.LocalsRows, LocalsHidden: !c.LocalsShown, EditorRows: was.EditorRows, Theme: was.Theme, Welcomed: was.Welcomed,
		},
		Remember: func(s tui.State) error { return config.State(s).Save(config.StatePath()) },
	}
	if unset("theme") && f.has(was.Theme) {
		s.Theme = was.Theme
	}
	if c.LocalsWidth == 0 {
		s.State.LocalsWidth = was.LocalsWidth
	}
	if unset("locals.shown") {
		s.State.LocalsHidden = was.LocalsHidden
	}
	return s
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
