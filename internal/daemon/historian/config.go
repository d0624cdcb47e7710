package historian

import (
	"errors"
	"fmt"
	"net"
	"path/filepath"

	"github.com/spf13/cast"
)

// ErrConfig says that the section [history] cannot be used.
var ErrConfig = errors.New("history: invalid configuration")

// Config is the section [history] of app.toml.
type Config struct {
	Enabled bool
	Listen  string
	DB      string
}

// Template is the section of a new node.
const Template = `
###############################################################################
###                                 History                                 ###
###############################################################################

[history]

# enabled runs ballast-index beside this node: it follows the blocks into a database and serves the history over HTTP.
# It is a process of its own, started again when it ends, and ended with the node. It can be run by hand as well.
enabled = false

# address that the history is served at.
address = "localhost:1318"

# database is an SQLite file, below the data folder unless it is absolute. For PostgreSQL leave it empty and set
# BALLAST_INDEX_DSN in the environment of the node.
database = "history.db"
`

// Read reads the section.
func Read(get func(key string) any) (Config, error) {
	c := Config{Listen: cast.ToString(get("history.address")), DB: cast.ToString(get("history.database"))}
	var err error
	if on := get("history.enabled"); on != nil {
		if c.Enabled, err = cast.ToBoolE(on); err != nil {
			return c, fmt.Errorf("%w: enabled: expected true or false, got %v", ErrConfig, on)
		}
	}
	if !c.Enabled {
		return c, nil
	}
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		return c, fmt.Errorf("%w: address: expected one such as localhost:1318, got %q", ErrConfig, c.Listen)
	}
	return c, nil
}

// Args are what the program is called with, beside a node of this home.
func (c *Config) Args(home, rpc, rest string) []string {
	args := []string{"--node", rpc, "--listen", c.Listen, "--chain", rest}
	if file := c.file(home); file != "" {
		args = append(args, "--db", file)
	}
	return args
}

// file is the database: a relative one lies in the data of the home.
func (c *Config) file(home string) string {
	if c.DB == "" || home == "" || filepath.IsAbs(c.DB) {
		return c.DB
	}
	return filepath.Join(home, "data", c.DB)
}
