package keeper

import (
	"context"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/x/internal/num"
	"github.com/ballast-finance/ballast/x/portfolio/types"
)

// UpdateTargets changes target weights, and their rule when one is given.
func (k msgServer) UpdateTargets(
	ctx context.Context, msg *types.MsgUpdateTargets,
) (*types.MsgUpdateTargetsResponse, error) {
	f, err := k.managed(ctx, msg.Id, msg.Owner)
	if err != nil {
		return nil, err
	}
	p := f.Policy
	p.Positions = slices.Clone(p.Positions)
	if len(msg.Weights) != len(p.Positions) {
		return nil, types.ErrPolicy.Wrapf("weights: expected one for each of %d positions, got %d",
			len(p.Positions), len(msg.Weights))
	}
	seen := make([]bool, len(p.Positions))
	for _, w := range msg.Weights {
		i, err := f.position(w.Denom)
		if err != nil {
			return nil, err
		}
		if seen[i] {
			return nil, types.ErrPolicy.Wrapf("weights: %s stands twice", w.Denom)
		}
		seen[i], p.Positions[i].Weight, p.Positions[i].FromWeight = true, w.Weight, w.FromWeight
	}
	if msg.Target != nil {
		p.Target = *msg.Target
	}
	return &types.MsgUpdateTargetsResponse{}, k.retarget(ctx, f, &p, "targets")
}

// position finds a position of the policy by its denom.
func (f *folio) position(denom string) (int, error) {
	i := slices.IndexFunc(f.Policy.Positions, func(p types.Position) bool { return p.Denom == denom })
	if i < 0 {
		return i, types.ErrPolicy.Wrapf("expected a denom that the policy holds, got %q: a new one needs the whole policy",
			denom)
	}
	return i, nil
}

// UpdatePolicy replaces the whole policy.
func (k msgServer) UpdatePolicy(
	ctx context.Context, msg *types.MsgUpdatePolicy,
) (*types.MsgUpdatePolicyResponse, error) {
	f, err := k.managed(ctx, msg.Id, msg.Owner)
	if err != nil {
		return nil, err
	}
	return &types.MsgUpdatePolicyResponse{}, k.retarget(ctx, f, &msg.Policy, "policy")
}

// retarget stores another policy. What the engine remembers of the old targets goes.
func (k Keeper) retarget(ctx context.Context, f *folio, p *types.Policy, what string) error {
	old := f.policy
	if err := k.compile(ctx, f, p); err != nil {
		return err
	}
	next, err := f.memory.State.Retarget(old, f.policy)
	if err != nil {
		return types.Wrap(err)
	}
	f.memory.State = next
	emit(ctx, &types.EventUpdated{Id: f.Id, What: what})
	return k.put(ctx, f)
}

// UpdateLimits changes what one interval may do. The engine remembers nothing of limits.
func (k msgServer) UpdateLimits(
	ctx context.Context, msg *types.MsgUpdateLimits,
) (*types.MsgUpdateLimitsResponse, error) {
	f, err := k.managed(ctx, msg.Id, msg.Owner)
	if err != nil {
		return nil, err
	}
	p := f.Policy
	p.Limits, p.Positions = msg.Limits, slices.Clone(p.Positions)
	for _, l := range msg.Positions {
		i, err := f.position(l.Denom)
		if err != nil {
			return nil, err
		}
		p.Positions[i].MinBalance, p.Positions[i].MaxWeight = l.MinBalance, l.MaxWeight
	}
	if err := k.compile(ctx, f, &p); err != nil {
		return nil, err
	}
	emit(ctx, &types.EventUpdated{Id: f.Id, What: "limits"})
	return &types.MsgUpdateLimitsResponse{}, k.put(ctx, f)
}

// UpdateController changes the gains without a bump: the integral takes over what the proportional part gives up of
// the errors of this moment. Where they cannot be measured there is nothing to take over.
func (k msgServer) UpdateController(
	ctx context.Context, msg *types.MsgUpdateController,
) (*types.MsgUpdateControllerResponse, error) {
	f, err := k.managed(ctx, msg.Id, msg.Owner)
	if err != nil {
		return nil, err
	}
	prices, err := k.prices(ctx)
	if err != nil {
		return nil, err
	}
	p, ws := k.cycle(ctx, f), cycle.Workspace{}
	errs, err := ws.Errors(&p, &cycle.Market{Now: now(ctx), Universe: f.universe, Prices: prices})
	if err != nil || errs == nil {
		errs = make([]fixed.Wad, len(f.policy.Assets))
	}
	old, changed := f.policy, f.Policy
	changed.Gains = msg.Gains
	if err := k.compile(ctx, f, &changed); err != nil {
		return nil, err
	}
	if f.memory.State, err = f.memory.State.Retune(&old.Gains, &f.policy.Gains, errs); err != nil {
		return nil, types.Wrap(err)
	}
	emit(ctx, &types.EventUpdated{Id: f.Id, What: "controller"})
	return &types.MsgUpdateControllerResponse{}, k.put(ctx, f)
}

// ReleaseHalt ends a halt of the bands in the market that the sender saw.
func (k msgServer) ReleaseHalt(ctx context.Context, msg *types.MsgReleaseHalt) (*types.MsgReleaseHaltResponse, error) {
	f, err := k.guarded(ctx, msg.Id, msg.Sender)
	if err != nil {
		return nil, err
	}
	bounds, err := f.bounds(msg.Bounds)
	if err != nil {
		return nil, err
	}
	prices, err := k.prices(ctx)
	if err != nil {
		return nil, err
	}
	next, err := f.memory.State.Release(f.policy, bounds, prices, now(ctx))
	if err != nil {
		return nil, types.Wrap(err)
	}
	f.memory.State = next
	emit(ctx, &types.EventHaltReleased{Id: f.Id, By: msg.Sender})
	return &types.MsgReleaseHaltResponse{}, k.put(ctx, f)
}

// bounds puts bounds of prices into the order of the assets.
func (f *folio) bounds(list []types.PriceBound) ([]band.Bound, error) {
	if len(list) != len(f.policy.Assets) {
		return nil, types.ErrRelease.Wrapf("bounds: expected one for each of %d positions, got %d",
			len(f.policy.Assets), len(list))
	}
	bounds, seen := make([]band.Bound, len(list)), make([]bool, len(list))
	for _, b := range list {
		a, err := f.universe.Find(asset.ID(b.Denom))
		if err != nil {
			return nil, types.Wrap(err)
		}
		i, found := slices.BinarySearch(f.policy.Assets, a)
		if !found || seen[i] {
			return nil, types.ErrRelease.Wrapf("bounds: expected every denom of the policy once, got %s", b.Denom)
		}
		low, err := num.Decimal(b.Low)
		if err != nil {
			return nil, types.ErrRelease.Wrapf("low price of %s: %s", b.Denom, err)
		}
		high, err := num.Decimal(b.High)
		if err != nil {
			return nil, types.ErrRelease.Wrapf("high price of %s: %s", b.Denom, err)
		}
		bounds[i], seen[i] = band.Bound{Low: low, High: high}, true
	}
	return bounds, nil
}

// RaiseBudget raises the loss budget.
func (k msgServer) RaiseBudget(ctx context.Context, msg *types.MsgRaiseBudget) (*types.MsgRaiseBudgetResponse, error) {
	f, err := k.managed(ctx, msg.Id, msg.Owner)
	if err != nil {
		return nil, err
	}
	larger, err := num.Decimal(msg.Cap)
	if err != nil {
		return nil, types.ErrBudget.Wrapf("cap: %s", err)
	}
	next, err := f.memory.State.RaiseBudget(f.policy, now(ctx), larger)
	if err != nil {
		return nil, types.Wrap(err)
	}
	p := f.Policy
	p.LossBudget.Cap = num.Text(larger)
	if err := k.compile(ctx, f, &p); err != nil {
		return nil, err
	}
	f.memory.State = next
	emit(ctx, &types.EventUpdated{Id: f.Id, What: "budget"})
	return &types.MsgRaiseBudgetResponse{}, k.put(ctx, f)
}
