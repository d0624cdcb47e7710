package project

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// MaxOccurrences bounds how many occurrences of one payment a reserve looks at, the next ones first.
const MaxOccurrences = 400

// Schedule says when something is due: at First, and then every EverySeconds seconds or every EveryMonths months, or
// once when both are zero. Until is the last moment at which it may be due; zero means no end. Times are unix seconds.
type Schedule struct {
	First                     int64
	EverySeconds, EveryMonths int64
	Until                     int64
}

// Due returns when occurrence k (from 0) is due, and whether there is such an occurrence. Monthly occurrences keep the
// time of day and the day of the month of First; a shorter month has its last day.
func (s *Schedule) Due(k int64) (int64, bool) {
	due := s.First
	switch {
	case k < 0 || k > 0 && s.EverySeconds == 0 && s.EveryMonths == 0:
		return 0, false
	case k > 0 && s.EverySeconds > 0:
		if k > (TimeMax-s.First)/s.EverySeconds {
			return 0, false
		}
		due += k * s.EverySeconds
	case k > 0:
		if k > TimeMax/daySeconds/28/s.EveryMonths {
			return 0, false
		}
		due = addMonths(s.First, k*s.EveryMonths)
	}
	return due, due <= TimeMax && (s.Until == 0 || due <= s.Until)
}

// Before counts the occurrences that are due before a moment: what a payment that is registered then takes as made.
func (s *Schedule) Before(now int64) int64 {
	last := min(now-1, TimeMax)
	if s.Until != 0 {
		last = min(last, s.Until)
	}
	switch {
	case last < s.First:
		return 0
	case s.EverySeconds > 0:
		return (last-s.First)/s.EverySeconds + 1
	case s.EveryMonths > 0:
		return monthsBetween(s.First, last)/s.EveryMonths + 1
	}
	return 1
}

// OnShort says what happens when a payment is due and the asset is short.
type OnShort uint8

// Rules.
const (
	Wait    OnShort = iota // until the whole amount is there
	Partial                // pay what is there and owe the rest
)

// Payment is an amount of an asset, in base units, that is owed by a schedule.
type Payment struct {
	Asset    asset.Index
	Amount   asset.Amount
	Schedule Schedule
	OnShort  OnShort
}

// Validate reports a payment that cannot be scheduled: ErrInput.
func (p *Payment) Validate() error {
	s := &p.Schedule
	switch {
	case p.Amount.IsZero():
		return fmt.Errorf("%w: expected an amount above 0", ErrInput)
	case s.First < 0 || s.First > TimeMax:
		return fmt.Errorf("%w: expected a first due time of 0..%d, got %d", ErrInput, TimeMax, s.First)
	case s.EverySeconds < 0 || s.EveryMonths < 0 || s.EverySeconds > 0 && s.EveryMonths > 0:
		return fmt.Errorf("%w: expected a period in seconds or in months, got %d s and %d months",
			ErrInput, s.EverySeconds, s.EveryMonths)
	case s.Until != 0 && s.Until < s.First:
		return fmt.Errorf("%w: expected an end from %d on, got %d", ErrInput, s.First, s.Until)
	case p.OnShort > Partial:
		return fmt.Errorf("%w: expected wait or partial, got rule %d", ErrInput, p.OnShort)
	}
	return nil
}

// Owed is what has been done of a payment: its occurrences before Number are paid, and Paid of occurrence Number.
// Nothing else needs to be stored.
type Owed struct {
	Number int64
	Paid   asset.Amount
}

// Due returns the amount that is owed at once, zero before it is due.
func (p *Payment) Due(o Owed, now int64) asset.Amount {
	if due, ok := p.Schedule.Due(o.Number); ok && due <= now {
		return p.Amount.Monus(o.Paid)
	}
	return asset.Amount{}
}

// Pay decides what to pay of the occurrence that is due from free, the units that may be spent. It returns the amount
// to send, what is missing after that, and the state when the amount has arrived.
func (p *Payment) Pay(o Owed, now int64, free asset.Amount) (amount, missing asset.Amount, next Owed) {
	owed := p.Due(o, now)
	switch {
	case owed.IsZero():
		return asset.Amount{}, asset.Amount{}, o
	case !free.Less(owed):
		return owed, asset.Amount{}, Owed{Number: o.Number + 1}
	case p.OnShort == Partial:
		return free, owed.Monus(free), Owed{o.Number, p.Amount.Monus(owed.Monus(free))}
	}
	return asset.Amount{}, owed.Monus(free), o
}

// Return books units that were paid and came back: afterwards exactly so many more are owed. The occurrences of a
// payment are equal, so that it does not matter which of them the units were for; the last one that counted as paid is
// owed first. ErrInput for more than one occurrence, which no single transfer carries, or more than was paid.
func (p *Payment) Return(o Owed, amount asset.Amount) (Owed, error) {
	switch rest := amount.Monus(o.Paid); {
	case !o.Paid.Less(amount):
		return Owed{o.Number, o.Paid.Monus(amount)}, nil
	case o.Number > 0 && !p.Amount.Less(rest):
		return Owed{o.Number - 1, p.Amount.Monus(rest)}, nil
	}
	return o, fmt.Errorf("%w: expected at most one occurrence of %v that was paid, got back %v with %+v",
		ErrInput, p.Amount, amount, o)
}

// ahead returns when the k-th occurrence that is not paid in full is due, what is still to be paid of it, and whether
// there is one; k counts from 0 and stays below MaxOccurrences.
func (p *Payment) ahead(o Owed, k int64) (int64, asset.Amount, bool) {
	due, ok := p.Schedule.Due(o.Number + k)
	if k == 0 {
		return due, p.Amount.Monus(o.Paid), ok
	}
	return due, p.Amount, ok && k < MaxOccurrences
}

// Plan is a list of payments with what has been done of each; Owed is parallel to Payments.
type Plan struct {
	Payments []Payment
	Owed     []Owed
}

// check reports a plan whose lists do not fit each other.
func (p *Plan) check() error {
	if len(p.Owed) != len(p.Payments) {
		return fmt.Errorf("%w: expected %d payments owed, got %d", ErrInput, len(p.Payments), len(p.Owed))
	}
	return nil
}

// Due returns how much of an asset is owed up to a moment, in base units. ErrInput, or fixed.ErrOverflow when the sum
// is no Amount.
func (p *Plan) Due(a asset.Index, until int64) (asset.Amount, error) {
	if err := p.check(); err != nil {
		return asset.Amount{}, err
	}
	var c fixed.Calc
	var sum asset.Amount
	for i := range p.Payments {
		if p.Payments[i].Asset != a {
			continue
		}
		for k := int64(0); ; k++ {
			due, amount, ok := p.Payments[i].ahead(p.Owed[i], k)
			if !ok || due > until {
				break
			}
			sum = c.AddNat(sum, amount)
		}
	}
	return sum, c.Err()
}
