package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
	"github.com/spf13/pflag"

	"github.com/sandrepl/sandrepl/config"
	"github.com/sandrepl/sandrepl/themes"
	"github.com/sandrepl/sandrepl/tui"
)

// settingOf names the setting that a flag comes before.
var settingOf = map[string]string{
	"worker-url": "worker_url", "transport": "transport", "python": "python", "instance": "instance", "theme": "theme",
}

// careless are the commands that no setting is for: they work whatever is in the file.
var careless = []string{"config", "completion", "man", "help", "version", "__complete", "__completeNoDesc"}

// settle reads the settings, and gives the flags that were not given their values.
func (f *flags) settle(cmd *cobra.Command) error {
	for c := cmd; c != nil; c = c.Parent() {
		for _, name := range careless {
			if c.Name() == name {
				return nil
			}
		}
	}
	loaded, err := f.settings(cmd.Flags())
	if err != nil {
		return usagef("the settings are not right:\n%w\nsandrepl config --example shows a file that is", err)
	}
	f.config = loaded
	f.workerURL, f.transport, f.python, f.instance, f.theme = loaded.WorkerURL, loaded.Transport, loaded.Python, loaded.Instance, loaded.Theme
	return nil
}

// settings are those in effect: by flags, the environment, the file and the defaults, in this order.
func (f *flags) settings(given *pflag.FlagSet) (config.Loaded, error) {
	loaded, err := config.Load(config.Path(), os.Getenv)
	problems := []error{err}
	given.Visit(func(flag *pflag.Flag) {
		if key, ok := settingOf[flag.Name]; ok {
			problems = append(problems, loaded.Override(key, flag.Name, flag.Value.String()))
		}
	})
	f.looks, f.looksWarnings, f.looksErr = themes.All(filepath.Join(config.Dir(), "themes"))
	if f.looksErr != nil {
		f.looksWarnings = append(f.looksWarnings, f.looksErr.Error())
	}
	if names := themes.Names(f.looks); loaded.Theme != themes.Auto && !f.has(loaded.Theme) {
		what := fmt.Sprintf("there is no theme %q: the themes are auto, %s", loaded.Theme, strings.Join(names, ", "))
		if near := config.Nearest(loaded.Theme, append(names, themes.Auto)); near != "" {
			what = fmt.Sprintf("there is no theme %q: did you mean %s?", loaded.Theme, near)
		}
		problems = append(problems, config.SettingError{Source: loaded.From("theme"), What: what}, f.looksErr)
	}
	return loaded, errors.Join(append(problems, checkKeys(loaded.Keys)...)...)
}

func (f *flags) has(theme string) bool {
	_, ok := themes.Named(f.looks, theme)
	return ok
}

// checkKeys holds bindings to the commands there are, and finds keys that would mean two things.
func checkKeys(bindings []config.Binding) (problems []error) {
	var names []string
	for _, c := range tui.Commands() {
		names = append(names, c.Name)
	}
	at := map[string]config.Source{}
	for _, b := range bindings {
		at[b.Command] = b.Source
	}
	unknown, conflicts := tui.CheckKeys(keysByCommand(bindings))
	for _, name := range unknown {
		what := name + " is no command: sandrepl config --example lists them all"
		if near := config.Nearest(name, names); near != "" {
			what = fmt.Sprintf("%s is no command: did you mean %s?", name, near)
		}
		problems = append(problems, config.SettingError{Source: at[name], What: what})
	}
	for _, c := range conflicts {
		problems = append(problems, config.SettingError{Source: at[c.Command], What: fmt.Sprintf("%s is the key of %s too: give that another one, or [] for none", c.Key, c.Other)})
	}
	return problems
}

func keysByCommand(bindings []config.Binding) map[string][]string {
	keys := map[string][]string{}
	for _, b := range bindings {
		keys[b.Command] = b.Keys
	}
	return keys
}

func newConfig(f *flags) *cobra.Command {
	var example, edit bool
	cmd := &cobra.Command{
		Use: "config", Short: "Tell the settings in effect, and where each comes from", Args: atMost(0),
		Long: `Tell where the settings are looked for, which are in effect, and where each comes from: a flag,
the environment, a line of the file, or its default. --example prints a file with all of them,
--edit opens yours.`,
		Example: "  sandrepl config\n  sandrepl config --edit\n  sandrepl config --example > config.toml",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if example {
				_, err := fmt.Fprint(cmd.OutOrStdout(), exampleConfig())
				return err
			}
			if edit {
				if err := editConfig(cmd, config.Path()); err != nil {
					return err
				}
			}
			loaded, err := f.settings(cmd.Flags())
			there := ""
			if _, missing := os.Stat(loaded.Path); missing != nil {
				there = " (there is none yet)"
			}
			fmt.Fprintf(cmd.OutOrStdout(), "# %s%s\n", loaded.Path, there)
			if printing := loaded.Print(cmd.OutOrStdout()); printing != nil {
				return printing
			}
			if !errors.Is(err, f.looksErr) {
				err = errors.Join(err, f.looksErr)
			}
			if err != nil {
				return usagef("the settings are not right:\n%w", err)
			}
			for _, warning := range f.looksWarnings {
				fmt.Fprintln(cmd.ErrOrStderr(), "sandrepl:", warning)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&edit, "edit", false, "open the file in $VISUAL or $EDITOR, with every setting in it where there was none; then check it")
	cmd.Flags().BoolVar(&example, "example", false, "print a file with every setting, explained, at its default")
	return cmd
}

func exampleConfig() string {
	var commands []config.Command
	for _, c := range tui.Commands() {
		commands = append(commands, config.Command(c))
	}
	return config.Example(commands)
}

// editConfig lets the user's editor have the file, which is the example when there was none.
func editConfig(cmd *cobra.Command, path string) error {
	editor := os.Getenv("VISUAL")
	if editor == "" {
		editor = os.Getenv("EDITOR")
	}
	words := tui.EditorCommand(editor)
	if words == nil {
		return usagef("no editor is named: set VISUAL or EDITOR, as in: export EDITOR=vim; the file is %s", path)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("edit the settings: %w", err)
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = file.WriteString(exampleConfig())
		err = errors.Join(err, file.Close())
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("edit the settings: %w", err)
	}
	program := exec.CommandContext(cmd.Context(), words[0], append(words[1:], path)...) //nolint:gosec // the user's own editor
	program.Stdin, program.Stdout, program.Stderr = os.Stdin, cmd.OutOrStdout(), cmd.ErrOrStderr()
	if err := program.Run(); err != nil {
		return fmt.Errorf("edit the settings: %s: %w", editor, err)
	}
	return nil
}

func newMan() *cobra.Command {
	return &cobra.Command{
		Use: "man DIR", Short: "Write the man pages into a folder",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("name the folder that the man pages go into, such as ~/.local/share/man/man1")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return fmt.Errorf("write the man pages: %w", err)
			}
			cmd.Root().DisableAutoGenTag = true
			return doc.GenManTree(cmd.Root(), &doc.GenManHeader{Title: "SANDREPL", Section: "1", Source: "sandrepl"}, args[0])
		},
	}
}
