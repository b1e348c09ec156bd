"""How a value is shown: as text, as rich forms by MIME type, and anew when it changes."""
