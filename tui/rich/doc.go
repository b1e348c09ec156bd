// Package rich turns a value's forms (a mimebundle: text by MIME type, images in base64) into rows of text for one width:
// pictures, markdown, LaTeX, HTML, JSON. It chooses the form that reads best, and says so when that is the plain text, which
// is left to whoever shows plain text.
//
// A bundle is untrusted. What leaves here is text and SGR colours, through [sanitize] after everything that can write a
// character in another way is undone (an entity of HTML, a command of LaTeX), and pictures that were drawn anew: no byte of a
// bundle's image reaches the terminal. Sizes are looked at before anything is unpacked.
//
// It is no browser and no TeX: it drops what it does not know and keeps the words.
package rich
