package pid_test

import (
	"math/big"
	"math/cmplx"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/pid"
)

// twin is the law of spec 01 §1.2 line by line on big integers, with nothing skipped.
type twin struct {
	gains pid.Gains
	dt    *big.Int
}

var unit = big.NewInt(1_000_000_000_000_000_000)

func mul(a, b *big.Int) *big.Int {
	z := new(big.Int).Mul(a, b)
	return z.Quo(z, unit)
}

func clamp(x, lo, hi *big.Int) *big.Int {
	switch {
	case x.Cmp(hi) > 0:
		x = hi
	case x.Cmp(lo) < 0:
		x = lo
	}
	return new(big.Int).Set(x)
}

// twinState is what the twin gives for one asset.
type twinState struct{ inc, d, raw, u *big.Int }

func (w *twin) step(a pid.AssetState, eps, y fixed.Wad, active bool) twinState {
	e, zero := eps.Big(), new(big.Int)
	if band := w.gains.DeadBand.Big(); band.Sign() != 0 {
		size := new(big.Int).Sub(new(big.Int).Abs(e), band)
		if size.Sign() < 0 {
			size.SetInt64(0)
		}
		e = size.Mul(size, big.NewInt(int64(e.Sign())))
	}
	p := mul(w.gains.Kp.Big(), e)
	inc := mul(mul(w.gains.Ki.Big(), e), w.dt)
	zone := w.gains.IZone.Big()
	if !active || zone.Sign() != 0 && new(big.Int).Abs(e).Cmp(zone) > 0 {
		inc = new(big.Int)
	}
	iMax := w.gains.IMax.Big()
	command := mul(w.gains.Rho.Big(), a.I.Big())
	command = clamp(command.Add(command, inc), new(big.Int).Neg(iMax), iMax)
	d := new(big.Int)
	if smoothing := new(big.Int).Add(w.gains.Tau.Big(), w.dt); a.Seen && smoothing.Sign() != 0 {
		change := new(big.Int).Sub(y.Big(), a.Measurement.Big())
		d.Mul(w.gains.Tau.Big(), a.D.Big())
		d.Add(d, change.Mul(change, w.gains.Kd.Big()))
		d.Quo(d, smoothing)
	}
	raw := new(big.Int).Add(p, command)
	raw.Sub(raw, d)
	u := new(big.Int).Set(raw)
	if w.gains.NoOvershoot {
		if e.Sign() < 0 {
			u = clamp(raw, e, zero)
		} else {
			u = clamp(raw, zero, e)
		}
	}
	return twinState{inc, d, raw, u}
}

// integrate is the integral after a realised change.
func (w *twin) integrate(a pid.AssetState, s twinState, realised fixed.Wad) *big.Int {
	phi := new(big.Int).Set(unit)
	if s.raw.Sign() != 0 {
		phi.Mul(realised.Big(), unit)
		phi = clamp(phi.Quo(phi, s.raw), new(big.Int), unit)
	}
	iMax := w.gains.IMax.Big()
	grown := mul(w.gains.Rho.Big(), a.I.Big())
	return clamp(grown.Add(grown, mul(phi, s.inc)), new(big.Int).Neg(iMax), iMax)
}

// spectralRadius is the size of the largest root of the closed loop's characteristic polynomial (spec 01 §1.3), found
// by simultaneous iteration.
func spectralRadius(kp, ki, kd, phi float64) float64 {
	coefficients := [4]complex128{
		1, complex(phi*(kp+ki+kd)-2, 0), complex(1-phi*(kp+2*kd), 0), complex(phi*kd, 0),
	}
	roots := [3]complex128{1, 0.4 + 0.9i, -0.65 + 0.72i}
	for range 500 {
		for i := range roots {
			value, others := complex128(0), complex128(1)
			for _, c := range coefficients {
				value = value*roots[i] + c
			}
			for j := range roots {
				if j != i {
					others *= roots[i] - roots[j]
				}
			}
			roots[i] -= value / others
		}
	}
	return max(cmplx.Abs(roots[0]), cmplx.Abs(roots[1]), cmplx.Abs(roots[2]))
}
