// Package report turns a backtest.Result into things that people and programs read: a page, a table on a terminal,
// JSON and CSV. It does the same for a frontier, the cost and tracking error of one policy under many parameters.
//
// Pages are single files that open without a network: scripts, styles and numbers are inside, and a content security
// policy forbids everything else. Names, reasons and policy texts may come from anybody: the server side writes them
// through html/template, the numbers travel as JSON that cannot close its element, and the scripts only ever set text.
// The charts are drawn by uPlot (MIT), which is embedded from assets/uplot.
//
// Rounding: JSON and CSV keep every decimal exactly as the engine computed it. Pages and terminals show floats of 7 to
// 9 significant digits, which are for the eye. A negative zero is never shown.
//
// Limits: a page shows at most 10,000 lots and about 60,000 points of their curves, and says so when it leaves any
// out; result.json has them all. Names on a terminal are cut to the width of a column, and control characters in them
// are replaced.
//
// Errors: only those of the writer and of the file system, wrapped in ErrWrite.
package report
