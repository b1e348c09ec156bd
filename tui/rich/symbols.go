package rich

import (
	"strings"
)

// symbols are the commands of LaTeX that stand for a character. Those with spaces around them are operators.
var symbols = func() map[string]string {
	all := map[string]string{
		",": " ", ";": " ", ":": " ", ">": " ", "!": "", " ": " ", "quad": "  ", "qquad": "    ", "{": "{", "}": "}", "$": "$", "%": "%", "&": "&", "#": "#", "_": "_",
		"|": "‖", "lbrace": "{", "rbrace": "}", "langle": "⟨", "rangle": "⟩", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "lvert": "|", "rvert": "|",
		"lVert": "‖", "rVert": "‖", "vert": "|", "Vert": "‖", "mid": " | ", "backslash": `\`, "colon": ":", "lbrack": "[", "rbrack": "]",
		"dots": "…", "ldots": "…", "cdots": "⋯", "vdots": "⋮", "ddots": "⋱", "prime": "′", "infty": "∞", "partial": "∂", "nabla": "∇", "ell": "ℓ", "hbar": "ℏ",
		"Re": "Re", "Im": "Im", "aleph": "ℵ", "emptyset": "∅", "varnothing": "∅", "forall": "∀", "exists": "∃", "nexists": "∄", "neg": "¬", "lnot": "¬",
		"top": "⊤", "bot": "⊥", "angle": "∠", "degree": "°", "circ": "∘", "bullet": "•", "star": "⋆", "dagger": "†", "ddagger": "‡", "checkmark": "✓",
		"sum": "∑", "prod": "∏", "coprod": "∐", "int": "∫", "iint": "∬", "iiint": "∭", "oint": "∮", "bigcup": "⋃", "bigcap": "⋂", "bigoplus": "⨁", "bigotimes": "⨂",
		"bigvee": "⋁", "bigwedge": "⋀", "imath": "ı", "jmath": "ȷ", "triangle": "△", "square": "□", "blacksquare": "■", "diamond": "⋄", "clubsuit": "♣", "wp": "℘",
		"slash": "/", "S": "§", "P": "¶", "pounds": "£", "copyright": "©", "LaTeX": "LaTeX", "TeX": "TeX", "textbackslash": `\`, "mathellipsis": "…",
	}
	for name, operator := range map[string]string{
		"times": "×", "div": "÷", "cdot": "·", "pm": "±", "mp": "∓", "ast": "∗", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "neq": "≠", "ne": "≠", "approx": "≈",
		"equiv": "≡", "sim": "∼", "simeq": "≃", "cong": "≅", "propto": "∝", "ll": "≪", "gg": "≫", "in": "∈", "notin": "∉", "ni": "∋", "subset": "⊂", "supset": "⊃",
		"subseteq": "⊆", "supseteq": "⊇", "cup": "∪", "cap": "∩", "setminus": "∖", "wedge": "∧", "land": "∧", "vee": "∨", "lor": "∨", "oplus": "⊕", "otimes": "⊗",
		"odot": "⊙", "perp": "⊥", "parallel": "∥", "to": "→", "rightarrow": "→", "leftarrow": "←", "gets": "←", "leftrightarrow": "↔", "Rightarrow": "⇒", "implies": "⇒",
		"Leftarrow": "⇐", "impliedby": "⇐", "Leftrightarrow": "⇔", "iff": "⇔", "mapsto": "↦", "longrightarrow": "⟶", "longleftarrow": "⟵", "Longrightarrow": "⟹",
		"uparrow": "↑", "downarrow": "↓", "hookrightarrow": "↪", "nearrow": "↗", "searrow": "↘", "vdash": "⊢", "dashv": "⊣", "models": "⊨", "doteq": "≐", "bmod": "mod",
		"coloneqq": "≔", "triangleq": "≜", "asymp": "≍", "prec": "≺", "succ": "≻", "lt": "<", "gt": ">", "mod": "mod",
	} {
		all[name] = " " + operator + " "
	}
	names := strings.Fields("alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho varsigma sigma tau upsilon phi chi psi omega")
	for i, name := range names {
		all[name] = string(rune('α' + i))
		all[strings.ToUpper(name[:1])+name[1:]] = string(rune('Α' + i))
	}
	all["varepsilon"], all["vartheta"], all["varphi"], all["varrho"], all["varpi"], all["varkappa"], all["phi"], all["digamma"] = "ε", "ϑ", "φ", "ϱ", "ϖ", "ϰ", "ϕ", "ϝ"
	delete(all, "Varsigma")
	return all
}()

// functions are written upright, with a space before what they are of.
var functions = func() map[string]bool {
	all := map[string]bool{}
	for name := range strings.FieldsSeq("sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth log ln lg exp lim limsup liminf max min sup inf det dim ker gcd deg arg hom Pr tr rank sgn argmax argmin") {
		all[name] = true
	}
	return all
}()

// accents are combining marks, after the character that they stand on.
var accents = map[string]string{
	"hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303", "bar": "\u0304", "overline": "\u0305", "vec": "\u20d7", "overrightarrow": "\u20d7",
	"dot": "\u0307", "ddot": "\u0308", "acute": "\u0301", "grave": "\u0300", "check": "\u030c", "breve": "\u0306", "mathring": "\u030a", "underline": "\u0332",
}

// An alphabet is capital and small letters in a style of mathematics.
type alphabet struct {
	capital, small rune // the A and the a; 0 for none
	others         map[rune]rune
}

func (a alphabet) of(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case a.others[r] != 0:
			return a.others[r]
		case r >= 'A' && r <= 'Z' && a.capital != 0:
			return a.capital + r - 'A'
		case r >= 'a' && r <= 'z' && a.small != 0:
			return a.small + r - 'a'
		}
		return r
	}, text)
}

// Bold and italic letters are left as they are: few fonts have them in a width that reads well.
var alphabets = map[string]alphabet{
	"mathbb":  {'𝔸', 0, map[rune]rune{'C': 'ℂ', 'H': 'ℍ', 'N': 'ℕ', 'P': 'ℙ', 'Q': 'ℚ', 'R': 'ℝ', 'Z': 'ℤ', '1': '𝟙'}},
	"mathcal": {'𝒜', 0, map[rune]rune{'B': 'ℬ', 'E': 'ℰ', 'F': 'ℱ', 'H': 'ℋ', 'I': 'ℐ', 'L': 'ℒ', 'M': 'ℳ', 'R': 'ℛ'}},
	"mathscr": {'𝒜', 0, map[rune]rune{'B': 'ℬ', 'E': 'ℰ', 'F': 'ℱ', 'H': 'ℋ', 'I': 'ℐ', 'L': 'ℒ', 'M': 'ℳ', 'R': 'ℛ'}},
	"mathbf":  {}, "mathit": {}, "boldsymbol": {}, "bm": {}, "mathsf": {}, "mathtt": {}, "mathfrak": {}, "mathnormal": {},
}

// matrices are environments whose rows are told apart, with what stands around them.
var matrices = map[string][2]string{
	"matrix": {"[", "]"}, "pmatrix": {"(", ")"}, "bmatrix": {"[", "]"}, "Bmatrix": {"{", "}"}, "vmatrix": {"|", "|"}, "Vmatrix": {"‖", "‖"},
	"smallmatrix": {"[", "]"}, "array": {"[", "]"}, "cases": {"{ ", ""},
}

var fractions = map[string]string{"1/2": "½", "1/3": "⅓", "2/3": "⅔", "1/4": "¼", "3/4": "¾", "1/5": "⅕", "1/6": "⅙", "1/8": "⅛"}

func pairs(from, to string) map[rune]rune {
	all, letters := map[rune]rune{}, []rune(to)
	for i, r := range []rune(from) {
		all[r] = letters[i]
	}
	return all
}

var (
	superscripts = pairs("0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδεθιφχ′ ", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᵋᶿᶥᵠᵡ′ ")
	subscripts   = pairs("0123456789+-−=()aehijklmnoprstuvxβγρφχ ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ ")
)
