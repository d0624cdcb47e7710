package policy

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/project"
	"github.com/ballast-finance/ballast/engine/settle"
)

// extras sets what is not about weights: the loss budget and the payments.
func (c *compiler) extras(p *cycle.Policy) error {
	if b := c.file.LossBudget; b != nil {
		p.Budget = settle.BudgetConfig{Cap: b.Cap.Wad, WindowSeconds: b.Refill.Seconds}
	}
	for i := range c.file.Payments {
		pay, err := c.payment(&c.file.Payments[i])
		if err != nil {
			return &Problem{Text: fmt.Sprintf("payments: %d: %v", i+1, err)}
		}
		p.Payments = append(p.Payments, pay)
	}
	return nil
}

func (c *compiler) payment(p *Payment) (project.Payment, error) {
	at, err := c.universe.Find(asset.ID(p.Asset))
	if err != nil {
		return project.Payment{}, err
	}
	pay := project.Payment{
		Asset: at, Schedule: p.schedule(),
		OnShort: choose(p.WhenShort, shortRules, []project.OnShort{project.Wait, project.Partial}),
	}
	for _, a := range c.file.Assets {
		if a.Asset == p.Asset {
			pay.Amount = c.units(a, p.Amount.Wad)
		}
	}
	return pay, pay.Validate()
}

// schedule is the engine's form of when a payment is due.
func (p *Payment) schedule() project.Schedule {
	s := project.Schedule{First: p.First.Unix}
	if p.Every != "" {
		every, _ := parsePeriod(p.Every) //nolint:errcheck // checked by Parse
		s.EverySeconds, s.EveryMonths = every.seconds, int64(every.months)
	}
	if p.Until != nil {
		s.Until = p.Until.Unix
	}
	return s
}
