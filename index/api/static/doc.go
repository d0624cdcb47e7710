// Package static serves the files of a page that is one program: every path that is no file is a view of it, which the
// page itself tells apart, so it gets index.html.
//
// Files are read once. What compresses is sent compressed to whoever takes that: a file NAME.gz stands for NAME, alone
// or beside it. What lies in assets/ has names that change with the content and is kept by browsers for a year; of
// everything else they ask whether it is still the same.
package static
