// What the chain's own API answers, as far as this page reads it: see app/openapi/openapi.json.

export type Schedule = {
  next_freeze_at: string;
  interval_seconds: string;
  rule: string;
  auction: Record<string, string | number>;
  spreads: { sell: string; buy: string; start: string; reserve: string }[];
};

export type Round = { round: string; phase: string; halted: boolean; next_freeze_at: string; open_lots: string };

export type Value = {
  nav: string;
  healthy: boolean;
  assets: { denom: string; free: string; in_market: string; value: string; price: string; status: string }[];
  edges: { denom: string; target: string; lower: string; upper: string }[];
  runways: Runway[];
};

export type Runway = { denom: string; due: string; months: string; short: boolean };

export type Explained = { sentences: string[] };

export type ChainPortfolio = {
  portfolio: { id: string; owner: string; trustee: string; pending_owner: string; stage: string };
  address: string;
  status: string;
  reason: string;
  detail: string;
  earmarked: { denom: string; amount: string }[];
};

export type ChainLot = {
  id: string;
  sell_denom: string;
  sell_exponent: number;
  buy_denom: string;
  buy_exponent: number;
  status: string;
  curve: { kind: string; start: string; reserve: string };
  opening_blocks_left: number;
  effective_seconds: string;
  last_time: string;
  clock_price: string;
  remaining: string;
  next_time: string;
  next_price: string;
  bids: number;
};

// LotNow is a lot, and the oracle's mid of now with where it may lie; empty without a healthy one.
export type LotNow = { lot: ChainLot; mid: string; mid_low: string; mid_high: string };

export type ChainBid = {
  lot_id: string;
  id: string;
  bidder: string;
  quantity: string;
  min_fill: string;
  limit: string;
  expiry: string;
  escrow: { denom: string; amount: string };
  cancelled: boolean;
};

export type Coin = { denom: string; amount: string };

export type Quote = {
  limit: string;
  time: string;
  price: string;
  units: Coin;
  payment: Coin;
  refund: Coin;
};

export type Take = { time: string; price: string; units: Coin; payment: Coin };

export type Breaker = {
  open: boolean;
  good: number;
  value: string;
  mean: string;
  distance: string;
  limit: string;
  last_good: string;
  last_good_seconds: string;
};

export type ChainFill = { lot_id: string; bid_id: string; units: Coin; payment: Coin; price: string; time: string };
