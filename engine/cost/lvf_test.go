package cost_test

import (
	"encoding/json"
	"errors"
	"math"
	"testing"

	"github.com/ballast-finance/ballast/engine/cost"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// auction are the numbers of spec 05 §5.5.
type auction struct {
	LVF struct {
		Sigma, Z0 fixed.Wad
		Cols      string
		Rows      [][6]json.Number // as Cols says
	}
	Budget      [][2]float64   // loss, decay per second
	DmaxBlockFP [][2]fixed.Wad `json:"dmax_block_fp"` // loss, decay per block
}

func auctions(t *testing.T) auction {
	t.Helper()
	var v auction
	enginetest.Vectors(t, "auctions.json", &v)
	return v
}

func TestLVFOfTheSpec(t *testing.T) {
	t.Parallel()
	v := auctions(t).LVF
	if v.Cols != "dt,u,decay_bps_per_min,LVF_bps,E_T_s,approx_bps" || len(v.Rows) != 10 {
		t.Fatalf("%+v", v)
	}
	for _, row := range v.Rows {
		var c fixed.Calc
		seconds, err := row[0].Int64()
		if err != nil {
			t.Fatal(err)
		}
		variance := cost.BlockVariance(&c, v.Sigma, seconds)
		decay := c.MulTrunc(enginetest.W(t, row[1].String()), c.Sqrt(c.MulInt(variance, 2)))
		name := "dt " + row[0].String() + ", u " + row[1].String()
		printed(t, name+" decay per minute", decay, 60e4/float64(seconds), row[2].String())
		loss := cost.LVF(&c, decay, variance)
		printed(t, name+" LVF", loss, 1e4, row[3].String())
		printed(t, name+" time", cost.FillSeconds(&c, v.Z0, decay, variance, seconds), 1, row[4].String())
		zeta := cost.Zeta(&c, decay, variance)
		printed(t, name+" 1/zeta", c.DivTrunc(fixed.One(), zeta), 1e4, row[5].String())
		near(t, name+" 1/(1+zeta)", loss, c.DivTrunc(fixed.One(), c.Add(fixed.One(), zeta)).Float())
		if c.Err() != nil {
			t.Error(c.Err())
		}
	}
}

// TestLVFAtRest is the floor sigma*sqrt(dt/2), to which 1/zeta comes as the clock stands still.
func TestLVFAtRest(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[int64]string{1: "1.007", 2: "1.424", 6: "2.467", 12: "3.488"} {
		var c fixed.Calc
		variance := cost.BlockVariance(&c, enginetest.W(t, "0.8"), seconds)
		printed(t, want, c.DivTrunc(fixed.One(), cost.Zeta(&c, fixed.Wad{}, variance)), 1e4, want)
	}
}

// TestMonteCarloOfTheSpec is the start at 20 bps with u = .5 against a simulated 58.5 s.
func TestMonteCarloOfTheSpec(t *testing.T) {
	t.Parallel()
	var c fixed.Calc
	variance := cost.BlockVariance(&c, enginetest.W(t, "0.8"), 6)
	decay := c.DivIntTrunc(c.Sqrt(c.MulInt(variance, 2)), 2)
	printed(t, "LVF", cost.LVF(&c, decay, variance), 1e4, "3.99")
	printed(t, "time", cost.FillSeconds(&c, enginetest.W(t, "0.002"), decay, variance, 6), 1, "58.4")
}

func TestDecayPerBlockOfTheSpec(t *testing.T) {
	t.Parallel()
	v := auctions(t)
	if len(v.DmaxBlockFP) != 3 || len(v.Budget) != 3 {
		t.Fatalf("%+v", v)
	}
	for i, row := range v.DmaxBlockFP {
		var c fixed.Calc
		variance := cost.BlockVariance(&c, enginetest.W(t, "0.8"), 6)
		decay := cost.DecayPerBlock(&c, row[0], variance)
		if decay != row[1] || c.Err() != nil {
			t.Errorf("loss %v: got %v, %v, want %v", row[0], decay, c.Err(), row[1])
		}
		if perSecond := decay.Float() / 6; math.Abs(perSecond-v.Budget[i][1]) > 1e-9*perSecond {
			t.Errorf("loss %v: got %v per second, want %v", row[0], perSecond, v.Budget[i][1])
		}
	}
}

func TestDecayPerBlockErrors(t *testing.T) {
	t.Parallel()
	for name, loss := range map[string]string{
		"nothing may be lost": "0", "everything may be lost": "1", "negative": "-0.1",
		"less than a clock at rest loses": "0.000246",
	} {
		var c fixed.Calc
		variance := cost.BlockVariance(&c, enginetest.W(t, "0.8"), 6)
		if cost.DecayPerBlock(&c, enginetest.W(t, loss), variance); !errors.Is(c.Err(), cost.ErrLoss) {
			t.Errorf("%s: got %v", name, c.Err())
		}
	}
}

func TestFillSecondsErrors(t *testing.T) {
	t.Parallel()
	for decay, want := range map[string]error{"0": fixed.ErrDivideByZero, "-0.1": fixed.ErrNegative} {
		var c fixed.Calc
		cost.FillSeconds(&c, fixed.Wad{}, enginetest.W(t, decay), enginetest.W(t, "0.0001"), 6)
		if !errors.Is(c.Err(), want) {
			t.Errorf("decay %s: got %v, want %v", decay, c.Err(), want)
		}
	}
}
