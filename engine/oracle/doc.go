// Package oracle turns the reports of many sources into one price per asset. Source: spec 06, spec 02 §2.2.
package oracle
