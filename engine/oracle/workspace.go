package oracle

import "github.com/ballast-finance/ballast/engine/fixed"

// Verdict is what became of a report.
type Verdict uint8

// Verdicts.
const (
	VerdictUnspecified Verdict = iota
	Kept
	NotPositive // price of zero or less
	TooLarge    // price above 1e18
	Stale       // older than the source's limit
	Future      // observed after now
	Paused      // the source is paused
	Weightless  // nothing is left of the weight
	Outlier     // too far from the median
	verdictCount
)

// String returns the verdict in words.
func (v Verdict) String() string {
	names := [verdictCount]string{
		"unspecified", "kept", "not positive", "too large", "stale", "future", "paused", "weightless", "outlier",
	}
	if v >= verdictCount {
		return "unknown verdict"
	}
	return names[v]
}

// Finding is the verdict on one report and the weight that it had.
type Finding struct {
	Verdict Verdict
	Weight  uint64 // effective: after decay and caps
}

// quote is a report that takes part.
type quote struct {
	price      fixed.Wad
	weight     uint64 // below 2^32
	ageSeconds int64
	report     int // its index
	id         uint32
	class      Class
}

// Workspace keeps the working space of Aggregate, so that it does not allocate. The zero value is ready; it must not be
// shared.
type Workspace struct {
	buffer   [MaxSources]quote
	quotes   []quote // of buffer, sorted by price and id once the outliers are looked for
	findings [MaxSources]Finding
	reports  int
}

// Findings are the verdicts of the last Aggregate, parallel to its reports. They are valid until the next.
func (ws *Workspace) Findings() []Finding { return ws.findings[:ws.reports] }

// admit takes the usable reports in, with their weight decayed by age.
func (ws *Workspace) admit(cfg *Config, reports []Report, now int64) {
	ws.quotes, ws.reports = ws.buffer[:0], len(reports)
	highest := maxPrice()
	for i := range reports {
		r := &reports[i]
		age := uint64(now) - uint64(r.Time) //nolint:gosec // not negative below, and then exact
		verdict := Kept
		switch {
		case r.Price.Sign() <= 0:
			verdict = NotPositive
		case highest.Less(r.Price):
			verdict = TooLarge
		case r.Time > now:
			verdict = Future
		case r.Source.MaxAgeSeconds < 0 || age > uint64(r.Source.MaxAgeSeconds):
			verdict = Stale
		case r.Source.Paused:
			verdict = Paused
		}
		ws.findings[i] = Finding{Verdict: verdict}
		if verdict != Kept {
			continue
		}
		tau := uint64(cfg.DecaySeconds) //nolint:gosec // positive
		ws.quotes = append(ws.quotes, quote{
			price: r.Price, weight: uint64(r.Source.Weight) * tau / (tau + age), ageSeconds: now - r.Time,
			report: i, id: r.Source.ID, class: r.Source.Class,
		})
	}
	ws.dropWeightless()
}

// dropWeightless removes quotes without weight and records the weight of the others.
func (ws *Workspace) dropWeightless() {
	live := ws.quotes[:0]
	for _, q := range ws.quotes {
		f := &ws.findings[q.report]
		if f.Weight = q.weight; q.weight == 0 {
			f.Verdict = Weightless
			continue
		}
		live = append(live, q)
	}
	ws.quotes = live
}

// drop removes the quotes that are further than limit from centre.
func (ws *Workspace) drop(c *fixed.Calc, centre, limit fixed.Wad) {
	kept := ws.quotes[:0]
	for _, q := range ws.quotes {
		if limit.Less(c.Sub(q.price, centre).Abs()) {
			ws.findings[q.report].Verdict = Outlier
			continue
		}
		kept = append(kept, q)
	}
	ws.quotes = kept
}

// capClasses takes weight from classes that have too much: the own auctions and manual prices are held to a part of the
// other classes, as much of them as would count without the two; then no class may have more than the cap.
func (ws *Workspace) capClasses(c *fixed.Calc, cfg *Config) {
	totals := ws.totals()
	limits := totals
	limits[Auction], limits[Manual] = 0, 0
	independent := limits.capped(c, cfg.ClassCap).sum()
	limits[Auction] = min(totals[Auction], independent/Auction.share())
	limits[Manual] = min(totals[Manual], independent/Manual.share())
	limits = limits.capped(c, cfg.ClassCap)
	for i := range ws.quotes {
		q := &ws.quotes[i]
		if own := totals[q.class]; limits[q.class] < own {
			scaled := c.MulDivDown(fixed.FromRawUint(q.weight), fixed.FromRawUint(limits[q.class]), fixed.FromRawUint(own))
			q.weight, _ = scaled.RawUint()
		}
	}
	ws.dropWeightless()
}

// tally is a weight for every class, each below 2^37.
type tally [classCount]uint64

func (t tally) sum() (sum uint64) {
	for _, w := range t {
		sum += w
	}
	return sum
}

// capped holds every class to a part of the whole, that is part/(1-part) of the others. The part is a half or more, so
// that at most one class has more.
func (t tally) capped(c *fixed.Calc, part fixed.Wad) tally {
	room := c.Sub(fixed.One(), part)
	if room.IsZero() {
		return t
	}
	limits, total := t, t.sum()
	for k, own := range t {
		if own <= total-own { // at most a half
			continue
		}
		if most, fits := c.MulDivDown(part, fixed.FromRawUint(total-own), room).RawUint(); fits {
			limits[k] = min(own, most)
		}
	}
	return limits
}

// totals is the weight of each class.
func (ws *Workspace) totals() (classes tally) {
	for i := range ws.quotes {
		classes[ws.quotes[i].class] += ws.quotes[i].weight
	}
	return classes
}

// weight is the weight of all quotes.
func (ws *Workspace) weight() (total uint64) {
	for i := range ws.quotes {
		total += ws.quotes[i].weight
	}
	return total
}

// quorum counts the sources and the classes that are not the own auctions.
func (ws *Workspace) quorum() (sources, classes int) {
	var seen [classCount]bool
	for i := range ws.quotes {
		k := ws.quotes[i].class
		if k == Auction {
			continue
		}
		if sources++; !seen[k] {
			seen[k] = true
			classes++
		}
	}
	return sources, classes
}

// sort orders the quotes by price and id: a strict order, so that the order of the reports does not matter. Insertion
// is the fastest for so few.
func (ws *Workspace) sort() {
	for i := 1; i < len(ws.quotes); i++ {
		q := ws.quotes[i]
		j := i
		for ; j > 0 && q.before(&ws.quotes[j-1]); j-- {
			ws.quotes[j] = ws.quotes[j-1]
		}
		ws.quotes[j] = q
	}
}

func (q *quote) before(other *quote) bool {
	if d := q.price.Cmp(other.price); d != 0 {
		return d < 0
	}
	return q.id < other.id
}

// quantile is the first price, in order, up to which num/den of the weight lies; there must be a quote.
func (ws *Workspace) quantile(num, den uint64) fixed.Wad {
	total := ws.weight()
	i, sum := 0, ws.quotes[0].weight
	for den*sum < num*total {
		i++
		sum += ws.quotes[i].weight
	}
	return ws.quotes[i].price
}

// deviation is the weighted median distance from centre, which is one of the prices. The quotes are sorted, so the
// distances come in order from the two sides of the centre.
func (ws *Workspace) deviation(c *fixed.Calc, centre fixed.Wad) fixed.Wad {
	total := ws.weight()
	right := 0
	for right < len(ws.quotes) && ws.quotes[right].price.Less(centre) {
		right++
	}
	left := right - 1
	var sum uint64
	for {
		var distance fixed.Wad
		switch {
		case left < 0 || right < len(ws.quotes) &&
			c.Sub(ws.quotes[right].price, centre).Less(c.Sub(centre, ws.quotes[left].price)):
			distance = c.Sub(ws.quotes[right].price, centre)
			sum += ws.quotes[right].weight
			right++
		default:
			distance = c.Sub(centre, ws.quotes[left].price)
			sum += ws.quotes[left].weight
			left--
		}
		if 2*sum >= total {
			return distance
		}
	}
}
