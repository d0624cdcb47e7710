package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Page is the files of the page: index.html, and what it needs. Names in assets/ change with their content. A file
// NAME.gz stands for NAME.
func Page() fs.FS {
	page, err := fs.Sub(dist, "dist")
	if err != nil {
		return dist // never: the name is a valid one
	}
	return page
}
