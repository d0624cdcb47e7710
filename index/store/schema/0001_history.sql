-- The history of a chain. Decimals and amounts of base units are texts, exact; a column that ends in _real holds the same
-- figure rounded, for sorting and charts only. Times are unix seconds. Flags are 0 or 1.
-- Every key is clustered: on SQLite the mark behind a table becomes WITHOUT ROWID. Texts in keys are compared byte by byte:
-- the mark behind them becomes the collation that PostgreSQL needs for that.

-- Where the history stands. One row.
CREATE TABLE progress (
  id BIGINT NOT NULL PRIMARY KEY,
  chain TEXT NOT NULL,
  first_height BIGINT NOT NULL,
  height BIGINT NOT NULL,
  time BIGINT NOT NULL,
  hash TEXT NOT NULL
) /*clustered*/;

-- Blocks in which something happened, and what it was about (JSON).
CREATE TABLE blocks (
  height BIGINT NOT NULL PRIMARY KEY,
  time BIGINT NOT NULL,
  events BIGINT NOT NULL,
  changed TEXT NOT NULL
) /*clustered*/;
CREATE INDEX blocks_time ON blocks (time, height);

CREATE TABLE portfolios (
  id BIGINT NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL,
  pending_owner TEXT NOT NULL,
  trustee TEXT NOT NULL,
  address TEXT NOT NULL,
  name TEXT NOT NULL,
  status TEXT NOT NULL,           -- active, paused, quarantined, closing, closed
  reason TEXT NOT NULL,           -- of the pause
  payments_paused BIGINT NOT NULL,
  policy TEXT NOT NULL,           -- JSON, as the chain's query gives it
  created_height BIGINT NOT NULL,
  created_time BIGINT NOT NULL,
  updated_height BIGINT NOT NULL,
  updated_time BIGINT NOT NULL,
  round BIGINT NOT NULL,          -- of the last interval, 0 before the first
  decided_time BIGINT NOT NULL,
  outcome TEXT NOT NULL,
  nav TEXT NOT NULL,
  nav_real DOUBLE PRECISION,
  drift TEXT NOT NULL,
  drift_real DOUBLE PRECISION,
  weights TEXT NOT NULL           -- JSON, as in intervals
) /*clustered*/;
CREATE INDEX portfolios_owner ON portfolios (owner, id);
CREATE INDEX portfolios_nav ON portfolios (nav_real, id);

CREATE TABLE rounds (
  round BIGINT NOT NULL PRIMARY KEY,
  height BIGINT NOT NULL,
  time BIGINT NOT NULL,           -- of the prices
  merged BIGINT NOT NULL,
  decided BIGINT NOT NULL,        -- portfolios that were due
  managed TEXT NOT NULL,          -- value of all open portfolios, as of their last intervals
  managed_real DOUBLE PRECISION,
  counts TEXT NOT NULL,           -- JSON: portfolios per outcome
  lots BIGINT NOT NULL,
  ordered TEXT NOT NULL,
  crossed TEXT NOT NULL,
  sold TEXT NOT NULL,
  lost TEXT NOT NULL,
  crossed_height BIGINT NOT NULL,
  closed_height BIGINT NOT NULL,
  finished_height BIGINT NOT NULL,
  finished_time BIGINT NOT NULL
) /*clustered*/;
CREATE INDEX rounds_time ON rounds (time, round);

-- What a round did with a portfolio.
CREATE TABLE intervals (
  portfolio BIGINT NOT NULL,
  round BIGINT NOT NULL,
  height BIGINT NOT NULL,
  time BIGINT NOT NULL,           -- of the prices
  outcome TEXT NOT NULL,
  reason TEXT NOT NULL,
  clamps TEXT NOT NULL,           -- JSON: limits that acted
  denom TEXT NOT NULL,            -- what the outcome is about
  error TEXT NOT NULL,
  nav TEXT NOT NULL,
  nav_real DOUBLE PRECISION,
  hold TEXT NOT NULL,             -- what it would be worth had it traded nothing since its first interval here
  hold_real DOUBLE PRECISION,
  mix TEXT NOT NULL,              -- and had it kept its targets without costs
  mix_real DOUBLE PRECISION,
  drift TEXT NOT NULL,
  drift_real DOUBLE PRECISION,
  total_drift TEXT NOT NULL,
  threshold TEXT NOT NULL,
  weights TEXT NOT NULL,          -- JSON: denom, weight, target, order
  orders BIGINT NOT NULL,         -- how many were placed
  settled_height BIGINT NOT NULL,
  settled_time BIGINT NOT NULL,
  ordered TEXT NOT NULL,          -- the fill, in values
  crossed TEXT NOT NULL,
  sold TEXT NOT NULL,
  got TEXT NOT NULL,
  lost TEXT NOT NULL,
  filled TEXT NOT NULL,
  cost_bps TEXT NOT NULL,
  notes TEXT NOT NULL,            -- JSON: what else happened
  PRIMARY KEY (portfolio, round)
) /*clustered*/;
CREATE INDEX intervals_time ON intervals (portfolio, time, round);
CREATE INDEX intervals_round ON intervals (round, portfolio);

-- What the benchmarks of a portfolio go on from: its last interval that was measured, and what it traded since the first.
CREATE TABLE benchmarks (
  portfolio BIGINT NOT NULL PRIMARY KEY,
  state TEXT NOT NULL             -- JSON
) /*clustered*/;

-- Orders of portfolios in rounds.
CREATE TABLE orders (
  portfolio BIGINT NOT NULL,
  round BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  height BIGINT NOT NULL,
  time BIGINT NOT NULL,
  sell TEXT NOT NULL,
  buy TEXT NOT NULL,
  units TEXT NOT NULL,
  crossable BIGINT NOT NULL,
  one_time BIGINT NOT NULL,       -- id of the one-time order, or 0
  lot BIGINT NOT NULL,            -- 0 when there is none
  settled BIGINT NOT NULL,
  unsold TEXT NOT NULL,
  got TEXT NOT NULL,
  PRIMARY KEY (portfolio, round, seq)
) /*clustered*/;
CREATE INDEX orders_round ON orders (round, sell, buy);
CREATE INDEX orders_lot ON orders (lot, portfolio, round, seq);

CREATE TABLE one_time_orders (
  portfolio BIGINT NOT NULL,
  id BIGINT NOT NULL,
  height BIGINT NOT NULL,
  time BIGINT NOT NULL,
  sell TEXT NOT NULL,
  buy TEXT NOT NULL,
  amount TEXT NOT NULL,
  terms TEXT NOT NULL,            -- JSON
  remaining TEXT NOT NULL,
  status TEXT NOT NULL,           -- live, done, cancelled
  PRIMARY KEY (portfolio, id)
) /*clustered*/;
CREATE INDEX one_time_orders_status ON one_time_orders (status, portfolio);

CREATE TABLE slices (
  portfolio BIGINT NOT NULL,
  one_time BIGINT NOT NULL,
  round BIGINT NOT NULL,
  height BIGINT NOT NULL,
  time BIGINT NOT NULL,
  sell TEXT NOT NULL,
  buy TEXT NOT NULL,
  sold TEXT NOT NULL,
  bought TEXT NOT NULL,
  remaining TEXT NOT NULL,
  PRIMARY KEY (portfolio, one_time, round)
) /*clustered*/;

CREATE TABLE crossings (
  round BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  height BIGINT NOT NULL,
  time BIGINT NOT NULL,
  sell TEXT NOT NULL,
  buy TEXT NOT NULL,
  sold TEXT NOT NULL,
  bought TEXT NOT NULL,
  PRIMARY KEY (round, seq)
) /*clustered*/;

CREATE TABLE lots (
  id BIGINT NOT NULL PRIMARY KEY,
  round BIGINT NOT NULL,
  sell TEXT NOT NULL,
  sell_exponent BIGINT NOT NULL,
  buy TEXT NOT NULL,
  buy_exponent BIGINT NOT NULL,
  status TEXT NOT NULL,           -- open, frozen, closed
  units TEXT NOT NULL,
  start TEXT NOT NULL,
  reserve TEXT NOT NULL,
  terms TEXT NOT NULL,            -- JSON: the lot when it opened, or was anchored again
  opened_height BIGINT NOT NULL,
  opened_time BIGINT NOT NULL,
  closed_height BIGINT NOT NULL,
  closed_time BIGINT NOT NULL,
  cancelled TEXT NOT NULL,        -- why it was closed before its time
  bids BIGINT NOT NULL,           -- that were placed
  fills BIGINT NOT NULL,
  sold TEXT NOT NULL,
  proceeds TEXT NOT NULL,
  remaining TEXT NOT NULL,
  clock TEXT NOT NULL,            -- at the last clearing that sold
  price TEXT NOT NULL
) /*clustered*/;
CREATE INDEX lots_status ON lots (status, id);
CREATE INDEX lots_round ON lots (round, id);
CREATE INDEX lots_pair ON lots (sell, buy, id);
CREATE INDEX lots_buy ON lots (buy, id);
CREATE INDEX lots_time ON lots (opened_time, id);

CREATE TABLE clearings (
  lot BIGINT NOT NULL,
  height BIGINT NOT NULL,
  time BIGINT NOT NULL,
  clock TEXT NOT NULL,
  price TEXT NOT NULL,
  price_real DOUBLE PRECISION,
  mid TEXT NOT NULL,              -- the oracle's price of the pair, empty when there was none
  mid_low TEXT NOT NULL,          -- where it may lie, by the confidence of both prices
  mid_high TEXT NOT NULL,
  cost_bps TEXT NOT NULL,         -- of the price against the mid
  sold TEXT NOT NULL,
  proceeds TEXT NOT NULL,
  fills BIGINT NOT NULL,
  remaining TEXT NOT NULL,
  PRIMARY KEY (lot, height)
) /*clustered*/;
CREATE INDEX clearings_height ON clearings (height, lot);

CREATE TABLE bids (
  lot BIGINT NOT NULL,
  id BIGINT NOT NULL,
  bidder TEXT NOT NULL,
  quantity TEXT NOT NULL,
  min_fill TEXT NOT NULL,
  limit_price TEXT NOT NULL,
  limit_real DOUBLE PRECISION,
  expiry BIGINT NOT NULL,
  same_owner BIGINT NOT NULL,
  escrow TEXT NOT NULL,
  height BIGINT NOT NULL,
  time BIGINT NOT NULL,
  status TEXT NOT NULL,           -- resting, cancelling, filled, return, cancel, expiry, eviction
  ended_height BIGINT NOT NULL,
  ended_time BIGINT NOT NULL,
  PRIMARY KEY (lot, id)
) /*clustered*/;
CREATE INDEX bids_bidder ON bids (bidder, height, lot, id);
CREATE INDEX bids_status ON bids (bidder, status, height, lot, id);

CREATE TABLE fills (
  lot BIGINT NOT NULL,
  bid BIGINT NOT NULL,
  bidder TEXT NOT NULL,
  units TEXT NOT NULL,
  payment TEXT NOT NULL,
  refund TEXT NOT NULL,
  price TEXT NOT NULL,
  mid TEXT NOT NULL,
  cost_bps TEXT NOT NULL,
  height BIGINT NOT NULL,
  time BIGINT NOT NULL,
  PRIMARY KEY (lot, bid)
) /*clustered*/;
CREATE INDEX fills_bidder ON fills (bidder, height, lot, bid);

CREATE TABLE sales (
  id BIGINT NOT NULL PRIMARY KEY,
  seller TEXT NOT NULL,
  sell TEXT NOT NULL,
  offered TEXT NOT NULL,
  buy TEXT NOT NULL,
  limit_price TEXT NOT NULL,
  height BIGINT NOT NULL,
  time BIGINT NOT NULL,
  status TEXT NOT NULL,           -- waiting, settled, cancelled
  sold TEXT NOT NULL,
  proceeds TEXT NOT NULL,
  returned TEXT NOT NULL,
  updated_height BIGINT NOT NULL,
  updated_time BIGINT NOT NULL
) /*clustered*/;
CREATE INDEX sales_seller ON sales (seller, id);

CREATE TABLE assets (
  denom TEXT /*bytes*/ NOT NULL PRIMARY KEY,
  idx BIGINT NOT NULL,
  display TEXT NOT NULL,
  exponent BIGINT NOT NULL,
  status TEXT NOT NULL,           -- active, wind-down, disabled
  price_height BIGINT NOT NULL,   -- of its last row in prices
  price_time BIGINT NOT NULL,
  price_status TEXT NOT NULL,
  price TEXT NOT NULL,
  confidence TEXT NOT NULL,
  sigma TEXT NOT NULL,
  twap TEXT NOT NULL,
  age_seconds BIGINT NOT NULL,
  classes BIGINT NOT NULL,
  sources TEXT NOT NULL           -- JSON, as in prices
) /*clustered*/;

CREATE TABLE prices (
  denom TEXT /*bytes*/ NOT NULL,
  height BIGINT NOT NULL,
  time BIGINT NOT NULL,
  status TEXT NOT NULL,
  value TEXT NOT NULL,
  value_real DOUBLE PRECISION,
  confidence TEXT NOT NULL,
  sigma TEXT NOT NULL,
  twap TEXT NOT NULL,
  age_seconds BIGINT NOT NULL,
  classes BIGINT NOT NULL,
  sources TEXT NOT NULL,          -- JSON: source, class, price, age, weight, verdict
  PRIMARY KEY (denom, height)
) /*clustered*/;
CREATE INDEX prices_time ON prices (denom, time, height);

-- Everything that stopped or resumed somebody. Scope is portfolio, auctions, rounds, lot or asset.
CREATE TABLE pauses (
  height BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  time BIGINT NOT NULL,
  scope TEXT NOT NULL,
  portfolio BIGINT NOT NULL,
  lot BIGINT NOT NULL,
  denom TEXT NOT NULL,
  kind TEXT NOT NULL,
  reason TEXT NOT NULL,
  actor TEXT NOT NULL,
  PRIMARY KEY (height, seq)
) /*clustered*/;
CREATE INDEX pauses_portfolio ON pauses (portfolio, height, seq);
CREATE INDEX pauses_scope ON pauses (scope, height, seq);

CREATE TABLE payments (
  portfolio BIGINT NOT NULL,
  id BIGINT NOT NULL,
  height BIGINT NOT NULL,
  time BIGINT NOT NULL,
  denom TEXT NOT NULL,
  amount TEXT NOT NULL,
  recipient TEXT NOT NULL,
  channel TEXT NOT NULL,
  terms TEXT NOT NULL,            -- JSON
  status TEXT NOT NULL,           -- scheduled, short, failed, done, cancelled
  next_attempt BIGINT NOT NULL,   -- of one that is short or failed
  made BIGINT NOT NULL,           -- how often it was paid
  PRIMARY KEY (portfolio, id)
) /*clustered*/;

-- What happened to payments and payouts, and other coins that left a portfolio.
CREATE TABLE movements (
  height BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  time BIGINT NOT NULL,
  portfolio BIGINT NOT NULL,
  kind TEXT NOT NULL,             -- paid, arrived, returned, short, failed, withdrawn, closed, ...
  payment BIGINT NOT NULL,        -- id of the payment or of the one-time order, or 0
  coins TEXT NOT NULL,            -- such as 5uatom,7uusdc
  recipient TEXT NOT NULL,
  channel TEXT NOT NULL,
  packet BIGINT NOT NULL,         -- sequence of the IBC packet, or 0
  reason TEXT NOT NULL,
  PRIMARY KEY (height, seq)
) /*clustered*/;
CREATE INDEX movements_portfolio ON movements (portfolio, height, seq);

-- What went wrong and stopped nobody, and what changed by decision.
CREATE TABLE notices (
  height BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  time BIGINT NOT NULL,
  kind TEXT NOT NULL,
  portfolio BIGINT NOT NULL,
  round BIGINT NOT NULL,
  lot BIGINT NOT NULL,
  denom TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (height, seq)
) /*clustered*/;
CREATE INDEX notices_portfolio ON notices (portfolio, height, seq);
