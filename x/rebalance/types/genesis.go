package types

import (
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/engine/report"
	"github.com/ballast-finance/ballast/x/internal/pack"
)

// Codecs of what the module stores of the engine.
var (
	RoundCodec    = pack.Must[cycle.Round]("round", 1)
	ProgressCodec = pack.Must[Progress]("progress", 1)
	SummaryCodec  = pack.Must[report.Summary]("summary", 1)
	EntryCodec    = pack.Must[report.Entry]("entry", 1)
)

// Progress is how far the pages of a round have come beside Round.Last.
type Progress struct {
	Stranded bool           // portfolios that did not come with a page are settled from the log
	Opened   []oracle.Price // prices of the crossing, by asset.Index
	Swept    uint64         // the round whose slot of the log is being swept
	After    uint64         // id of the last record that was swept
	Clean    bool           // the slot is swept
}

// DefaultGenesis is a chain before its first round.
func DefaultGenesis() *GenesisState { return &GenesisState{Params: DefaultParams()} }

// Validate checks what an import relies on.
func (g *GenesisState) Validate() error {
	if err := g.Params.Validate(); err != nil {
		return err
	}
	if g.Pending != nil {
		if err := g.Pending.Validate(); err != nil {
			return err
		}
	}
	if err := validRound(g.Round, g.Progress); err != nil {
		return err
	}
	if err := g.validLog(); err != nil {
		return err
	}
	seen := uint64(0)
	for i := range g.Debts {
		d := &g.Debts[i]
		if d.Portfolio <= seen || d.Owed.Empty() || d.Owed.Validate() != nil {
			return ErrGenesis.Wrapf("debt %d: expected ascending portfolios that are owed something, got %d and %v",
				i, d.Portfolio, d.Owed)
		}
		seen = d.Portfolio
	}
	return nil
}

func (g *GenesisState) validLog() error {
	for i := range g.Summaries {
		if _, err := SummaryCodec.Decode(g.Summaries[i].Value); err != nil {
			return ErrGenesis.Wrapf("summary of slot %d: %s", g.Summaries[i].Slot, err)
		}
	}
	for i := range g.Records {
		e, err := EntryCodec.Decode(g.Records[i].Value)
		if err != nil || e.Portfolio != g.Records[i].Portfolio {
			return ErrGenesis.Wrapf("record of portfolio %d in slot %d: expected one of it, got one of %d: %v",
				g.Records[i].Portfolio, g.Records[i].Slot, e.Portfolio, err)
		}
	}
	return nil
}

func validRound(round, progress []byte) error {
	if len(round) > 0 {
		r, err := RoundCodec.Decode(round)
		if err != nil {
			return ErrGenesis.Wrapf("round: %s", err)
		}
		if r.Phase > cycle.Settling {
			return ErrGenesis.Wrapf("round: expected a known phase, got %d", r.Phase)
		}
	}
	if len(progress) > 0 {
		if _, err := ProgressCodec.Decode(progress); err != nil {
			return ErrGenesis.Wrapf("progress: %s", err)
		}
	}
	return nil
}
