package editor

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// command is one sentence of vi's: ["register] [count] [operator [count]] key [argument].
type viCommand struct {
	register string
	count    int // both counts multiplied; 0 when none is given
	operator string
	key      string // what is done, or in which way the operator goes; with visual mode's operators ""
	argument string // the character that the key needs
	shape    *shape // of what visual mode had selected, for doing it again
}

func (c viCommand) times() int { return max(1, c.count) }

// row is one entry of the grammar.
type row struct {
	key      string
	argument bool // a character follows
	does     string
	motion   motionOf
	changes  bool
	run      func(m Model, c viCommand) (Model, tea.Cmd)
}

// grammar is all that vi's keys can say, and what F1 tells of it.
type grammar struct {
	motions   map[string]row
	objects   map[string]row
	operators map[string]row
	actions   map[string]row // in normal mode
	selected  map[string]row // in visual mode
	help      []key.Binding
}

// viGrammar is made at the start, since what a row does may need another row.
var viGrammar *grammar

func init() { viGrammar = newGrammar() }

// What counts are bounded to, so that none is a wait: in general, for what is typed again, and in bytes of text.
const (
	maxCount = 9999
	maxTimes = 300
	maxShift = 40 // stops
	maxBytes = 1 << 20
)

// repeatedText is text as often as is counted, within bounds.
func repeatedText(text string, times int) string {
	return strings.Repeat(text, max(1, min(times, maxBytes/max(1, len(text)))))
}

// parse reads the keys of a command. It is not known when no command begins so, and done when it says all that it needs.
func (g *grammar) parse(keys []string, visual bool) (c viCommand, done, known bool) {
	r := keyReader{keys}
	c.register, c.count = r.registerAndCount()
	if len(r.keys) == 1 && r.keys[0] == registerSign {
		return c, false, true
	}
	name, ok := r.name(visual)
	if !ok {
		return c, false, true
	}
	if _, operates := g.operators[name]; operates && !visual {
		c.operator = name
		n := r.count()
		if name, ok = r.name(true); !ok {
			return c, false, true
		}
		if n > 0 {
			c.count = min(c.times()*n, maxCount)
		}
		if name == c.operator || "g"+name == c.operator {
			name = wholeLines
		}
	}
	row, ok := g.lookUp(name, c.operator != "", visual)
	if !ok {
		return c, false, false
	}
	c.key = name
	if visual && row.motion == nil && g.operators[name].run != nil {
		c.operator, c.key = name, ""
	}
	if row.argument {
		if c.argument, ok = r.next(); !ok {
			return c, false, true
		}
	}
	return c, true, true
}

func (g *grammar) lookUp(name string, operating, visual bool) (row, bool) {
	tables := []map[string]row{g.motions, g.actions}
	switch {
	case operating:
		tables = []map[string]row{g.motions, g.objects}
	case visual:
		tables = []map[string]row{g.motions, g.objects, g.selected, g.operators}
	}
	for _, table := range tables {
		if found, ok := table[name]; ok {
			return found, true
		}
	}
	return row{}, false
}

// row is what carries a command out.
func (g *grammar) row(c viCommand, visual bool) row {
	if c.operator != "" {
		return g.operators[c.operator]
	}
	found, _ := g.lookUp(c.key, false, visual || c.shape != nil)
	return found
}

// keyReader takes keys one after the other.
type keyReader struct{ keys []string }

func (r *keyReader) next() (k string, ok bool) {
	if len(r.keys) == 0 {
		return "", false
	}
	k, r.keys = r.keys[0], r.keys[1:]
	return k, true
}

func (r *keyReader) count() int {
	n := 0
	for len(r.keys) > 0 && len(r.keys[0]) == 1 && (r.keys[0] >= "1" || n > 0 && r.keys[0] >= "0") && r.keys[0] <= "9" {
		n = min(n*10+int(r.keys[0][0]-'0'), maxCount)
		r.keys = r.keys[1:]
	}
	return n
}

func (r *keyReader) registerAndCount() (register string, n int) {
	n = r.count()
	for len(r.keys) > 1 && r.keys[0] == registerSign {
		register, r.keys = r.keys[1], r.keys[2:]
		if more := r.count(); more > 0 {
			n = min(max(1, n)*more, maxCount)
		}
	}
	return register, n
}

// name is a key, or two of which the first says nothing alone. Keys that have a name of their own stand for vi's.
func (r *keyReader) name(objects bool) (name string, ok bool) {
	k, ok := r.next()
	if same, named := namedKeys[k]; named {
		k = same
	}
	if k != "g" && !(objects && (k == "i" || k == "a")) {
		return k, ok
	}
	second, ok := r.next()
	return k + second, ok
}

// wholeLines is the motion that an operator's key typed twice means.
const wholeLines = "_"

const registerSign = `"`

// namedKeys are the keys of a keyboard that mean what a letter means.
var namedKeys = map[string]string{
	"left": "h", "down": "j", "up": "k", "right": "l", "home": "0", "end": "$", "backspace": "h", " ": "l", "space": "l", "delete": "x", "insert": "i",
}

// newGrammar puts the tables together.
func newGrammar() *grammar {
	g := &grammar{}
	table := func(rows ...[]row) map[string]row {
		byKey := map[string]row{}
		for _, r := range slices.Concat(rows...) {
			keys := r.key
			for k := range strings.FieldsSeq(r.key) {
				if r.key = k; r.motion != nil && r.run == nil {
					r.run = moveBy(r.motion)
				}
				byKey[k] = r
			}
			if r.does != "" {
				g.help = append(g.help, key.NewBinding(key.WithKeys(keys), key.WithHelp(keys, r.does)))
			}
		}
		return byKey
	}
	for _, said := range [][2]string{
		{"1 to 9", "before a command or a motion: how often"},
		{registerSign + "a to " + registerSign + "z", "before a command: the register that it uses; capitals add to it"},
		{registerSign + clipboard, "the clipboard, to copy to"},
		{registerSign + nowhere, "no register"},
	} {
		g.help = append(g.help, key.NewBinding(key.WithKeys(said[0]), key.WithHelp(said[0], said[1])))
	}
	g.motions = table(charMotions(), wordMotions(), lineMotions(), searchMotions())
	g.operators = table(operators())
	g.objects = table(objects())
	g.actions = table(insertActions(), editActions(), otherActions())
	g.selected = table(visualActions())
	return g
}

// ViHelp is vi's keys, for the help.
func ViHelp() []key.Binding { return slices.Clone(viGrammar.help) }
