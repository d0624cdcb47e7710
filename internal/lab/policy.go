package lab

import (
	"errors"
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/internal/entry"
	"github.com/ballast-finance/ballast/policy"
)

type templateRequest struct {
	Name string `json:"name"`
}

type templateAnswer struct {
	Text string `json:"text"`
}

func template(q *templateRequest) (templateAnswer, error) {
	text, err := policy.Template(q.Name)
	return templateAnswer{string(text)}, err
}

type validateRequest struct {
	Policy string `json:"policy"`
}

// remark is a problem or a warning. Line is 0 when it belongs to no line.
type remark struct {
	Line  int    `json:"line"`
	Where string `json:"where"`
	Text  string `json:"text"`
}

type validateAnswer struct {
	Problems []remark `json:"problems"`
	Warnings []remark `json:"warnings"`
}

func validate(q *validateRequest) (validateAnswer, error) {
	answer := validateAnswer{Problems: []remark{}, Warnings: []remark{}}
	f, err := policy.Parse([]byte(q.Policy))
	if problems, ok := errors.AsType[policy.Problems](err); ok {
		answer.Problems = remarks(problems)
		return answer, nil
	}
	if err != nil {
		return answer, err
	}
	warnings, err := policy.Warnings(f, policy.ExplainOptions{})
	answer.Warnings = remarks(warnings)
	return answer, err
}

func remarks(problems policy.Problems) []remark {
	all := make([]remark, len(problems))
	for i, p := range problems {
		all[i] = remark{p.Line, p.Where, p.Text}
	}
	return all
}

type explainRequest struct {
	Policy     string         `json:"policy"`
	NAV        policy.Decimal `json:"nav"`
	Volatility policy.Ratio   `json:"volatility"`
	Now        int64          `json:"now"`    // unix seconds
	Prices     string         `json:"prices"` // SYMBOL=PRICE,...
}

type explainAnswer struct {
	Sentences []string `json:"sentences"`
}

func explain(q *explainRequest) (explainAnswer, error) {
	f, err := policy.Parse([]byte(q.Policy))
	if err != nil {
		return explainAnswer{}, err
	}
	opt := policy.ExplainOptions{NAV: q.NAV.Wad, Volatility: q.Volatility.Wad, Now: q.Now}
	if q.Prices != "" {
		list, err := entry.Amounts(q.Prices)
		if err != nil {
			return explainAnswer{}, fmt.Errorf("%w: prices: %w", ErrRequest, err)
		}
		opt.Prices = make(map[string]fixed.Wad)
		for _, p := range list {
			opt.Prices[p.Asset] = p.Value
		}
	}
	sentences, err := policy.Explain(f, opt)
	return explainAnswer{sentences}, err
}
