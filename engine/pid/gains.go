package pid

import (
	"errors"
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

var (
	// ErrGains says that gains, or an intention that gains are asked for, lie outside their range.
	ErrGains = errors.New("pid: gains out of range")
	// ErrInput says that an input does not fit the state or is out of range.
	ErrInput = errors.New("pid: invalid input")
	// ErrTime says that the period is not positive or the clock went back.
	ErrTime = errors.New("pid: invalid time")
)

// Bounds of what Validate accepts, in intervals.
const (
	// TauMax is the longest time constant of the derivative's low-pass.
	TauMax = 16
	// DtMaxMax is the longest gap between two runs that may count in full.
	DtMaxMax = 10
)

// Gains are the settings of the law. All are decimals; times are in intervals.
type Gains struct {
	Kp, Ki, Kd fixed.Wad // fraction of the error, of its sum, and of the weight's change, per interval
	Rho        fixed.Wad // what the integral keeps from one interval to the next; 1 = no leak
	Tau        fixed.Wad // time constant of the derivative's low-pass
	IMax       fixed.Wad // bound of the integral, in weight
	IZone      fixed.Wad // errors above it do not integrate; 0 = off
	DtMin      fixed.Wad // bounds of dt
	DtMax      fixed.Wad
	// NoOvershoot keeps a command between zero and the error. It makes the loop monotone for any gains.
	NoOvershoot bool
	// DeadBand is the half width of the band to whose edge the law trades; 0 = to the target.
	DeadBand fixed.Wad
}

// Default returns gains that only close a fraction kp of the error per interval: no integral, no derivative, no
// overshoot, and the other settings at their defaults (Rho 1, Tau 1, IMax 0.05, dt in 0..2).
func Default(kp fixed.Wad) Gains {
	return Gains{
		Kp: kp, Rho: fixed.One(), Tau: fixed.One(), IMax: fixed.FromBps(500), DtMax: fixed.FromInt(2), NoOvershoot: true,
	}
}

// Validate reports whether the gains lie in the admissible box, inside which the loop is stable for every constant
// fill. Its error is ErrGains and says which bound was broken.
func (g Gains) Validate() error {
	one := fixed.One()
	if g.Kp.Sign() <= 0 || one.Less(g.Kp) {
		return fmt.Errorf("%w: Kp: expected more than 0 and at most 1, got %v", ErrGains, g.Kp)
	}
	zero, tauMax := fixed.Wad{}, fixed.FromInt(TauMax)
	for _, r := range [...]struct {
		name       string
		got, least fixed.Wad
		most       fixed.Wad
	}{
		{"Ki", g.Ki, zero, one},
		{"Kd", g.Kd, zero, tauMax},
		{"Rho", g.Rho, zero, one},
		{"Tau", g.Tau, zero, tauMax},
		{"IMax", g.IMax, zero, one},
		{"IZone", g.IZone, zero, one},
		{"DtMin", g.DtMin, zero, one},
		{"DtMax", g.DtMax, one, fixed.FromInt(DtMaxMax)},
		{"DeadBand", g.DeadBand, zero, one},
	} {
		if r.got.Less(r.least) || r.most.Less(r.got) {
			return fmt.Errorf("%w: %s: expected %v..%v, got %v", ErrGains, r.name, r.least, r.most, r.got)
		}
	}
	return g.validateRatios()
}

// validateRatios checks the two bounds that tie gains to each other. Nothing rounds: by now every value is small.
func (g Gains) validateRatios() error {
	var c fixed.Calc
	unit := fixed.FromRaw(1)
	if c.MulDivDown(g.Kp, g.Kp, unit).Less(c.MulInt(c.MulDivDown(g.Ki, g.DtMax, unit), 4)) {
		return fmt.Errorf("%w: Ki: expected Ki*DtMax <= Kp^2/4 = %v, got %v*%v: lower Ki or raise Kp",
			ErrGains, c.DivIntTrunc(c.MulDown(g.Kp, g.Kp), 4), g.Ki, g.DtMax)
	}
	smoothing := c.Add(g.Tau, g.DtMin)
	if c.MulInt(smoothing, 2).Less(c.MulInt(g.Kd, 5)) {
		return fmt.Errorf("%w: Kd: expected Kd/(Tau+DtMin) <= 0.4, got %v/%v: lower Kd or raise Tau",
			ErrGains, g.Kd, smoothing)
	}
	return c.Err()
}

// small reports |w| < 2^64 raw units (18.4): inside that range no step of the law can overflow.
func small(w fixed.Wad) bool {
	_, fits := w.Abs().RawUint()
	return fits
}

// computable reports whether the law can run with the gains. It is wider than Validate, because gains outside the
// admissible box are worth studying, and it is cheap enough to be asked at every step.
func computable(g *Gains) bool {
	for _, w := range [...]*fixed.Wad{
		&g.Kp, &g.Ki, &g.Kd, &g.Rho, &g.Tau, &g.IMax, &g.IZone, &g.DtMin, &g.DtMax, &g.DeadBand,
	} {
		if _, fits := w.RawUint(); !fits {
			return false
		}
	}
	return true
}
