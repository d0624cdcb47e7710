// Package pid is the control law: it says which part of the gap between the weights and their targets to close in
// this interval. Source: spec 01 §1.1 to §1.6.
//
// # Law
//
// All state is in weight space, where a deposit or a change of the unit of account moves nothing. For an asset with
// target w, weight y and error eps = w-y, and dt = (now-last)/period clamped to DtMin..DtMax (1 on the first run):
//
//	P    = Kp*eps
//	Iinc = Ki*eps*dt               0 when |eps| > IZone (0 = off) or the portfolio is not active
//	Icmd = Rho*I + Iinc            clamped to -IMax..IMax
//	D    = (Tau*D' + Kd*(y-y'))/(Tau+dt)   on the measurement, low-passed; 0 on the first run
//	raw  = P + Icmd - D
//	u    = raw clamped to 0..eps   with NoOvershoot: a trade never reverses and never crosses the target
//
// With a DeadBand b the error that the law sees is sign(eps)*max(|eps|-b, 0): trade to the edge, not to the target.
//
// After settlement, with r the realised net change of the asset's value over the portfolio's value at the decision:
//
//	phi  = r/raw clamped to 0..1   1 when raw = 0
//	I    = Rho*I + phi*Iinc        clamped to -IMax..IMax
//
// So the integral advances by the clock of filled volume: what a clamp, a thin auction or a pause did not fill does
// not wind it up, and a loop that is stable at full fills converges for every pattern of fills (spec 01 §1.4).
//
// # Gains
//
// Validate enforces the admissible box (0 < Kp <= 1, Ki*DtMax <= Kp^2/4, Kd/(Tau+DtMin) <= 0.4), inside which the loop
// is stable for every constant fill. Margins says how far a set of gains is from the stability bounds. HorizonGain,
// DeadlineGain, CostOptimalGain and CriticalGains turn an intention into gains.
//
// # Rounding
//
// Every product and quotient of the law is rounded toward zero, so that opposite errors give opposite commands. Gains
// from an intention round up: not later than asked. Margins round down: never stable by rounding.
//
// # Limits and errors
//
// Every gain, error, weight and fill has a magnitude below 18; the law cannot overflow inside that range. ErrGains,
// ErrInput and ErrTime name what was wrong. A function that returns an error has changed nothing.
package pid
