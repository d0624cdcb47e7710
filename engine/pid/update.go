package pid

import (
	"fmt"
	"slices"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// UpdateGains prepares st for a change of gains from old to next without a bump in the command: the integral takes
// over what the proportional part gives up, I + (old.Kp-next.Kp)*eps, within next.IMax. Without an integral there is
// nothing to take it over: with next.Ki = 0 the integral becomes zero. errs are the errors of this moment. ErrInput,
// ErrGains: then st is unchanged.
func UpdateGains(st *State, old, next *Gains, errs []fixed.Wad) error {
	if err := checkShares(st, errs); err != nil {
		return err
	}
	if !computable(old) || !computable(next) {
		return fmt.Errorf("%w: expected every gain in 0..18, got %+v and %+v", ErrGains, *old, *next)
	}
	var c fixed.Calc
	for i := range st.Assets {
		a := &st.Assets[i]
		a.Increment = fixed.Wad{}
		if next.Ki.IsZero() {
			a.I = fixed.Wad{}
			continue
		}
		handed := c.MulTrunc(c.Sub(old.Kp, next.Kp), edge(&c, errs[i], next.DeadBand))
		a.I = c.Add(a.I, handed).Clamp(next.IMax.Neg(), next.IMax)
	}
	return c.Err()
}

// UpdateTarget prepares st for new targets: the integral belongs to the old ones and goes. The last weights stay: the
// derivative looks at them and not at the error, so a new target does not kick it.
func UpdateTarget(st *State) {
	for i := range st.Assets {
		a := &st.Assets[i]
		a.I, a.Increment = fixed.Wad{}, fixed.Wad{}
	}
}

// Reset forgets everything: after a pause, a halt, or a new price source. The next Step is a first run.
func Reset(st *State) {
	clear(st.Assets)
	st.Last, st.Ran = 0, false
}

// Insert makes room for a new asset at position i of the portfolio, 0 <= i <= len(st.Assets).
func (st *State) Insert(i int) error {
	if i < 0 || i > len(st.Assets) {
		return fmt.Errorf("%w: expected a position of 0..%d, got %d", ErrInput, len(st.Assets), i)
	}
	st.Assets = slices.Insert(st.Assets, i, AssetState{})
	return nil
}

// Remove forgets the asset at position i.
func (st *State) Remove(i int) error {
	if i < 0 || i >= len(st.Assets) {
		return fmt.Errorf("%w: expected a position below %d, got %d", ErrInput, len(st.Assets), i)
	}
	st.Assets = slices.Delete(st.Assets, i, i+1)
	return nil
}
