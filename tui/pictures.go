package tui

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"

	"github.com/sandrepl/sandrepl/session"
	"github.com/sandrepl/sandrepl/themes"
	"github.com/sandrepl/sandrepl/tui/rich"
	"github.com/sandrepl/sandrepl/tui/shot"
	"github.com/sandrepl/sandrepl/tui/transcript"
)

// pictures is what the root keeps of values that are more than their plain text, and of the terminal that shows them.
type pictures struct {
	gallery      *rich.Gallery
	picturesHigh int // rows that one may take
	environment  tea.EnvMsg
	version      string // as the terminal says it; "" until it does
	sixel        bool   // among what the terminal says that it can
	colours      int
	cellSize     [2]int // pixels, as the terminal says it
	guessedSize  [2]int // as the system says it
}

func newPictures() pictures { return pictures{gallery: rich.NewGallery(), colours: 1 << 24} }

// requestCellSize asks a terminal how many pixels a cell has (xterm's window operation 16).
const requestCellSize = 16

// sixelAttribute is what a terminal with sixels has among its device attributes (DA1).
const sixelAttribute = 4

func askCellSize() tea.Msg {
	return tea.RawMsg{Msg: ansi.WindowOp(requestCellSize) + ansi.RequestPrimaryDeviceAttributes}
}

// terminalIs takes what becomes known of the terminal.
func (m Model) terminalIs(msg tea.Msg) Model {
	switch msg := msg.(type) {
	case tea.EnvMsg:
		m.environment = msg
		if lightGround(msg.Getenv("COLORFGBG")) { // the terminal itself, if it answers, knows better
			m = m.themed(false)
		}
	case tea.TerminalVersionMsg:
		m.version = msg.Name
	case uv.PrimaryDeviceAttributesEvent:
		m.sixel = slices.Contains(msg, sixelAttribute)
	case tea.WindowSizeMsg:
		m.guessedSize = cellSize()
	case uv.CellSizeEvent:
		m.cellSize = [2]int{msg.Width, msg.Height}
	case tea.ColorProfileMsg:
		m = m.coloured(msg.Profile)
		m.colours = map[colorprofile.Profile]int{colorprofile.TrueColor: 1 << 24, colorprofile.ANSI256: 256, colorprofile.ANSI: 16}[msg.Profile]
	}
	colours := m.colours
	if m.opts.NoColor {
		colours = 0
	}
	size := m.cellSize
	if size == [2]int{} {
		size = m.guessedSize
	}
	t := rich.Terminal{CellWidth: size[0], CellHeight: size[1], Forgetful: rich.Forgets(m.version)}
	t.Protocol = rich.Detect(rich.Signs{Getenv: m.environment.Getenv, Version: m.version, Colours: colours, Sixel: m.sixel, Wanted: m.opts.Screen.Images}, t)
	m.gallery.SetTerminal(t)
	m.transcript = m.transcript.Redraw()
	return m.layout()
}

// pictureHeight lets a picture take what is in view at once, with the line of code above it; it stays while the editor grows.
func (m Model) pictureHeight(lines int) Model {
	high := max(m.look.bodyHeight()-4, 4)
	if high != m.picturesHigh && lines > 0 {
		m.picturesHigh = high
		m.gallery.SetHeight(high)
		m.transcript = m.transcript.Redraw()
	}
	return m
}

// pictured shows what was drawn meanwhile.
func (m Model) pictured(drawn rich.DrawnMsg) (tea.Model, tea.Cmd) {
	m.transcript = m.transcript.Redraw()
	if drawn.Repaint {
		return m, tea.Batch(tea.ClearScreen, m.gallery.Next)
	}
	if drawn.Raw == "" {
		return m, m.gallery.Next
	}
	return m, tea.Batch(tea.Raw(drawn.Raw), m.gallery.Next)
}

// leave ends the application; the terminal forgets its pictures first.
func (m Model) leave() tea.Cmd {
	if farewell := m.gallery.Farewell(); farewell != "" {
		return tea.Sequence(m.lastDraft(), tea.Raw(farewell), tea.Quit)
	}
	return tea.Sequence(m.lastDraft(), tea.Quit)
}

func (m Model) valued(cell string, v session.Value) Model {
	if d := m.gallery.Draw(rich.Bundle{Data: v.Data, Metadata: v.Metadata}); d != nil {
		m.transcript = m.transcript.Draw(cell, "", d)
	} else {
		m.transcript = m.transcript.Append(cell, transcript.Result, safeText(session.PlainText(v.Data))+"\n")
	}
	return m
}

func (m Model) displayed(cell string, v session.Display) Model {
	if d := m.gallery.Draw(rich.Bundle{Data: v.Data, Metadata: v.Metadata}); d != nil {
		m.transcript = m.transcript.Draw(cell, v.Transient.DisplayID, d)
	} else {
		m.transcript = m.transcript.Display(cell, v.Transient.DisplayID, transcript.Result, safeText(session.PlainText(v.Data))+"\n")
	}
	return m
}

func (m Model) redisplayed(v session.DisplayUpdate) Model {
	id := v.Transient.DisplayID
	if id == "" {
		return m
	}
	if d := m.gallery.Draw(rich.Bundle{Data: maps.Clone(v.Data), Metadata: v.Metadata}); d != nil {
		m.transcript = m.transcript.ReplaceDrawing(id, d)
	} else {
		m.transcript = m.transcript.Replace(id, transcript.Result, safeText(session.PlainText(v.Data))+"\n")
	}
	return m
}

// pictureSavedMsg says where the screen was saved, or why not.
type pictureSavedMsg struct {
	path string
	err  error
}

// savePicture writes the screen as it is now into a file of the folder that sandrepl was started in.
func (m Model) savePicture() tea.Cmd {
	content, theme, gallery := m.View().Content, m.look.theme, m.gallery
	id := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return '_'
	}, m.status.sandbox)
	return func() tea.Msg {
		path, err := filepath.Abs("sandrepl-" + id[:min(len(id), 60)] + "-" + time.Now().Format("20060102-150405") + ".svg")
		if err != nil {
			return pictureSavedMsg{err: err}
		}
		file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return pictureSavedMsg{err: err}
		}
		look := shot.Look{Dark: theme.Dark, Pictures: func(id int) *shot.Picture {
			data, columns, rows := gallery.PNG(id)
			if data == nil {
				return nil
			}
			return &shot.Picture{PNG: data, Columns: columns, Rows: rows}
		}}
		if c := theme.Color(themes.Foreground); c != nil {
			look.Foreground, look.Background = c, theme.Color(themes.Background)
		}
		err = shot.Draw(file, content, look)
		if closed := file.Close(); err == nil {
			err = closed
		}
		return pictureSavedMsg{path, err}
	}
}

func (m Model) pictureSaved(s pictureSavedMsg) Model {
	if s.err != nil {
		m.transcript = m.transcript.Notice(transcript.Warning, "The picture of the screen was not saved: "+safeLine(s.err.Error())+". Start sandrepl in a folder that you may write to.")
		return m
	}
	m.transcript = m.transcript.Notice(transcript.Info, "The screen is saved as a picture: "+safeLine(s.path))
	return m
}
