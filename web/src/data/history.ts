// What the history's API answers: see /openapi.json.

export type Health = { status: string; chain: string; height: number; time: number; lag_seconds: number };

export type Overview = {
  chain: string;
  first_height: number;
  height: number;
  time: number;
  managed: string;
  managed_real: number | null;
  managed_time: number;
  round: number;
  round_time: number;
  portfolios: Record<string, number>;
  auctions: Record<string, number>;
  prices: Record<string, number>;
  stopped: string[];
};

export type Weight = { denom: string; weight: string; target: string; order: string };

export type Portfolio = {
  id: number;
  owner: string;
  pending_owner: string;
  trustee: string;
  address: string;
  name: string;
  status: string;
  reason: string;
  payments_paused: boolean;
  created_time: number;
  round: number;
  decided_time: number;
  outcome: string;
  nav: string;
  nav_real: number | null;
  drift: string;
  weights: Weight[];
};

export type Position = { denom: string; weight: string; min_balance: string; max_weight?: string; threshold?: string };

export type Policy = {
  positions: Position[];
  target: Record<string, string>;
  trigger: Record<string, unknown> & { kind: string; threshold?: string };
  bands: Record<string, string>;
  limits: Record<string, string>;
  gains: Record<string, string | boolean>;
  loss_budget: Record<string, string>;
  period_seconds: string;
};

export type PortfolioWhole = Portfolio & { policy: Policy };

export type Interval = {
  round: number;
  height: number;
  time: number;
  outcome: string;
  reason: string;
  clamps: string[];
  denom: string;
  error: string;
  nav: string;
  nav_real: number | null;
  hold: string;
  hold_real: number | null;
  mix: string;
  mix_real: number | null;
  drift: string;
  drift_real: number | null;
  total_drift: string;
  threshold: string;
  weights: Weight[];
  orders: number;
  settled_time: number;
  ordered: string;
  crossed: string;
  sold: string;
  got: string;
  lost: string;
  filled: string;
  cost_bps: string;
};

export type Order = {
  round: number;
  seq: number;
  sell: string;
  buy: string;
  units: string;
  crossable: boolean;
  one_time: number;
  lot: number;
  settled: boolean;
  unsold: string;
  got: string;
};

export type OneTimeOrder = {
  id: number;
  time: number;
  sell: string;
  buy: string;
  amount: string;
  terms: { intervals?: string; limit?: string; share?: string };
  remaining: string;
  status: string;
};

export type Slice = { one_time: number; round: number; time: number; sell: string; buy: string; sold: string; bought: string; remaining: string };

export type Payment = {
  id: number;
  time: number;
  denom: string;
  amount: string;
  recipient: string;
  channel: string;
  terms: { schedule?: { first?: string; every_seconds?: string; every_months?: string; until?: string } };
  status: string;
  next_attempt: number;
  made: number;
};

export type Movement = {
  height: number;
  seq: number;
  time: number;
  kind: string;
  payment: number;
  coins: string;
  recipient: string;
  channel: string;
  reason: string;
};

export type Pause = { height: number; seq: number; time: number; kind: string; reason: string; actor: string };

export type Round = {
  round: number;
  height: number;
  time: number;
  decided: number;
  managed: string;
  managed_real: number | null;
  counts: { outcome: string; portfolios: number }[];
  lots: number;
  ordered: string;
  crossed: string;
  sold: string;
  lost: string;
  finished_time: number;
};

export type Lot = {
  id: number;
  round: number;
  sell: string;
  sell_exponent: number;
  buy: string;
  buy_exponent: number;
  status: string;
  units: string;
  start: string;
  reserve: string;
  opened_height: number;
  opened_time: number;
  closed_height: number;
  closed_time: number;
  cancelled: string;
  bids: number;
  fills: number;
  sold: string;
  proceeds: string;
  remaining: string;
  clock: string;
  price: string;
};

export type Clearing = {
  height: number;
  time: number;
  clock: string;
  price: string;
  price_real: number | null;
  mid: string;
  mid_low: string;
  mid_high: string;
  cost_bps: string;
  sold: string;
  proceeds: string;
  fills: number;
  remaining: string;
};

export type Bid = {
  id: number;
  bidder: string;
  quantity: string;
  min_fill: string;
  limit_price: string;
  expiry: number;
  escrow: string;
  time: number;
  status: string;
};

export type Fill = {
  bid: number;
  bidder: string;
  units: string;
  payment: string;
  refund: string;
  price: string;
  mid: string;
  cost_bps: string;
  height: number;
  time: number;
};

export type Source = {
  id: number;
  class: string;
  reporter: string;
  price: string;
  time: number;
  age_seconds: number;
  weight: number;
  verdict: string;
};

export type Asset = {
  denom: string;
  display: string;
  exponent: number;
  status: string;
  price_time: number;
  price_status: string;
  price: string;
  confidence: string;
  sigma: string;
  twap: string;
  age_seconds: number;
  classes: number;
  sources: Source[];
};

export type Price = {
  height: number;
  time: number;
  status: string;
  value: string;
  value_real: number | null;
  confidence: string;
};

export type Page<T> = { items: T[]; next: string };
