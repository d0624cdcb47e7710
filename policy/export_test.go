package policy

// What the published schema is made of, besides the types.
var (
	Vocabulary   = vocabulary
	TargetUses   = targetUses
	TargetNeeds  = targetNeeds
	TriggerUses  = triggerUses
	TriggerNeeds = triggerNeeds
	BandUses     = bandUses
	Denom        = denom.String()
)
