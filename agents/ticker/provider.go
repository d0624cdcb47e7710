package ticker

import (
	"fmt"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cast"

	sdk "github.com/cosmos/cosmos-sdk/types"
)

// Provider is one that is asked: an address or a file.
type Provider struct {
	endpoint

	Name   string
	File   string
	Assets []Asset
}

// Asset is what a provider calls a symbol, and the denom that it is the price of.
type Asset struct{ Symbol, Denom string }

// readProvider reads one block.
func readProvider(where string, block any) (p Provider, err error) {
	all, err := cast.ToStringMapE(block)
	if err != nil {
		return p, wrong(where, "a block of lines key = value", block)
	}
	text := make(map[string]string)
	keys := []string{"name", "preset", "url", "price", "symbol", "time", "file", "assets"}
	if err := known(where, all, keys); err != nil {
		return p, err
	}
	for _, key := range keys[:len(keys)-1] {
		v, there := all[key]
		if !there {
			continue
		}
		s, isText := v.(string)
		if !isText || s == "" {
			return p, wrong(where+", "+key, "a text that is not empty", v)
		}
		text[key] = s
	}
	if err := p.place(where, text); err != nil {
		return p, err
	}
	if text["name"] != "" {
		p.Name = text["name"]
	}
	p.Assets, err = readAssets(where+", assets", all["assets"])
	return p, err
}

// place finds out where a provider is asked, and what it is called when it has no name.
func (p *Provider) place(where string, text map[string]string) error {
	if name := text["preset"]; name != "" {
		all := presets()
		i := slices.IndexFunc(all, func(x preset) bool { return x.name == name })
		if i < 0 {
			names, _ := Presets()
			return wrong(where+", preset", "one of "+strings.Join(names, ", "), name)
		}
		p.Name, p.endpoint = name, all[i].endpoint
	}
	for key, into := range map[string]*string{
		"url": &p.url, "price": &p.price, "symbol": &p.symbol, "time": &p.time, "file": &p.File,
	} {
		if text[key] != "" {
			*into = text[key]
		}
	}
	switch {
	case (p.url == "") == (p.File == ""):
		return wrong(where, "one of preset, url and file", fmt.Sprintf("url %s, file %s", p.url, p.File))
	case p.File != "":
		if p.price == "" {
			p.price = placeholder
		}
		p.Name = filepath.Base(p.File)
		return nil
	case p.price == "":
		return wrong(where+", price", "the path of the price in the answer, such as data.last", "")
	case !strings.Contains(p.url+p.price, placeholder):
		return wrong(where+", url", "an address or a price path with "+placeholder+" in it", p.url)
	}
	u, err := url.Parse(p.address("x"))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return wrong(where+", url", "an address that begins with https:// or http://", p.url)
	}
	if p.Name == "" {
		p.Name = u.Host
	}
	return nil
}

var symbolForm = regexp.MustCompile(`^[A-Za-z0-9._:/=+-]{1,64}$`)

func readAssets(where string, from any) ([]Asset, error) {
	const form = `a list like ["BTCUSDT=ubtc"], symbol of the provider and base denom`
	list, err := cast.ToStringSliceE(from)
	if err != nil || len(list) == 0 || len(list) > maxAssets {
		return nil, wrong(where, form, from)
	}
	seen := make(map[string]bool)
	assets := make([]Asset, len(list))
	for i, line := range list {
		at := strings.LastIndex(line, "=")
		if at < 0 {
			return nil, wrong(where, form, line)
		}
		a := Asset{Symbol: strings.TrimSpace(line[:at]), Denom: strings.TrimSpace(line[at+1:])}
		switch {
		case !symbolForm.MatchString(a.Symbol):
			return nil, wrong(where, "a symbol of letters, digits and . _ : / = + -, at most 64", a.Symbol)
		case sdk.ValidateDenom(a.Denom) != nil:
			return nil, wrong(where, "the base denom of an asset, as in `query oracle assets`", a.Denom)
		case seen[a.Denom]:
			return nil, wrong(where, "every denom once for a provider", a.Denom)
		}
		seen[a.Denom] = true
		assets[i] = a
	}
	return assets, nil
}
