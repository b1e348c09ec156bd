package themes

import (
	"embed"
	"io/fs"
	"sync"

	"github.com/alecthomas/chroma/v2"
)

// The lexers are chroma's own files, those of the languages that a Python session shows. Its package of lexers reads all of its
// 279 whenever a program begins, whether anything is highlighted or not, and each new sandbox is this program too.
//
//go:embed lexers/*.xml
var lexerFiles embed.FS

var pythonLexer = sync.OnceValue(func() chroma.Lexer { return chroma.MustNewXMLLexer(lexerFiles, "lexers/python.xml") })

// lexers knows all of them by name, alias and ending.
var lexers = sync.OnceValue(func() *chroma.LexerRegistry {
	known := chroma.NewLexerRegistry()
	paths, _ := fs.Glob(lexerFiles, "lexers/*.xml")
	for _, path := range paths {
		known.Register(chroma.MustNewXMLLexer(lexerFiles, path))
	}
	return known
})
