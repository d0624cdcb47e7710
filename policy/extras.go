package policy

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/project"
	"github.com/ballast-finance/ballast/engine/settle"
)

// extras are the loss budget and the payments.
func (c *compiler) extras(p *cycle.Policy) error {
	if b := c.file.LossBudget; b != nil {
		p.Budget = settle.BudgetConfig{Cap: b.Cap.Wad, WindowSeconds: b.Refill.Seconds}
		if err := p.Budget.Validate(); err != nil {
			return &Problem{Text: fmt.Sprintf("loss_budget: %v", err)}
		}
	}
	for i := range c.file.Payments {
		payment, err := c.payment(&c.file.Payments[i])
		if err != nil {
			return err
		}
		p.Payments = append(p.Payments, payment)
	}
	return nil
}

func (c *compiler) payment(from *Payment) (project.Payment, error) {
	at, err := c.universe.Find(asset.ID(from.Asset))
	if err != nil {
		return project.Payment{}, &Problem{Text: fmt.Sprintf("%s is not a known asset", from.Asset)}
	}
	pay := project.Payment{
		Asset:    at,
		Amount:   asset.UnitsUp(&c.calc, from.Amount.Wad, fixed.One(), c.universe.At(at).Exponent),
		Schedule: project.Schedule{First: from.First.Unix},
		OnShort:  choose(from.WhenShort, shortRules, []project.OnShort{project.Wait, project.Partial}),
	}
	if from.Until != nil {
		pay.Schedule.Until = from.Until.Unix
	}
	if from.Every != "" {
		every, err := parsePeriod(from.Every)
		if err != nil {
			return project.Payment{}, &Problem{Text: err.Error()}
		}
		pay.Schedule.EverySeconds, pay.Schedule.EveryMonths = every.seconds, int64(every.months)
	}
	if err := pay.Validate(); err != nil {
		return project.Payment{}, &Problem{Text: fmt.Sprintf("payment in %s: %v", from.Asset, err)}
	}
	return pay, nil
}
