// Package project turns what the controller wants into orders that a portfolio can place: they pay for each other and
// break no limit. It also knows the other sources of orders and limits: minimum balances that override targets,
// one-time orders, and scheduled payments. Source: spec 01 §1.6, §1.7 and §1.9, spec 12.1 and 12.2.
//
// # Feasible: shrink, never invent
//
// A wish is cut to what may be sold (held less minimum balance less locked) or bought (cap less held), and to whole
// quanta, and is dropped when it is below the minimum order. Then both sides get the same total,
// M = min(sells, buys, max sell), split in proportion to the requests by largest remainder. An order that this leaves
// below its minimum is dropped, the smallest first and of equals the lower index, and the split is made again.
//
// Always: the orders sum to exactly zero; the sells sum to at most max sell; no order breaks a minimum balance, a cap
// or a lock, or lies below its minimum. With wishes within the gaps, the sum of |target - held| falls by exactly 2M at
// constant prices: our own trade never adds drift. Within a layer every seller keeps the same fraction of its request
// to one quantum, and so does every buyer.
//
// An order has the sign of its wish and is not larger, with two exceptions:
//
//   - Snap: a wish below the minimum order is raised to it when it leads toward the target and the gap is at least
//     that. Without this a proportional controller stops short of its target for ever.
//   - Forced: an asset below its minimum balance is bought, one above its cap is sold, by what is missing or in
//     excess, whatever the controller wishes, and before its wishes. The other side pays in three layers: what it must
//     trade itself, what it wishes to trade, and only then, up to its own gap, more than it wishes. So a payment is met
//     even by a slow controller, and still no order crosses its target. A wish away from the target, which a guarded
//     controller never has, is void while the asset could pay.
//
// What is less than a quantum is not traded: a minimum balance may stay short by that much.
//
// # Rounding
//
// Orders round toward zero to whole quanta; minimum orders up. Overridden weights round up, the rest by largest
// remainder, so that they sum to exactly 1. Reserves round up: the portfolio holds enough.
//
// # Limits and errors
//
// Values and their sums stay below 3.4e20 (2^128 raw units), beyond is ErrInput, as is everything negative that must
// not be, or lists of different lengths. At most 256 assets share an override, and a reserve looks at the next 400
// occurrences of each payment. Feasible and Override allocate nothing once their Workspace has grown.
package project
