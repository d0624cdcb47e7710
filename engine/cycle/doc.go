// Package cycle is the whole interval as a value: Step takes a round, an input and a configuration and gives the next
// round and an output. Source: spec 00 §0.4, 03 §3.5, 04, 05, 12.
//
// # The host contract
//
//  1. Load the round, and the page of portfolios that is next: by ascending id, each with its policy, what its account
//     holds now, and its state.
//  2. Build the Input: time and height of the block, the oracle's prices, the page, the lots that closed.
//  3. Call Step.
//  4. Apply the transfers, all of them or none.
//  5. Open the lots. Their units lie in their accounts already.
//  6. Turn decisions, fills and notes into events.
//  7. Store the round and the states. On an error store nothing and do nothing: nothing has happened.
//
// A host that keeps these steps in one transaction can stop anywhere and go on. The configuration changes between
// rounds only. A portfolio with orders in the market is not deleted, and nobody but Step changes its Orders.
//
// # Phases
//
//	Idle        until the next slot of IntervalSeconds; missed slots are one. Then prices freeze and the first page
//	            of portfolios comes with the same step.
//	Collecting  a page per step, ids ascending, until LastPage. Every portfolio that is due decides (Decide): value,
//	            target, drift, bands, trigger, control law, projection; its sells and buys are paired into flows, and
//	            the units it sells go to the round's escrow. It never looks at another portfolio.
//	Crossing    one step, in a later block: opposite flows meet at a price that nobody knew when they decided, pairs
//	            first and then rings. What is left becomes lots.
//	Auctioning  until the host has brought back every lot, in any number of steps.
//	Settling    a page per step. Every order gets its part of what became of its tranche, by prefix, and what it did not
//	            sell. Fills go back to the controllers, losses to the budgets.
//
// # Who owns what
//
//	from             units for sale are in                           what they brought is in
//	the freeze       Escrow <round>
//	the crossing     Lot <id>; what crossed stays in Escrow <round>  Lot <id>; what crossed in Escrow <round>
//	the lot's close  Escrow <round>, as far as unsold                Escrow <round>
//	the settlement   the portfolio, as far as unsold                 the portfolio
//
// Transfers of a step add up to zero for every asset, or Step fails with settle.ErrUnbalanced. When a round is Idle
// again its escrow and its lots are empty. Round.Owned says what an order owns at any moment.
//
// # Isolation
//
// A portfolio that cannot be decided is noted as Failed: its state stays as it was, and no book has heard of it. An
// order that finds no room in the books of its pair (2^128 units, sixteen different limits) is refused alone. A
// portfolio whose controller cannot learn from its fills still gets its units. No price stops a round: what may not
// cross is auctioned, what gets no auction returns unsold. Results do not depend on the size of pages or on who else
// is on one, except through the flows that meet.
//
// # Tranches
//
// Sellers of a pair who accept the same prices form a tranche: the owner's largest slippage, halved in recovery, and
// the limit of a one-time order. A pair takes ten different ones as they come; after that slippages are rounded down to
// a power of 1/4, which always has room, so that nobody is shut out by others with odd terms. The lot's reserve is the
// lowest that any of them accepts.
//
// # One-time orders, payments, loss budget (spec 12)
//
// Slices of one-time orders join the books beside the controller's orders, within what forced orders leave of the
// largest sale; the controller gets the rest. Their proceeds are earmarked, and weights are measured without them.
// Payments are minimum balances that grow toward the due time; paying them is the host's (Payouts). The budget is
// charged with what auctions brought less than the mids of their fills, and with the width of the reserve when a mid
// was not known; it is refilled with time. Owners speak through functions of State: Retarget, Retune, Pause, Resume,
// Release, RaiseBudget, AddOneTime, CancelOneTime, ReleaseEarmark.
//
// # Sales
//
// Somebody without a portfolio may sell units in a round as well (Sale). Sales come in pages of their own, with the
// last page of portfolios or after it, so that pages do not show in the results; they join the same books and lots,
// within the limit that their seller set, and are settled beside the portfolios.
//
// # Rounding
//
// Orders are whole base units, rounded down from whole micro-units of the account: nobody sells more than his limit.
// Values of holdings round down, floors up. What is paid out is split exactly: an order's part is the floor or the
// ceiling of its quota, and the parts add up.
//
// # Limits and errors
//
// MaxPositions assets in a policy, MaxOneTime one-time orders; amounts below 2^128, a portfolio's sells below 1.8e13 in
// value. Work is linear in portfolios, and per step in the pairs that trade. ErrInput and ErrTime say that an input
// does not fit the phase, ErrConfig that the configuration would stop the host, ErrBook that a host lost or doubled an
// order. Decide allocates nothing once its workspace has grown.
package cycle
