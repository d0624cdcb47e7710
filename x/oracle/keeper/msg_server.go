package keeper

import (
	"context"
	"slices"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/x/oracle/types"
)

type msgServer struct{ k Keeper }

// NewMsgServer answers the messages of the module.
func NewMsgServer(k Keeper) types.MsgServer { return msgServer{k} }

// authorize checks that a message is from the authority.
func (s msgServer) authorize(ctx context.Context, authority string) error {
	return sdk.ValidateAuthority(sdk.UnwrapSDKContext(ctx), s.k.authority, authority)
}

// Report takes prices in, all of them or none.
func (s msgServer) Report(ctx context.Context, msg *types.MsgReport) (*types.MsgReportResponse, error) {
	params, err := s.k.Params.Get(ctx)
	if err != nil {
		return nil, err
	}
	reporter, err := msg.Check(int(params.MaxReports))
	if err != nil {
		return nil, err
	}
	changes := make([]change, 0, len(msg.Reports))
	for i := range msg.Reports {
		c, err := s.k.take(ctx, reporter, &msg.Reports[i], params.MaxAheadSeconds)
		if err != nil {
			return nil, err
		}
		if len(c.reports) > 0 {
			changes = append(changes, c)
		}
	}
	for _, c := range changes {
		if err := s.k.Reports.Set(ctx, c.asset, c.reports); err != nil {
			return nil, err
		}
	}
	accepted := uint32(len(changes))               //nolint:gosec // at most types.MaxReports
	ignored := uint32(len(msg.Reports)) - accepted //nolint:gosec // at most types.MaxReports
	emit(ctx, &types.EventReportsAccepted{Reporter: reporter, Accepted: accepted, Ignored: ignored})
	return &types.MsgReportResponse{Accepted: accepted, Ignored: ignored}, nil
}

// AddAsset registers an asset.
func (s msgServer) AddAsset(ctx context.Context, msg *types.MsgAddAsset) (*types.MsgAddAssetResponse, error) {
	if err := s.authorize(ctx, msg.Authority); err != nil {
		return nil, err
	}
	a := types.Asset{Denom: msg.Denom, Display: msg.Display, Exponent: msg.Exponent, Status: types.AssetActive}
	if err := a.Validate(); err != nil {
		return nil, err
	}
	sources := slices.Clone(msg.Sources)
	if err := types.CheckSources(sources); err != nil {
		return nil, err
	}
	params, err := s.k.Params.Get(ctx)
	if err != nil {
		return nil, err
	}
	i, err := s.k.add(ctx, a, sources, params.MaxAssets)
	if err != nil {
		return nil, err
	}
	emit(ctx, &types.EventAssetAdded{Denom: a.Denom, Index: uint32(i), Display: a.Display, Exponent: a.Exponent})
	return &types.MsgAddAssetResponse{Index: uint32(i)}, nil
}

// UpdateAsset changes the display name and the status of an asset.
func (s msgServer) UpdateAsset(ctx context.Context, msg *types.MsgUpdateAsset) (*types.MsgUpdateAssetResponse, error) {
	if err := s.authorize(ctx, msg.Authority); err != nil {
		return nil, err
	}
	i, a, err := s.k.find(ctx, msg.Denom)
	if err != nil {
		return nil, err
	}
	if msg.Display != "" {
		a.Display = msg.Display
	}
	if msg.Status != types.AssetUnspecified {
		a.Status = msg.Status
	}
	if err := s.k.update(ctx, i, a); err != nil {
		return nil, err
	}
	emit(ctx, &types.EventAssetUpdated{Denom: a.Denom, Display: a.Display, Status: a.Status})
	return &types.MsgUpdateAssetResponse{}, nil
}

// SetSources replaces the sources of an asset.
func (s msgServer) SetSources(ctx context.Context, msg *types.MsgSetSources) (*types.MsgSetSourcesResponse, error) {
	if err := s.authorize(ctx, msg.Authority); err != nil {
		return nil, err
	}
	i, a, err := s.k.find(ctx, msg.Denom)
	if err != nil {
		return nil, err
	}
	if err := s.k.setSources(ctx, i, slices.Clone(msg.Sources)); err != nil {
		return nil, err
	}
	emit(ctx, &types.EventSourcesSet{Denom: a.Denom, Sources: uint32(len(msg.Sources))}) //nolint:gosec // at most 32
	return &types.MsgSetSourcesResponse{}, nil
}

// UpdateParams replaces the terms of the oracle.
func (s msgServer) UpdateParams(
	ctx context.Context, msg *types.MsgUpdateParams,
) (*types.MsgUpdateParamsResponse, error) {
	if err := s.authorize(ctx, msg.Authority); err != nil {
		return nil, err
	}
	if err := msg.Params.Validate(); err != nil {
		return nil, err
	}
	if err := s.k.Params.Set(ctx, msg.Params); err != nil {
		return nil, err
	}
	emit(ctx, &types.EventParamsUpdated{})
	return &types.MsgUpdateParamsResponse{}, nil
}
