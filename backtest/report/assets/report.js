// The page of a backtest: a tab for every treasury, its charts and its intervals, and the auctions they shared.

const hour = 3600,
  day = 86400;

// Treasury charts -----------------------------------------------------------------------------------------------

// treasury reads the columns of one treasury, once, when its tab is first opened.
function treasury(t) {
  const s = t.series,
    v = t.intervals;
  const word = (c) => column(c).map((i) => v.words[i]);
  return {
    name: t.name,
    assets: t.assets || [],
    benchmarks: t.benchmarks || [],
    time: column(s.time),
    nav: column(s.nav),
    bench: columns(s.bench),
    weights: columns(s.weights),
    targets: columns(s.targets),
    lower: columns(s.lower),
    upper: columns(s.upper),
    drift: column(s.drift),
    cost: column(s.cost),
    rows: {
      time: column(v.time),
      outcome: word(v.outcome),
      reason: word(v.reason),
      nav: column(v.nav),
      drift: column(v.drift),
      weights: columns(v.weights),
      targets: columns(v.targets),
      orders: columns(v.orders),
      filled: columns(v.filled),
      crossed: column(v.crossed),
      sold: column(v.sold),
      fill: column(v.fill),
      cost: column(v.cost),
    },
  };
}

function drawdown(values) {
  let peak = -Infinity;
  return values.map((v) => {
    if (v == null) return null;
    peak = Math.max(peak, v);
    return peak > 0 ? v / peak - 1 : 0;
  });
}

// threshold is the drift at which the nearest band edge is met.
function threshold(t) {
  if (!t.lower.length || !t.upper.length) return null;
  return t.time
    .map((_, i) =>
      t.assets.reduce((least, _, k) => {
        const target = t.targets[k]?.[i] ?? 0;
        return Math.min(
          least,
          Math.max((t.upper[k]?.[i] ?? Infinity) - target, target - (t.lower[k]?.[i] ?? -Infinity)),
        );
      }, Infinity),
    )
    .map((x) => (Number.isFinite(x) ? x : null));
}

function drawTreasury(panel, t) {
  const host = panel.querySelector("[data-charts]");
  const times = t.time.length ? t.time : t.rows.time;
  const group = new Group(times[0] ?? 0, times[times.length - 1] ?? 0);
  const box = el("div", { class: "grid" });
  host.append(times.length ? rangeBar(group) : "", box);
  drawNAV(box, group, t);
  drawDrawdown(box, group, t);
  drawWeights(box, group, t);
  drawOrders(box, group, t);
  drawDrift(box, group, t);
  drawCost(box, group, t);
  drawBands(host, group, t);
  drawIntervals(panel.querySelector("[data-intervals]"), group, t);
}

function drawNAV(box, group, t) {
  const lines = [
    ...t.bench.map((y, i) => ({
      label: t.benchmarks[i],
      y,
      colour: seriesColour(i + 1),
      dash: [6, 4],
      width: 1.5,
      text: usd,
    })),
    { label: t.name, y: t.nav, colour: "c0", width: 2.2, top: true, text: usd },
  ];
  const scale = choice("Scale of NAV", ["linear", "log"], "linear", (text) => chart.rebuild({ log: text === "log" }));
  const chart = new Chart(box, group, {
    title: "Net asset value",
    unit: "USD",
    wide: true,
    height: 320,
    x: t.time,
    lines,
    controls: [scale],
  });
}

function drawDrawdown(box, group, t) {
  new Chart(box, group, {
    title: "Drawdown",
    unit: "% below the peak so far",
    height: 230,
    x: t.time,
    axis: (v) => percent(v, 0),
    zero: true,
    lines: [
      ...t.bench.map((b, i) => ({
        label: t.benchmarks[i],
        y: drawdown(b),
        colour: seriesColour(i + 1),
        dash: [6, 4],
        width: 1.4,
        text: (y) => percent(y),
      })),
      { label: t.name, y: drawdown(t.nav), colour: "c0", fill: 0.14, top: true, text: (y) => percent(y) },
    ],
  });
}

function drawDrift(box, group, t) {
  const edge = threshold(t);
  new Chart(box, group, {
    title: "Drift",
    unit: "largest |weight − target|, % of NAV",
    height: 220,
    x: t.time,
    floor: 0,
    axis: (v) => percent(v, 1),
    lines: [
      { label: "drift", y: t.drift, colour: "c0", fill: 0.12, text: (y) => percent(y) },
      ...(edge
        ? [{ label: "threshold", y: edge, colour: "c5", kind: "step", dash: [6, 4], text: (y) => percent(y) }]
        : []),
    ],
  });
}

function drawCost(box, group, t) {
  const text = (y, i) => `${usd(y)} (${points(t.nav[i] > 0 ? y / t.nav[i] : null)} of NAV)`;
  new Chart(box, group, {
    title: "Cumulative cost",
    unit: "USD, fees and loss against the mid",
    height: 220,
    x: t.time,
    zero: true,
    lines: [{ label: "cost", y: t.cost, colour: "c1", kind: "step", fill: 0.12, text }],
  });
}

// drawWeights stacks the weights: every line is the sum of its asset and those before it.
function drawWeights(box, group, t) {
  const sums = [];
  t.weights.forEach((w, k) => sums.push(w.map((x, i) => x + (k ? sums[k - 1][i] : 0))));
  const lines = t.assets.slice(0, sums.length).map((label, k) => ({
    label,
    y: sums[k],
    colour: seriesColour(k),
    width: 1,
    fill: k ? undefined : 0.55,
    area: true,
    text: (_, i) => percent(t.weights[k][i]),
  }));
  new Chart(box, group, {
    title: "Weights",
    unit: "% of NAV, stacked",
    height: 230,
    x: t.time,
    lines,
    fixed: true,
    range: [0, 1],
    axis: (v) => percent(v, 0),
    bands: lines.slice(1).map((line, k) => [k + 1, k, line.colour, 0.55]),
  });
}

// drawBands shows every asset alone, with its target and the edges at which the policy acts.
function drawBands(host, group, t) {
  if (!t.weights.length || !t.time.length) return;
  host.append(el("h3", {}, "Weight of each asset against its target"));
  const box = el("div", { class: "grid small" });
  host.append(box);
  t.assets.forEach((asset, k) => {
    if (!t.weights[k]) return;
    const banded = t.lower[k] && t.upper[k];
    const lines = [
      { label: "weight", y: t.weights[k], colour: seriesColour(k), text: (y) => percent(y) },
      { label: "target", y: t.targets[k] || [], colour: "ink", dash: [5, 4], width: 1.2, text: (y) => percent(y) },
    ];
    if (banded) {
      const edges = (_, i) => `${grouped(100 * t.lower[k][i], 2)} to ${percent(t.upper[k][i])}`;
      lines.push(
        { label: "band", y: t.upper[k], colour: "c7", kind: "step", width: 1, also: [3], text: edges },
        { label: "lower edge", y: t.lower[k], colour: "c7", kind: "step", width: 1, legend: false, tip: false },
      );
    }
    new Chart(box, group, {
      title: asset,
      unit: "% of NAV",
      height: 190,
      x: t.time,
      lines,
      floor: 0,
      axis: (v) => percent(v, 1),
      bands: banded ? [[2, 3, "c7", 0.12]] : [],
    });
  });
}

// Orders and fills ----------------------------------------------------------------------------------------------

const barsMax = 120;
const spans = [
  hour,
  2 * hour,
  4 * hour,
  6 * hour,
  12 * hour,
  day,
  2 * day,
  7 * day,
  14 * day,
  28 * day,
  91 * day,
  364 * day,
];

// sellsOf adds up what leaves: orders are negative where an asset is sold.
const sellsOf = (list, i) => list.reduce((sum, values) => sum + Math.max(0, -(values[i] ?? 0)), 0);

function drawOrders(box, group, t) {
  const { rows } = t;
  const active = rows.time
    .map((_, i) => i)
    .filter((i) => rows.orders.some((o) => o[i]) || rows.filled.some((f) => f[i]));
  const times = active.map((i) => rows.time[i]);
  let pick = "all";
  const values = (kind, i) => {
    const k = t.assets.indexOf(pick);
    if (k >= 0) return rows[kind][k]?.[i] ?? 0;
    if (kind === "crossed") return rows.crossed[i];
    return kind === "orders" ? sellsOf(rows.orders, i) : rows.sold[i] || sellsOf(rows.filled, i);
  };
  // regroup adds up intervals when there are too many bars for the width.
  const regroup = (min, max) => {
    const from = lowerBound(times, min),
      to = lowerBound(times, max + 1e-9);
    const bars =
      to - from > barsMax
        ? sums(times, (k) => active[k], values, (max - min) / barsMax)
        : single(times, active, values);
    const lines = [
      {
        label: pick === "all" ? "ordered" : "ordered (+ buy, − sell)",
        y: bars.orders,
        colour: "c7",
        kind: "bar",
        fill: 0.45,
        share: 0.85,
        text: usd,
      },
      { label: "filled", y: bars.filled, colour: "c0", kind: "bar", fill: 0.95, share: 0.5, text: usd },
    ];
    if (pick === "all" && rows.crossed.some((x) => x > 0)) {
      lines.push({
        label: "crossed inside",
        y: bars.crossed,
        colour: "c2",
        kind: "bar",
        fill: 0.95,
        share: 0.25,
        text: usd,
      });
    }
    return { x: bars.x, lines, at: bars.at };
  };
  const select = el(
    "select",
    {
      "aria-label": "Asset of orders and fills",
      onchange: (e) => {
        pick = e.target.value;
        chart.rebuild(regroup(group.min, group.max));
      },
    },
    el("option", { value: "all" }, "value sold, all assets"),
    ...t.assets.map((a) => el("option", { value: a }, a)),
  );
  const first = active.length ? regroup(group.min, group.max) : { x: [], lines: [] };
  const chart = new Chart(box, group, {
    title: "Orders and fills",
    unit: "USD",
    wide: true,
    height: 240,
    quiet: true,
    zero: true,
    ...first,
    regroup,
    controls: [select],
    empty: "No orders: the policy never had to trade.",
  });
}

const single = (times, active, values) => ({
  x: times,
  orders: active.map((i) => values("orders", i)),
  filled: active.map((i) => values("filled", i)),
  crossed: active.map((i) => values("crossed", i)),
  at: (k) => moment(times[k]),
});

// sums adds up intervals over equal spans of time. Spans without orders have no bar.
function sums(times, row, values, least) {
  const span = spans.find((s) => s >= least) || spans[spans.length - 1];
  const out = { x: [], orders: [], filled: [], crossed: [] };
  let bucket = null;
  times.forEach((time, k) => {
    const start = Math.floor(time / span) * span;
    if (start !== bucket) {
      bucket = start;
      out.x.push(start + span / 2);
      for (const kind of ["orders", "filled", "crossed"]) out[kind].push(0);
    }
    const at = out.x.length - 1;
    for (const kind of ["orders", "filled", "crossed"]) out[kind][at] += values(kind, row(k)) || 0;
  });
  out.at = (k) => `${elapsedSpan(span)} from ${moment(out.x[k] - span / 2)}`;
  return out;
}

const elapsedSpan = (s) => (s >= day ? `${s / day} d` : `${s / hour} h`);

// Range of time -------------------------------------------------------------------------------------------------

const isoDay = (t) => new Date(t * 1e3).toISOString().slice(0, 10);

function rangeBar(group) {
  const bound = (label, read) => {
    const input = el("input", {
      type: "date",
      min: isoDay(group.first),
      max: isoDay(group.last),
      onchange: () => {
        const t = Date.parse(`${input.value}T00:00:00Z`) / 1e3;
        if (Number.isFinite(t)) read(t);
      },
    });
    return [el("label", {}, label, input), input];
  };
  const [fromLabel, from] = bound("from", (t) => group.zoom(t, Math.max(group.max, t + day)));
  const [toLabel, to] = bound("to", (t) => group.zoom(Math.min(group.min, t), t + day));
  const all = el("button", { type: "button", onclick: () => group.zoom() }, "Whole period");
  const length = group.last - group.first;
  const presets = [
    [365, "1 y"],
    [90, "90 d"],
    [30, "30 d"],
    [7, "7 d"],
  ]
    .filter(([n]) => n * day < length)
    .map(([n, text]) =>
      el(
        "button",
        { type: "button", title: `The last ${text}`, onclick: () => group.zoom(group.last - n * day, group.last) },
        text,
      ),
    );
  const show = () => {
    from.value = isoDay(group.min);
    to.value = isoDay(group.max);
    all.disabled = !group.zoomed;
  };
  group.listeners.push(show);
  show();
  return el(
    "div",
    { class: "tools range" },
    fromLabel,
    toLabel,
    ...presets,
    all,
    el("small", {}, "drag over a chart to zoom, double-click to see everything; times are UTC"),
  );
}

// Intervals -----------------------------------------------------------------------------------------------------

function drawIntervals(host, group, t) {
  const { rows } = t;
  const count = rows.time.length;
  host.append(el("h3", {}, "Every interval, and why"));
  if (!count) {
    host.append(el("p", { class: "empty" }, "No interval was recorded."));
    return;
  }
  const ordered = rows.time.map((_, i) => sellsOf(rows.orders, i));
  const paid = (i) => (rows.sold[i] > 0 ? rows.cost[i] / rows.sold[i] : null);
  const tally = new Map();
  for (const o of rows.outcome) tally.set(o, (tally.get(o) || 0) + 1);
  const money = (label, y) => ({
    label: `${label}, USD`,
    value: (i) => y[i],
    cell: (i) => (y[i] ? plain(y[i]) : none),
  });
  const zoomed = el("input", { type: "checkbox", onchange: () => table.update() });
  group.listeners.push(() => {
    if (zoomed.checked) table.update();
  });
  const table = new Table(host, {
    label: `Intervals of ${t.name}`,
    count,
    hint: "word of a reason, or a date",
    empty: "No interval matches.",
    file: "intervals.csv",
    hay: (i) => `${stamp(rows.time[i])} ${rows.outcome[i]} ${rows.reason[i]}`.toLowerCase(),
    keep: (i) => !zoomed.checked || (rows.time[i] >= group.min && rows.time[i] <= group.max),
    controls: [el("label", {}, zoomed, "only the time shown in the charts")],
    filters: [
      {
        label: "outcome",
        options: [...tally].map(([word, n]) => [word, `${word} (${grouped(n, 0)})`]),
        keep: (i, word) => rows.outcome[i] === word,
      },
    ],
    columns: [
      {
        label: "Time, UTC",
        text: true,
        value: (i) => rows.time[i],
        cell: (i) => el("span", { class: "time" }, stamp(rows.time[i])),
      },
      { label: "Outcome", text: true, value: (i) => rows.outcome[i], cell: (i) => rows.outcome[i] },
      { label: "Reason", text: true, long: true, value: (i) => rows.reason[i], cell: (i) => rows.reason[i] },
      money("NAV", rows.nav),
      { label: "Drift, %", value: (i) => rows.drift[i], cell: (i) => grouped(100 * rows.drift[i], 2) },
      money("Ordered", ordered),
      money("Sold", rows.sold),
      {
        label: "Filled, %",
        value: (i) => rows.fill[i],
        cell: (i) => (ordered[i] ? grouped(100 * rows.fill[i], 1) : none),
      },
      money("Crossed", rows.crossed),
      money("Cost", rows.cost),
      { label: "Cost, bp of sold", value: paid, cell: (i) => (paid(i) == null ? none : grouped(1e4 * paid(i), 1)) },
    ],
    action: { label: "+", name: (i) => `Weights and orders of ${moment(rows.time[i])}`, detail: (i) => assetsOf(t, i) },
  });
}

// assetsOf is what one interval held, wanted, ordered and got, asset by asset.
function assetsOf(t, i) {
  const { rows } = t;
  const cell = (x, text) => el("td", { class: x < 0 ? "negative" : null }, x == null ? none : text(x));
  const share = (x) => grouped(100 * x, 2);
  return el(
    "table",
    {},
    el("caption", {}, `${moment(rows.time[i])}: orders and fills are positive where the asset is bought`),
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        ...["Asset", "Weight, %", "Target, %", "Target − weight, %", "Ordered, USD", "Filled, USD"].map((text) =>
          el("th", { scope: "col" }, text),
        ),
      ),
    ),
    el(
      "tbody",
      {},
      ...t.assets.map((asset, k) => {
        const [w, y] = [rows.weights[k]?.[i], rows.targets[k]?.[i]];
        return el(
          "tr",
          {},
          el("th", { scope: "row" }, asset),
          cell(w, share),
          cell(y, share),
          cell(w == null || y == null ? null : y - w, share),
          cell(rows.orders[k]?.[i], plain),
          cell(rows.filled[k]?.[i], plain),
        );
      }),
    ),
  );
}

// Auctions ------------------------------------------------------------------------------------------------------

function drawAuctions() {
  const section = document.getElementById("auctions");
  const d = data.lots;
  if (!d) return;
  section.hidden = false;
  const lots = Object.fromEntries(
    ["id", "round", "sell", "buy", "opened", "closed", "bidders"].map((k) => [k, column(d[k])]),
  );
  const count = lots.id.length;
  const pair = (i) => `${d.assets[lots.sell[i]]} for ${d.assets[lots.buy[i]]}`;
  const part = (i) => (d.units[i] > 0 ? d.sold[i] / d.units[i] : 0);
  const state = (i) => (part(i) === 0 ? "unsold" : part(i) > 0.999999 ? "sold out" : "sold in part");
  section.append(el("h2", {}, "Auctions"));
  if (d.total > count) {
    section.append(
      el(
        "p",
        { class: "notice" },
        `The first ${grouped(count, 0)} of ${grouped(d.total, 0)} lots, up to ${moment(lots.opened[count - 1])}. ` +
          "result.json has all of them.",
      ),
    );
  }
  const stage = el("div", {});
  section.append(stage, el("h3", {}, "Lots"));
  let picked = Math.max(
    0,
    d.sold.findIndex((x) => x > 0),
  );
  const pick = (i) => {
    picked = i;
    stage.replaceChildren();
    drawLot(stage, lotOf(d, lots, i, pair(i)));
  };
  const pairs = [...new Set(lots.id.map((_, i) => pair(i)))].sort();
  const price = (label, y) => ({ label, value: (i) => y[i], cell: (i) => (y[i] ? units(y[i]) : none) });
  const table = new Table(section, {
    label: "Lots",
    count,
    hint: "lot, round, pair or date",
    empty: "No lot matches.",
    file: "result.json",
    hay: (i) => `${lots.id[i]} ${lots.round[i]} ${pair(i)} ${stamp(lots.opened[i])}`.toLowerCase(),
    filters: [
      { label: "pair", options: pairs.map((p) => [p, p]), keep: (i, word) => pair(i) === word },
      {
        label: "state",
        options: ["sold out", "sold in part", "unsold"].map((w) => [w, w]),
        keep: (i, word) => state(i) === word,
      },
    ],
    columns: [
      { label: "Lot", value: (i) => lots.id[i], cell: (i) => `${lots.id[i]}` },
      { label: "Round", value: (i) => lots.round[i], cell: (i) => `${lots.round[i]}` },
      {
        label: "Opened, UTC",
        text: true,
        value: (i) => lots.opened[i],
        cell: (i) => el("span", { class: "time" }, stamp(lots.opened[i])),
      },
      {
        label: "Open for",
        value: (i) => lots.closed[i] - lots.opened[i],
        cell: (i) => elapsed(lots.closed[i] - lots.opened[i]),
      },
      { label: "Pair", text: true, value: pair, cell: pair },
      price("For sale, units", d.units),
      { label: "Sold, %", value: part, cell: (i) => grouped(100 * part(i), 1) },
      price("Proceeds, units", d.proceeds),
      price("Mid at opening", d.mid),
      price("Average price", d.price),
      {
        label: "Price over mid, bp",
        value: (i) => (d.sold[i] ? d.edge[i] : null),
        cell: (i) => (d.sold[i] ? grouped(1e4 * d.edge[i], 1) : none),
        negative: (i) => d.sold[i] && d.edge[i] < 0,
      },
      { label: "Bidders", value: (i) => lots.bidders[i], cell: (i) => `${lots.bidders[i]}` },
    ],
    action: {
      label: "Show",
      name: (i) => `Show lot ${lots.id[i]}, ${pair(i)}`,
      on: (i) => i === picked,
      run: (i) => {
        pick(i);
        table.draw();
        stage.scrollIntoView({ block: "nearest" });
        section.querySelector("tr.open button")?.focus({ preventScroll: true });
      },
    },
  });
  pick(picked);
}

// lotOf joins the clock, the oracle and the fills of a lot on one list of times.
function lotOf(d, lots, i, pair) {
  const [clock, oracle, fills] = [d.clock[i], d.oracle[i], d.fills[i]];
  const all = new Set([0, lots.closed[i] - lots.opened[i], ...clock[0], ...oracle[0], ...fills[0]]);
  const offsets = [...all].sort((a, b) => a - b);
  const fill = offsets.map((t) => fills[0].indexOf(t));
  return {
    pair,
    id: lots.id[i],
    closed: lots.closed[i],
    opened: lots.opened[i],
    unit: `${d.assets[lots.buy[i]]} per ${d.assets[lots.sell[i]]}`,
    selling: d.assets[lots.sell[i]],
    reserve: d.reserve[i],
    start: d.start[i],
    units: d.units[i],
    sold: d.sold[i],
    x: offsets.map((t) => lots.opened[i] + t),
    clock: offsets.map((t) => between(clock, t)),
    oracle: offsets.map((t) => latest(oracle, t)),
    fills: fill.map((k) => (k < 0 ? null : fills[1][k])),
    amount: fill.map((k) => (k < 0 ? null : fills[2][k])),
    bidders: fill.map((k) => (k < 0 ? null : fills[3][k])),
  };
}

// between reads a thinned line at a time; outside it there is nothing.
function between([times, values], t) {
  const k = lowerBound(times, t);
  if (times[k] === t) return values[k];
  if (k === 0 || k === times.length) return null;
  return values[k - 1] + ((values[k] - values[k - 1]) * (t - times[k - 1])) / (times[k] - times[k - 1]);
}

// latest is the last price at or before a time.
function latest([times, values], t) {
  const k = lowerBound(times, t + 1e-9) - 1;
  return k < 0 ? null : values[k];
}

function drawLot(stage, lot) {
  for (const c of drawn) if (!c.figure.isConnected) drawn.delete(c);
  const group = new Group(lot.x[0], lot.x[lot.x.length - 1]);
  const over = (y, i) => (y > 0 && lot.oracle[i] > 0 ? ` (${points(y / lot.oracle[i] - 1)})` : "");
  const whole = el("button", { type: "button", onclick: () => group.zoom() }, "Whole auction");
  new Chart(stage, group, {
    title: `Lot ${lot.id}: ${lot.pair}`,
    unit: `${lot.unit}; in brackets: against the mid`,
    wide: true,
    height: 280,
    x: lot.x,
    quiet: true,
    controls: [whole],
    axis: units,
    lines: [
      { label: "clock", y: lot.clock, colour: "c0", span: true, text: (y, i) => `${units(y)}${over(y, i)}` },
      { label: "oracle mid", y: lot.oracle, colour: "c2", kind: "step", dash: [6, 4], span: true, text: units },
      {
        label: "reserve",
        y: lot.x.map(() => lot.reserve || null),
        colour: "c7",
        dash: [2, 4],
        width: 1.4,
        text: units,
      },
      {
        label: "fill",
        y: lot.fills,
        colour: "c5",
        kind: "dots",
        text: (y, i) =>
          y == null
            ? none
            : `${units(lot.amount[i])} ${lot.selling} at ${units(y)}${over(y, i)}, ${lot.bidders[i]} bidders`,
      },
    ],
  });
  stage.append(
    el(
      "p",
      { class: "fine" },
      `Opened ${moment(lot.opened)}, closed ${moment(lot.closed)}. ` +
        `${units(lot.sold)} of ${units(lot.units)} ${lot.selling} sold. ` +
        "Each dot is one clearing: all bids of a block at one price.",
    ),
  );
}

// Tabs ----------------------------------------------------------------------------------------------------------

// drawCompare puts the treasuries on one scale: 100 at their first point.
function drawCompare(host) {
  const list = data.treasuries.map((t) => ({ name: t.name, time: column(t.series.time), nav: column(t.series.nav) }));
  const x = [...new Set(list.flatMap((t) => t.time))].sort((a, b) => a - b);
  const group = new Group(x[0] ?? 0, x[x.length - 1] ?? 0);
  const lines = list.map((t, i) => {
    const at = new Map(t.time.map((time, k) => [time, t.nav[k]]));
    const first = t.nav.find((v) => v > 0);
    return {
      label: t.name,
      colour: seriesColour(i),
      span: true,
      dash: i > 7 ? [6, 4] : undefined,
      y: x.map((time) => (at.has(time) && first ? (100 * at.get(time)) / first : null)),
      text: (y) => grouped(y, 2),
    };
  });
  host.append(rangeBar(group));
  new Chart(host, group, {
    title: "NAV of all treasuries",
    unit: "first point = 100",
    wide: true,
    height: 320,
    x,
    lines,
  });
}

function drawPanel(panel) {
  if (panel.dataset.drawn) return;
  panel.dataset.drawn = "yes";
  const i = panel.dataset.treasury;
  if (i === undefined) drawCompare(panel.querySelector("[data-compare]"));
  else drawTreasury(panel, treasury(data.treasuries[i]));
}

function drawTabs(panels) {
  const bar = document.querySelector("[role=tablist]");
  bar.hidden = false;
  const tabs = panels.map((panel) => {
    const tab = el(
      "button",
      { type: "button", role: "tab", id: `tab-${panel.id}`, "aria-controls": panel.id, onclick: () => show(panel) },
      panel.dataset.label,
    );
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tab.id);
    return tab;
  });
  const show = (chosen) => {
    panels.forEach((panel, k) => {
      panel.hidden = panel !== chosen;
      tabs[k].setAttribute("aria-selected", panel === chosen);
      tabs[k].tabIndex = panel === chosen ? 0 : -1;
    });
    drawPanel(chosen);
  };
  bar.addEventListener("keydown", (e) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    if (!step) return;
    e.preventDefault();
    const next = (tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length;
    tabs[next].focus();
    show(panels[next]);
  });
  bar.append(...tabs);
  show(panels.find((p) => `#${p.id}` === location.hash) || panels[0]);
  return show;
}

const panels = [...document.querySelectorAll(".panel")];
watchTheme();
if (panels.length > 1) drawTabs(panels);
else panels.forEach(drawPanel);
drawAuctions();
watchPrinting(panels, drawPanel);
root.dataset.state = "ready";
