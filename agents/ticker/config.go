package ticker

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cast"
)

// ErrConfig says what is wrong in the section [oracle] of app.toml.
var ErrConfig = errors.New("app.toml")

// Config is what a ticker is made of.
type Config struct {
	Enabled      bool
	Interval     time.Duration // between two questions for the same price
	Timeout      time.Duration // of a question
	MaxAge       time.Duration // of a price that is said
	MinProviders int           // that must know a price
	Providers    []Provider
}

const (
	section      = "oracle"
	minInterval  = 500 * time.Millisecond
	maxInterval  = 10 * time.Minute
	minTimeout   = 100 * time.Millisecond
	maxProviders = 16
	maxAssets    = 128
)

// Template is the section of a new node's app.toml.
const Template = `
###############################################################################
###                        Prices for votes ([oracle])                      ###
###############################################################################

[oracle]

# A validator votes on prices when the chain asks for them. With true this node asks the providers below, and puts
# what they say into its votes; with false its votes say nothing. It makes no difference to a node that is no validator.
enabled = false

# How often every provider is asked, and how long an answer may take.
interval = "5s"
timeout = "3s"

# A price that is older is left out of the vote.
max-age = "60s"

# A price is the median of the providers that have one. With fewer than this number the asset is left out.
min-providers = 1

# Providers: a block of lines for each. "assets" says which symbol of the provider is the price of a display unit of
# which denom, in the chain's unit of account: "SYMBOL=DENOM". Take three or more for each asset.
#
# Exchanges that are known by name: binance (BTCUSDT), bybit (BTCUSDT), coinbase (BTC-USD), gate (BTC_USDT),
# kraken (XXBTZUSD), okx (BTC-USDT).
#
#   [[oracle.providers]]
#   preset = "kraken"
#   assets = ["XXBTZUSD=ubtc", "XETHZUSD=aeth"]
#
# Any address that answers JSON. A path is names and positions with dots between them. "price" is needed; "symbol"
# is compared with the symbol that was asked for, "time" is when the price was one.
#
#   [[oracle.providers]]
#   name = "mine"
#   url = "https://prices.example/v1?pair={symbol}"
#   price = "data.{symbol}.last"
#   symbol = "data.{symbol}.name"
#   time = "data.{symbol}.time"
#   assets = ["BTC/USD=ubtc"]
#
# A file that another program writes: lines of symbol and price, or JSON like {"BTC": "100000.5"} when its name ends
# in .json. It is read at every interval; its prices are as old as the file.
#
#   [[oracle.providers]]
#   file = "/var/lib/prices.csv"
#   assets = ["BTC=ubtc"]
`

// Read reads the section [oracle]. get returns what app.toml has at a key, as the options of an application do.
// Providers are read only when they are enabled.
func Read(get func(key string) any) (c Config, err error) { return read(get, false) }

// ReadAll reads the section as Read does, and its providers even while they are not enabled: for a look beforehand.
func ReadAll(get func(key string) any) (c Config, err error) { return read(get, true) }

func read(get func(key string) any, everything bool) (c Config, err error) {
	c = Config{Interval: 5 * time.Second, Timeout: 3 * time.Second, MaxAge: time.Minute, MinProviders: 1}
	keys := []string{"enabled", "interval", "timeout", "max-age", "min-providers", "providers"}
	if all, isMap := get(section).(map[string]any); isMap {
		if err := known(section, all, keys); err != nil {
			return c, err
		}
	}
	c.Enabled, err = value(get, "enabled", false, "true or false", cast.ToBoolE)
	if err != nil || !c.Enabled && !everything {
		return c, err
	}
	for _, d := range []struct {
		key      string
		into     *time.Duration
		min, max time.Duration
	}{
		{"interval", &c.Interval, minInterval, maxInterval},
		{"timeout", &c.Timeout, minTimeout, time.Minute},
		{"max-age", &c.MaxAge, time.Second, time.Hour},
	} {
		expected := fmt.Sprintf("a time of %v to %v, such as \"%v\"", d.min, d.max, *d.into)
		if *d.into, err = value(get, d.key, *d.into, expected, duration); err != nil {
			return c, err
		}
		if *d.into < d.min || *d.into > d.max {
			return c, wrong(section+"."+d.key, expected, *d.into)
		}
	}
	expected := fmt.Sprintf("a number of 1 to %d", maxProviders)
	if c.MinProviders, err = value(get, "min-providers", 1, expected, cast.ToIntE); err != nil {
		return c, err
	}
	if c.MinProviders < 1 || c.MinProviders > maxProviders {
		return c, wrong(section+".min-providers", expected, c.MinProviders)
	}
	return c, c.readProviders(get(section + ".providers"))
}

// duration reads a time with its unit: a bare number would be nanoseconds.
func duration(v any) (time.Duration, error) {
	text, err := cast.ToStringE(v)
	if err != nil {
		return 0, err
	}
	return time.ParseDuration(text)
}

// value reads one value of the section; what is not there is other.
func value[T any](
	get func(string) any, key string, other T, expected string, read func(any) (T, error),
) (T, error) {
	v := get(section + "." + key)
	if v == nil {
		return other, nil
	}
	got, err := read(v)
	if err != nil {
		return other, wrong(section+"."+key, expected, v)
	}
	return got, nil
}

func wrong(key, expected string, got any) error {
	return fmt.Errorf("%w: %s: expected %s, got %q", ErrConfig, key, expected, fmt.Sprint(got))
}

// known refuses keys that nobody reads: most are misspelt.
func known(where string, all map[string]any, keys []string) error {
	for _, key := range slices.Sorted(maps.Keys(all)) {
		if !slices.Contains(keys, key) {
			return wrong(where, "one of the keys "+strings.Join(keys, ", "), key)
		}
	}
	return nil
}

func (c *Config) readProviders(from any) error {
	list, err := cast.ToSliceE(from)
	if err != nil || len(list) == 0 || len(list) > maxProviders {
		return wrong(section+".providers", fmt.Sprintf("1 to %d blocks that begin with [[oracle.providers]], or "+
			"enabled = false", maxProviders), from)
	}
	names, counts := make(map[string]bool), make(map[string]int)
	for i, block := range list {
		where := fmt.Sprintf("%s.providers, block %d", section, i+1)
		p, err := readProvider(where, block)
		if err != nil {
			return err
		}
		if names[p.Name] {
			return wrong(where, "another name than those before: set name", p.Name)
		}
		names[p.Name] = true
		if round := p.pause * time.Duration(len(p.Assets)); round+c.Interval > c.MaxAge {
			return wrong(section+".max-age", fmt.Sprintf("at least %v: %s is asked %d times in a round, a round lasts %v, "+
				"and the next begins after %v", round+c.Interval, p.Name, len(p.Assets), round, c.Interval), c.MaxAge)
		}
		for _, a := range p.Assets {
			counts[a.Denom]++
		}
		c.Providers = append(c.Providers, p)
	}
	for _, denom := range slices.Sorted(maps.Keys(counts)) {
		if counts[denom] < c.MinProviders {
			return wrong(section+".min-providers", fmt.Sprintf("at most %d, which is how many have %s", counts[denom], denom),
				c.MinProviders)
		}
	}
	return nil
}
