package editor

import (
	"encoding/json"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"
)

// verdictsPy prints, for each snippet of a JSON list, what Python's own REPL machinery thinks of it.
const verdictsPy = `
import codeop, json, sys, warnings
warnings.simplefilter("ignore")
def verdict(code):
    try:
        return "more" if codeop.compile_command(code, symbol="exec") is None else "runs"
    except (SyntaxError, OverflowError, ValueError):
        return "wrong"
print(json.dumps([verdict(c) for c in json.load(sys.stdin)]))
`

// Where Enter decides otherwise than codeop, on purpose:
const (
	waits  = "a block waits for a blank line: the next line may belong to it"
	magic  = "not Python: the kernel's own commands"
	lambda = "a colon at the end asks for more, as in IPython"
)

var completenessTests = []struct {
	code     string
	complete bool
	differs  string // why codeop says otherwise
}{
	{"", true, ""},
	{"x", true, ""},
	{"x = 1\ny = 2", true, ""},
	{"x;", true, ""},
	{"# only this", true, ""},
	{"x: int", true, ""},
	{"x: 'int'", true, ""},
	{"x = 'a:'", true, ""},
	{"x = 1  # why:", true, ""},

	{"x = (", false, ""},
	{"x = (1,\n", false, ""},
	{"x = (1,\n  2)", true, ""},
	{"d[1:", false, ""},
	{"d[1:2]", true, ""},
	{"{'a': (1, 2", false, ""},
	{"[\n1,\n\n", false, ""},
	{"f(')'", false, ""},
	{"f(  # )", false, ""},
	{"x = (]", true, ""},
	{"x)", true, ""},
	{"(a]\nb", true, ""},
	{"from a import (", false, ""},
	{"print('a", true, ""},
	{"'it''s'", true, ""},

	{`"""a`, false, ""},
	{"'''a\n\n", false, ""},
	{"'''a'''", true, ""},
	{"'''a''' '''b", false, ""},
	{"'''a\"\"\"", false, ""},
	{"f'''{", false, ""},
	{"rb'''\\'''", false, ""},
	{`r"\"`, true, ""},
	{"'a\\", false, ""},
	{"'a\\\nb'", true, ""},
	{"x = '''\n# '''", true, ""},
	{"def f():\n    \"\"\"doc", false, ""},
	{`f"{x["a`, true, ""},

	{"x = 1 + \\", false, ""},
	{"x = 1 + \\\n2", true, ""},
	{"x = 1 + \\\n", true, ""},
	{"'a' \\", false, ""},
	{"# c \\", true, ""},
	{"\\", false, ""},

	{"if x:", false, ""},
	{"if x:  # so", false, ""},
	{"if x:\n\n", false, ""},
	{"if x:\n    # so\n", false, ""},
	{"if x: pass", true, ""},
	{"if (a and\n    b):", false, ""},
	{"if x:\n    y", false, waits},
	{"if x:\n    y\n", true, ""},
	{"if x:\n    y\n    ", true, ""},
	{"if x:\n    y\nelse:", false, ""},
	{"if x:\n    y\nelse:\n    z\n", true, ""},
	{"if x:\n    y\nz", true, ""},
	{"if x:\n    y\nelse", true, ""},
	{"if x:\ny", true, ""},
	{"if 1:\n  a\n b", true, ""},
	{"x\n  y", true, ""},
	{"    x", true, ""},
	{"while 1:", false, ""},
	{"for i in x:\n    a\n\n    b", false, waits},
	{"with a as b:", false, ""},
	{"class A: pass", true, ""},
	{"class A:\n    def f(self):", false, ""},
	{"class A:\n    def f(self):\n        pass", false, waits},
	{"def f(", false, ""},
	{"def f():\n    return (\n", false, ""},
	{"def f():\n    return 1\n", true, ""},
	{"def f():\n    return 1\nf()", true, ""},
	{"def f():\n    '''\n    a\n    '''\n", true, ""},
	{"async def f():\n    await x\n", true, ""},
	{"await x", true, ""},

	{"try:", false, ""},
	{"try:\n    a\n", false, ""},
	{"try:\n    a\n\n\n", false, ""},
	{"try:\n    a\nexcept E:", false, ""},
	{"try:\n    a\nexcept E:\n    b\n", true, ""},
	{"try:\n    a\nfinally:\n    b\n", true, ""},
	{"try:\n    a\nb", true, ""},
	{"def f():\n    try:\n        a\n", false, ""},
	{"def f():\n    try:\n        a\nb", true, ""},

	{"@d", false, ""},
	{"@d\n", false, ""},
	{"@d(1,\n2)", false, ""},
	{"@d\ndef f():", false, ""},
	{"@d\ndef f(): pass", true, ""},
	{"a @ b", true, ""},

	{"x =", true, ""},
	{"1 +", true, ""},
	{"import", true, ""},
	{"return", true, ""},
	{"f = lambda:", false, lambda},

	{"!ls (", true, ""},
	{"!echo it's", true, ""},
	{"!ls \\", false, magic},
	{"%time f('", true, ""},
	{"os.path?", true, ""},
	{"%%bash\nls (", false, magic},
	{"%%bash\nif x; then\n", false, magic},
	{"%%bash\nif x; then\n\n", true, ""},
	{"%%time", false, magic},
	{"x = !echo {", true, ""},
	{"x = !echo '''", true, ""},
	{"rows, n = %time f(", true, ""},
	{"d[0] = !ls", true, ""},
	{"x = !echo \\", false, magic},
	{"x = 5 %(", false, ""},
	{"x = a != (", false, ""},
	{"\n%%bash\nls", false, magic},
	{"\n%%bash\nls\n", false, magic},
	{"\n%%bash\nls\n\n", true, ""},
	{"%%time\n\n", true, ""},
	{"%%time?", true, ""},
	{"if x:\n    !ls (\n", true, ""},
}

func TestCompleteness(t *testing.T) {
	var snippets []string
	for _, tt := range completenessTests {
		snippets = append(snippets, tt.code)
		if got := analyse(strings.Split(tt.code, "\n")).complete(); got != tt.complete {
			t.Errorf("%q: complete = %t, want %t", tt.code, got, tt.complete)
		}
	}
	for i, verdict := range pythonVerdicts(t, snippets) {
		tt := completenessTests[i]
		more := verdict == "more"
		if agrees := more != tt.complete; agrees != (tt.differs == "") {
			t.Errorf("%q: Enter runs it: %t; codeop wants more: %t; reason to differ: %q", tt.code, tt.complete, more, tt.differs)
		}
	}
}

func pythonVerdicts(t *testing.T, snippets []string) []string {
	t.Helper()
	in, err := json.Marshal(snippets)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("python3", "-c", verdictsPy)
	cmd.Stdin = strings.NewReader(string(in))
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("ask python3: %v (the editor's tests compare with Python's codeop; install python3)", err)
	}
	var verdicts []string
	if err := json.Unmarshal(out, &verdicts); err != nil || len(verdicts) != len(snippets) {
		t.Fatalf("python3 answered %q: %v", out, err)
	}
	return verdicts
}

// Whatever Python can run, Enter runs after a blank line; no text may leave the user stuck.
func TestWhatCompilesRuns(t *testing.T) {
	pieces := []string{"if x:", "else:", "elif y:", "try:", "except E:", "finally:", "pass", "return", "x = 1", "f(", "1,", ")", "[", "]", "{", "}",
		"'''", `"""`, "'a'", `"b`, "'", "f'{x}'", `rb'\'`, `\`, "# c", "#'", "\n", "\n", "\n    ", "\n    ", "\n        ", "\n  ", " ", "def f():", "@d", "class A:",
		"lambda: 0", "x[1:2]", ": int", ";", "with a as b:", "async def g():", "await x", "for i in y: pass", "\t", "é", "**", "=", "x: 'y'", "\\\n"}
	random := rand.New(rand.NewPCG(1, 2))
	var snippets []string
	for range 5000 {
		var b strings.Builder
		for range 1 + random.IntN(12) {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		snippets = append(snippets, b.String()+"\n\n")
	}
	runs := 0
	for i, verdict := range pythonVerdicts(t, snippets) {
		if verdict != "runs" {
			continue
		}
		runs++
		if !analyse(strings.Split(snippets[i], "\n")).complete() {
			t.Errorf("%q compiles, and Enter does not run it", snippets[i])
		}
	}
	if runs < 100 {
		t.Errorf("only %d of the snippets compile: too few to say anything", runs)
	}
}

func TestIndent(t *testing.T) {
	for code, want := range map[string]int{
		"x":                 0,
		"if x:":             4,
		"if x:  # so":       4,
		"if x:\n    y":      4,
		"if x:\n  y":        2,
		"if x:\n  if y:":    6,
		"if x:\n    return": 0,
		"def f():\n    for a in b:\n        continue": 4,
		"def f():\n    return (a,":                    8,
		"def f():\n    return (a,\n        b":         8,
		"def f():\n    x = (a,\n        b)":           4,
		"def f():\n    return (a,\n        b)":        0,
		"f(":                                          4,
		"f([":                                         4,
		"f(a,\n    [":                                 8,
		"x = 1 + \\":                                  4,
		"s = '''":                                     0,
		"s = '''\n  a":                                2,
		"def f():\n    '''doc'''":                     4,
		"if x:\n    y\n":                              0,
		"if x:\n    y\n    ":                          4,
		"\tx":                                         4,
		"returned = 1":                                0,
		"%%bash\n  if x; then":                        2,
		"@d":                                          0,
	} {
		lines := strings.Split(code, "\n")
		if got := analyse(lines).indent(lines[len(lines)-1]); got != want {
			t.Errorf("after %q: indent %d, want %d", code, got, want)
		}
	}
}
