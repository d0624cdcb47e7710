package cycle_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/trigger"
)

var update = flag.Bool("update", false, "write the dialogues of testdata anew")

// TestDialogues plays the dialogues of testdata: a command, a line of dashes, and all that it answers, up to an empty
// line. Lines that start with # are comments.
func TestDialogues(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			got := play(t, string(data))
			if *update {
				if err := os.WriteFile(name, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			want := strings.Split(string(data), "\n")
			for i, line := range strings.Split(got, "\n") {
				if i >= len(want) || want[i] != line {
					t.Fatalf("%s:%d: got %q; run the test with -update and look at the difference", name, i+1, line)
				}
			}
		})
	}
}

// play answers every command of a dialogue.
func play(t *testing.T, text string) string {
	t.Helper()
	s := &scene{t: t}
	var b strings.Builder
	for i, part := range strings.Split(strings.TrimRight(text, "\n"), "\n\n") {
		command, _, _ := strings.Cut(part, "\n----")
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(command + "\n")
		lines := strings.Split(command, "\n")
		last := lines[len(lines)-1]
		if strings.HasPrefix(last, "#") {
			continue
		}
		s.b.Reset()
		s.command(strings.Fields(last))
		b.WriteString("----\n" + s.b.String())
	}
	return b.String()
}

// scene is a host that is spoken to.
type scene struct {
	t    *testing.T
	h    *host
	b    strings.Builder
	bids []offer
}

// offer is a bid for the lot of a pair.
type offer struct {
	sell, buy asset.Index
	bid       auction.Bid
}

func (s *scene) say(format string, args ...any) { fmt.Fprintf(&s.b, format+"\n", args...) }

func (s *scene) command(words []string) {
	args := map[string]string{}
	for _, w := range words[1:] {
		key, value, _ := strings.Cut(w, "=")
		args[key] = value
	}
	switch words[0] {
	case "prices":
		s.prices(words[1:])
	case "portfolio":
		s.portfolio(args)
	case "age":
		s.age(args)
	case "wait":
		s.wait(args)
	case "one-time":
		s.oneTime(args)
	case "decide":
		s.decide(args)
	case "state":
		s.state(args)
	case "collect", "cross", "settle":
		s.step(words[0])
	case "bid":
		s.bid(args)
	case "clear":
		s.clear()
	default:
		s.t.Fatalf("unknown command %q", words)
	}
}

// prices starts the scene, or moves its prices.
func (s *scene) prices(list []string) {
	if s.h == nil {
		s.h = newHost(s.t, list...)
		s.h.cfg.Auction.Kind, s.h.cfg.Auction.MinLot = auction.Exponential, fixed.One()
	}
	for i, p := range list {
		s.h.prices[i] = good(wad(p))
	}
	a := s.h.cfg.Universe
	for i := range s.h.prices {
		s.say("%s (%d decimals) %s", a.At(asset.Index(i)).ID, a.At(asset.Index(i)).Exponent, num(s.h.prices[i].Value))
	}
}

func (s *scene) portfolio(args map[string]string) {
	weights := strings.Split(args["weights"], ",")
	pol := policy(nil, weights...)
	var holdings []uint64
	var c fixed.Calc
	for k, held := range strings.Split(args["holdings"], ",") {
		pol.Assets, pol.Priority = append(pol.Assets, asset.Index(k)), append(pol.Priority, uint8(k))
		n, _ := c.MulInt(c.DivIntTrunc(wad(held), 1_000_000_000_000), 1).RawUint()
		holdings = append(holdings, n)
	}
	pol.Trigger = trigger.Config{Mode: trigger.Absolute, Threshold: wad(args["threshold"])}
	pol.Gains.Kp = wad(args["kp"])
	for key, limit := range map[string]*fixed.Wad{
		"max-sell": &pol.Limits.MaxSell, "slippage": &pol.Limits.MaxSlippage,
		"min-order": &pol.Limits.MinOrder, "min-nav": &pol.Limits.MinNAV,
	} {
		if args[key] != "" {
			*limit = wad(args[key])
		}
	}
	if args["max-age"] != "" {
		pol.Limits.MaxPriceAgeSeconds = s.number(args, "max-age")
	}
	p := s.h.add(pol, holdings...)
	s.say("portfolio %d", p.ID)
}

// decide shows one decision with every intermediate value, and changes nothing.
func (s *scene) decide(args map[string]string) {
	p := *s.folio(args, "id")
	p.Holdings = s.h.holdings(&p)
	p.State.Controller.Assets = slices.Clone(p.State.Controller.Assets)
	d := s.h.ws.Decide(&p, s.h.market())
	s.say("holdings  %v", p.Holdings)
	if !d.Measured {
		s.say("NAV       %s", num(d.Report.NAV))
		s.say("outcome   %s", s.note(&d.Note))
		return
	}
	s.say("values    %s", nums(d.Report.Values))
	s.say("NAV       %s", num(d.Report.NAV))
	s.say("weights   %s", nums(d.Report.Weights))
	s.say("targets   %s", nums(d.Report.Targets))
	s.say("errors    %s", nums(d.Report.Errors))
	s.say("trigger   %v: %v, threshold %s", d.Trigger.Fired, d.Trigger.Reason, num(d.Trigger.Threshold))
	s.say("commands  %s", nums(d.Commands))
	s.say("raw       %s", nums(d.Raw))
	s.say("orders    %s", nums(d.Orders))
	s.say("matched   %s, limits: %v", num(d.Matched), d.Clamp)
	s.say("outcome   %v", d.Outcome)
}

// number is an argument that is a whole number.
func (s *scene) number(args map[string]string, key string) int64 {
	var n int64
	if _, err := fmt.Sscan(args[key], &n); err != nil {
		s.t.Fatalf("%s: %v", key, err)
	}
	return n
}

// folio is the portfolio that an argument names.
func (s *scene) folio(args map[string]string, key string) *cycle.Portfolio {
	return &s.h.folios[s.number(args, key)-1]
}

// asset is the asset that an argument names.
func (s *scene) asset(args map[string]string, key string) asset.Index {
	a, err := s.h.cfg.Universe.Find(asset.ID(args[key]))
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

// age makes a price old.
func (s *scene) age(args map[string]string) {
	a := s.asset(args, "asset")
	s.h.prices[a].AgeSeconds = s.number(args, "seconds")
	s.say("the price of %s is %d s old", args["asset"], s.h.prices[a].AgeSeconds)
}

// wait lets time pass, in blocks.
func (s *scene) wait(args map[string]string) {
	seconds := s.number(args, "seconds")
	s.h.now += seconds
	s.h.height += seconds / block
	s.say("%d s later", seconds)
}

// oneTime gives a portfolio an order of its owner.
func (s *scene) oneTime(args map[string]string) {
	p := s.folio(args, "portfolio")
	o := cycle.OneTime{ID: 1, Sell: s.asset(args, "sell"), Buy: s.asset(args, "buy")}
	o.Slicing.Remaining = fixed.NatOf(uint64(s.number(args, "quantity")))
	o.Slicing.Intervals = s.number(args, "intervals")
	next, err := p.State.AddOneTime(p.Policy, s.h.cfg.Universe, o)
	if err != nil {
		s.t.Fatal(err)
	}
	p.State = next
	s.say("one-time order %d", o.ID)
}

// state shows what the cycle remembers of a portfolio.
func (s *scene) state(args map[string]string) {
	p := s.folio(args, "id")
	s.say("holdings  %v", s.h.holdings(p))
	s.say("decided   %v", p.State.Decided)
	for _, o := range p.State.OneTime {
		s.say("one-time  %d: %v left, interval %d of %d",
			o.ID, o.Slicing.Remaining, o.Slicing.Interval, o.Slicing.Intervals)
	}
	for _, e := range p.State.Earmarked {
		s.say("earmarked %v %s", e.Amount, s.h.cfg.Universe.At(e.Asset).ID)
	}
}

// note is an outcome with what it is about.
func (s *scene) note(n *cycle.Note) string {
	text := n.Outcome.String()
	if n.HasAsset {
		text += ": " + string(s.h.cfg.Universe.At(n.Asset).ID)
	}
	if n.Clamp != 0 {
		text += ": " + n.Clamp.String()
	}
	return text
}

// step makes a step and shows its output and the books.
func (s *scene) step(which string) {
	h := s.h
	h.out = cycle.Output{}
	switch which {
	case "collect":
		h.collect()
	case "cross":
		h.cross()
	case "settle":
		h.settle()
	}
	s.output()
}

func (s *scene) output() {
	h := s.h
	id := func(a asset.Index) asset.ID { return h.cfg.Universe.At(a).ID }
	s.say("round %d is %v", h.round.Number, h.round.Phase)
	for _, n := range h.out.Notes {
		if n.Portfolio == 0 {
			s.say("note      pair that sells %s: %v: %v", id(n.Asset), n.Outcome, n.Err)
		} else {
			s.say("note      portfolio %d: %s", n.Portfolio, s.note(&n))
		}
	}
	for _, t := range h.out.Transfers {
		s.say("transfer  %v %s of %s", t.Account, t.Delta.Big(), id(t.Asset))
	}
	for _, x := range h.out.Crosses {
		s.say("cross     %v %s for %v %s", x.Sold, id(x.Sell), x.Bought, id(x.Buy))
	}
	for i := range h.round.Books {
		b := &h.round.Books[i]
		for k := range b.Tranches {
			t := &b.Tranches[k]
			s.say("book      %s for %s, slippage %s: %v units, %v crossable, %v crossed for %v, %v sold for %v, %v settled",
				id(b.Sell), id(b.Buy), num(t.Slippage), t.Units, t.Crossable, t.Crossed,
				t.Received, t.Sold, t.Proceeds, t.Settled)
		}
	}
	for i := range h.out.Lots {
		l := &h.out.Lots[i]
		s.say("lot       %d: %s for %s from %s to %s",
			l.ID, id(l.Sell), id(l.Buy), num(l.Curve.Start), num(l.Curve.Reserve))
		for k := range l.Tranches {
			s.say("  tranche %v units from %s", l.Tranches[k].Units, num(l.Tranches[k].Limit))
		}
	}
	for _, f := range h.out.Slices {
		s.say("slice     one-time order %d of portfolio %d: %v of %v %s sold for %v %s, %v left",
			f.OneTime, f.Portfolio, f.Sold, f.Units, id(f.Sell), f.Bought, id(f.Buy), f.Left)
	}
	for _, f := range h.out.Fills {
		s.say("fill      portfolio %d: net %s, ordered %s, crossed %s, sold %s, got %s, lost %s, fill %s",
			f.Portfolio, nums(f.Net), num(f.Ordered), num(f.Crossed), num(f.Sold), num(f.Got), num(f.Lost), num(f.Fill))
	}
}

func (s *scene) bid(args map[string]string) {
	quantity := uint64(s.number(args, "quantity"))
	sell, buy := s.asset(args, "sell"), s.asset(args, "buy")
	id := uint64(len(s.bids)) + 1
	s.bids = append(s.bids, offer{sell, buy, auction.Bid{
		ID: id, Bidder: id, Quantity: fixed.NatOf(quantity), Limit: wad(args["limit"]),
	}})
	s.say("bid %d", id)
}

// clear runs all lots to their ends and brings them back.
func (s *scene) clear() {
	h := s.h
	h.out = cycle.Output{}
	var house auction.Workspace
	var closed []cycle.Closed
	for _, lot := range h.lots {
		closed = append(closed, s.clearLot(&house, lot))
	}
	h.lots = nil
	h.step(0, 0, closed...)
	s.output()
}

func (s *scene) clearLot(house *auction.Workspace, lot auction.Lot) cycle.Closed {
	var c fixed.Calc
	closed := cycle.Closed{}
	if err := lot.Open(s.h.now); err != nil {
		s.t.Fatal(err)
	}
	var bids []auction.Bid
	for _, o := range s.bids {
		if o.sell == lot.Sell && o.buy == lot.Buy {
			bids = append(bids, o.bid)
		}
	}
	mid := asset.PriceDown(&c, s.h.prices[lot.Sell].Value, s.h.prices[lot.Buy].Value)
	for now := s.h.now + block; lot.Status != auction.Closed; now += block {
		cl, err := house.Clear(&lot, bids, now)
		if err != nil {
			s.t.Fatal(err)
		}
		for _, f := range cl.Fills {
			s.say("lot %d, second %d: clock %s, price %s: bid %d gets %v for %v",
				lot.ID, now-s.h.now, num(cl.Clock), num(cl.Price), f.ID, f.Units, f.Payment)
			s.h.outside(lot.ID, lot.Sell, f.Units.Raw().Neg())
			s.h.outside(lot.ID, lot.Buy, f.Payment.Raw())
			closed.AtMid = c.AddNat(closed.AtMid, lot.Pair.QuoteDown(&c, f.Units, mid))
			bids = slices.DeleteFunc(bids, func(b auction.Bid) bool { return b.ID == f.ID })
		}
		if err := lot.Apply(&cl); err != nil {
			s.t.Fatal(err)
		}
	}
	if c.Err() != nil {
		s.t.Fatal(c.Err())
	}
	closed.Lot = lot
	return closed
}

// num is a decimal without the zeros at its end.
func num(w fixed.Wad) string {
	text := w.String()
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}

func nums(list []fixed.Wad) string {
	words := make([]string, len(list))
	for i, w := range list {
		words[i] = num(w)
	}
	return "[" + strings.Join(words, " ") + "]"
}
