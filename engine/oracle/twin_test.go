package oracle_test

import (
	"cmp"
	"math/big"
	"slices"

	"github.com/ballast-finance/ballast/engine/oracle"
)

// vote is a report in the twin of Aggregate: the specification's steps in integers without end.
type vote struct {
	price, weight, age *big.Int
	class              oracle.Class
}

type verdict struct {
	ok                          bool
	value, confidence, age, med *big.Int
}

var one = big.NewInt(1e18)

func times(a, b *big.Int) *big.Int { return new(big.Int).Mul(a, b) }

func over(a, b *big.Int) *big.Int { return new(big.Int).Quo(a, b) }

func num(n int64) *big.Int { return big.NewInt(n) }

// twin is the aggregation by the book.
func twin(cfg *oracle.Config, reports []oracle.Report, now int64, sigma *big.Int) verdict {
	votes := twinCaps(cfg, twinAdmit(cfg, reports, now))
	if !twinQuorum(cfg, votes) {
		return verdict{}
	}
	centre := twinQuantile(votes, 1, 2)
	distances := make([]vote, len(votes))
	for i, v := range votes {
		distances[i] = vote{price: distance(v.price, centre), weight: v.weight}
	}
	limit := over(times(over(times(cfg.OutlierFactor.Big(), num(1_482_600_000_000_000_000)), one),
		twinQuantile(distances, 1, 2)), one)
	if floor := over(times(cfg.OutlierFloor.Big(), centre), one); floor.Cmp(limit) > 0 {
		limit = floor
	}
	var kept []vote
	for _, v := range votes {
		if distance(v.price, centre).Cmp(limit) <= 0 {
			kept = append(kept, v)
		}
	}
	least := times(cfg.MinKept.Big(), twinWeight(votes))
	if !twinQuorum(cfg, kept) || times(twinWeight(kept), one).Cmp(least) < 0 {
		return verdict{}
	}
	return twinSummary(cfg, kept, centre, sigma)
}

func twinSummary(cfg *oracle.Config, kept []vote, centre, sigma *big.Int) verdict {
	worth, ages, med := new(big.Int), new(big.Int), twinQuantile(kept, 1, 2)
	for _, v := range kept {
		worth.Add(worth, times(v.price, v.weight))
		ages.Add(ages, times(v.age, v.weight))
	}
	value := over(worth, twinWeight(kept))
	for _, m := range []*big.Int{med, centre} {
		band := over(times(cfg.MeanBand.Big(), m), one)
		value = slices.MaxFunc([]*big.Int{new(big.Int).Sub(m, band), value}, (*big.Int).Cmp)
		value = slices.MinFunc([]*big.Int{new(big.Int).Add(m, band), value}, (*big.Int).Cmp)
	}
	wide := slices.MaxFunc([]*big.Int{
		distance(twinQuantile(kept, 3, 4), med), distance(twinQuantile(kept, 1, 4), med),
	}, (*big.Int).Cmp)
	spread := slices.MaxFunc([]*big.Int{cfg.ConfidenceFloor.Big(), over(times(wide, one), med)}, (*big.Int).Cmp)
	age := over(ages, twinWeight(kept))
	root := new(big.Int).Sqrt(times(over(times(age, one), num(oracle.SecondsPerYear)), one))
	confidence := new(big.Int).Add(spread, over(times(sigma, root), one))
	return verdict{ok: true, value: value, confidence: confidence, age: age, med: med}
}

func twinAdmit(cfg *oracle.Config, reports []oracle.Report, now int64) (votes []vote) {
	for _, r := range reports {
		age := new(big.Int).Sub(num(now), num(r.Time))
		if r.Price.Sign() <= 0 || r.Price.Big().Cmp(times(one, one)) > 0 || r.Source.Paused ||
			age.Sign() < 0 || age.Cmp(num(r.Source.MaxAgeSeconds)) > 0 {
			continue
		}
		tau := num(cfg.DecaySeconds)
		weight := over(times(num(int64(r.Source.Weight)), tau), new(big.Int).Add(tau, age))
		if weight.Sign() > 0 {
			votes = append(votes, vote{r.Price.Big(), weight, age, r.Source.Class})
		}
	}
	return votes
}

func twinCaps(cfg *oracle.Config, votes []vote) (capped []vote) {
	totals := make(map[oracle.Class]*big.Int)
	for _, v := range votes {
		if totals[v.class] == nil {
			totals[v.class] = new(big.Int)
		}
		totals[v.class].Add(totals[v.class], v.weight)
	}
	limits := make(map[oracle.Class]*big.Int)
	for k, total := range totals {
		if k != oracle.Auction && k != oracle.Manual {
			limits[k] = total
		}
	}
	independent := new(big.Int)
	for _, w := range twinCapped(cfg, limits) {
		independent.Add(independent, w)
	}
	for k, parts := range map[oracle.Class]int64{oracle.Auction: 3, oracle.Manual: 2} {
		if totals[k] != nil {
			limits[k] = slices.MinFunc([]*big.Int{totals[k], over(independent, num(parts))}, (*big.Int).Cmp)
		}
	}
	limits = twinCapped(cfg, limits)
	for _, v := range votes {
		v.weight = over(times(v.weight, limits[v.class]), totals[v.class])
		if v.weight.Sign() > 0 {
			capped = append(capped, v)
		}
	}
	return capped
}

// twinCapped looks at every class and all others.
func twinCapped(cfg *oracle.Config, weights map[oracle.Class]*big.Int) map[oracle.Class]*big.Int {
	capped := make(map[oracle.Class]*big.Int)
	for k, own := range weights {
		capped[k] = own
		others := new(big.Int)
		for other, w := range weights {
			if other != k {
				others.Add(others, w)
			}
		}
		if room := new(big.Int).Sub(one, cfg.ClassCap.Big()); room.Sign() > 0 {
			most := over(times(cfg.ClassCap.Big(), others), room)
			capped[k] = slices.MinFunc([]*big.Int{own, most}, (*big.Int).Cmp)
		}
	}
	return capped
}

func twinQuorum(cfg *oracle.Config, votes []vote) bool {
	sources, classes := 0, make(map[oracle.Class]bool)
	for _, v := range votes {
		if v.class != oracle.Auction {
			sources++
			classes[v.class] = true
		}
	}
	return sources >= cfg.MinSources && len(classes) >= cfg.MinClasses
}

func twinWeight(votes []vote) *big.Int {
	sum := new(big.Int)
	for _, v := range votes {
		sum.Add(sum, v.weight)
	}
	return sum
}

func twinQuantile(votes []vote, part, of int64) *big.Int {
	sorted := slices.SortedFunc(slices.Values(votes), func(a, b vote) int { return a.price.Cmp(b.price) })
	total, sum := twinWeight(votes), new(big.Int)
	for _, v := range sorted {
		if sum.Add(sum, v.weight); times(num(of), sum).Cmp(times(num(part), total)) >= 0 {
			return v.price
		}
	}
	return nil
}

func distance(a, b *big.Int) *big.Int { return new(big.Int).Abs(new(big.Int).Sub(a, b)) }

// step is an observation in the twin of Ring.
type step struct {
	time  int64
	value *big.Int
}

// twinMean adds up every second of every step.
func twinMean(steps []step, window, now int64) *big.Int {
	start := max(now-window, steps[0].time)
	if start == now {
		return steps[len(steps)-1].value
	}
	area := new(big.Int)
	for i, s := range steps {
		end := now
		if i+1 < len(steps) {
			end = steps[i+1].time
		}
		if from, to := max(s.time, start), min(end, now); to > from {
			area.Add(area, times(s.value, num(to-from)))
		}
	}
	return over(area, num(now-start))
}

// twinMedian expands every ballot into its power and takes the middle of the list.
func twinMedian(ballots []oracle.Ballot) *big.Int {
	sorted := slices.SortedFunc(slices.Values(ballots), func(a, b oracle.Ballot) int {
		return cmp.Or(a.Price.Cmp(b.Price), cmp.Compare(a.Validator, b.Validator))
	})
	var expanded []*big.Int
	for _, b := range sorted {
		for range b.Power {
			expanded = append(expanded, b.Price.Big())
		}
	}
	if len(expanded) == 0 {
		return nil
	}
	return expanded[(len(expanded)-1)/2]
}
