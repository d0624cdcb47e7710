// The page of a frontier: cost against tracking error, one dot per run, closed forms beside them.

const runs = data.points || [],
  curves = data.curves || [],
  parameters = data.parameters || [];
const settingsOf = (p) => parameters.map((name, k) => `${name} ${p.values?.[k] ?? none}`).join(", ");

// places lists everything that has a place on the chart, from left to right, with the line it belongs to.
function places() {
  const list = [];
  const add = (line, p, name, run) => list.push({ line, te: p.te, cost: p.cost, name, run });
  runs.forEach((p) => add(p.dominated ? "dominated" : "frontier", p, settingsOf(p), p));
  runs.filter((p) => p.chosen).forEach((p) => add("chosen", p, settingsOf(p), p));
  curves.forEach((c, k) => c.points.forEach((p) => add(`curve ${k}`, p, `${c.name}${p.label ? `: ${p.label}` : ""}`)));
  if (data.optimum) add("optimum", data.optimum, `theoretical optimum: ${data.optimum.label}`);
  return list.sort((a, b) => a.te - b.te);
}

class Scatter extends Chart {
  build() {
    super.build();
    this.ring = el("div", { class: "ring", hidden: true });
    this.plot.over.append(this.ring);
  }

  // nearest is the place that is nearest to the pointer, if it is near at all.
  nearest() {
    const { plot, spec } = this;
    const { left, top } = plot.cursor;
    if (left == null || left < 0) return null;
    let best = null,
      least = 40 * 40;
    spec.places.forEach((p, i) => {
      if (p.te < this.group.min || p.te > this.group.max) return;
      const dx = plot.valToPos(p.te, "x") - left,
        dy = plot.valToPos(p.cost, "y") - top;
      const far = (dx * dx + dy * dy) * (p.run ? 1 : 2.5); // runs before closed forms
      if (far < least) [best, least] = [i, far];
    });
    return best;
  }

  read() {
    const { plot, spec } = this;
    if (!plot) return;
    const i = Chart.hot === this ? (this.held ?? this.nearest()) : null;
    this.tip.hidden = i == null;
    if (this.ring) this.ring.hidden = i == null;
    if (i == null) return;
    const p = spec.places[i];
    const row = (name, value) => [el("dt", {}, name), el("dd", {}, value)];
    this.tip.replaceChildren(
      el("p", {}, p.run ? "run" : p.name),
      el(
        "dl",
        {},
        ...(p.run ? parameters.flatMap((name, k) => row(name, p.run.values?.[k] ?? none)) : []),
        ...row("tracking error", `${percent(p.te)} a year`),
        ...row("cost", `${points(p.cost)} a year`),
        ...(p.run
          ? [
              ...row("turnover", `${grouped(p.run.turnover, 2)} x a year`),
              ...row("rebalances", grouped(p.run.rebalances, 0)),
              ...row("max drawdown", percent(-p.run.drawdown)),
              ...row("final NAV", usd(p.run.nav)),
              ...row("on the frontier", p.run.dominated ? "no" : "yes"),
            ]
          : []),
      ),
    );
    const left = plot.valToPos(p.te, "x"),
      top = plot.valToPos(p.cost, "y"),
      right = left > plot.over.clientWidth / 2;
    this.ring.style.transform = `translate(${left}px, ${top}px)`;
    this.tip.style.left = right ? "auto" : `${left + 14}px`;
    this.tip.style.right = right ? `${plot.over.clientWidth - left + 14}px` : "auto";
    this.tip.style.top = `${Math.min(Math.max(0, top - 20), Math.max(0, plot.over.clientHeight - 190))}px`;
  }

  // step goes from run to run: the keyboard passes over closed forms.
  step(from, by) {
    const stops = this.spec.places.map((p, i) => (p.run && p.line !== "chosen" ? i : -1)).filter((i) => i >= 0);
    const next = by > 0 ? lowerBound(stops, from + 1) + by - 1 : lowerBound(stops, from) + by;
    return stops[Math.min(stops.length - 1, Math.max(0, next))];
  }

  point(i) {
    const { plot, spec } = this;
    const p = spec.places[i];
    if (!p) return;
    Chart.hot = this;
    this.held = i;
    plot.setCursor({ left: plot.valToPos(p.te, "x"), top: plot.valToPos(p.cost, "y") });
    this.read();
    this.held = null;
    announce(`${p.name}: tracking error ${percent(p.te)} a year, cost ${points(p.cost)} a year`);
  }
}

function drawFrontier(host) {
  const list = places();
  const x = list.map((p) => p.te);
  const of = (line) => list.map((p) => (p.line === line ? p.cost : null));
  const dots = (label, line, colour, size, extra) => ({ label, y: of(line), colour, kind: "dots", size, ...extra });
  const lines = [
    ...curves.map((c, k) => ({
      label: c.name,
      y: of(`curve ${k}`),
      colour: seriesColour(k + 1),
      dash: [6, 4],
      width: 1.4,
      span: true,
      bare: true,
    })),
    { label: "frontier", y: of("frontier"), colour: "c0", kind: "step", span: true, width: 1.6, marks: 8 },
    dots("dominated", "dominated", "c7", 7),
    ...(runs.some((p) => p.chosen) ? [dots("chosen", "chosen", "c5", 15, { ring: true })] : []),
    ...(data.optimum ? [dots("theoretical optimum", "optimum", "ink", 13, { ring: true })] : []),
  ];
  // The axis starts with the runs: closed forms go on beyond every policy that one would run.
  const shown = [...runs, ...(data.optimum ? [data.optimum] : [])];
  const errors = shown.map((p) => p.te),
    costs = shown.map((p) => p.cost);
  const room = (Math.max(...errors) - Math.min(...errors)) * 0.06 || Math.max(...errors) * 0.1 || 0.01;
  const group = new Group(0, 1);
  Object.assign(group, { first: Math.max(0, Math.min(...errors) - room), last: Math.max(...errors) + room });
  Object.assign(group, { min: group.first, max: group.last });
  const limits = (log) => padded(Math.min(...costs.filter((c) => !log || c > 0)), Math.max(...costs), log, 0);
  const scale = choice("Scale of cost", ["linear", "log"], "linear", (text) =>
    chart.rebuild({ log: text === "log", range: limits(text === "log") }),
  );
  const all = el("button", { type: "button", onclick: () => group.zoom() }, "Whole range");
  const chart = new Scatter(host, group, {
    title: "Cost against tracking error",
    wide: true,
    height: 460,
    free: true,
    quiet: true,
    labels: ["tracking error, % a year", "cost, bp of NAV a year"],
    time: false,
    places: list,
    x: runs.length ? x : [],
    lines,
    range: limits(false),
    axis: (v) => grouped(1e4 * v, 1).replace(/\.0$/, ""),
    xAxis: (v) => grouped(100 * v, 2),
    controls: [all, scale],
    empty: "The sweep has no runs.",
  });
}

function drawRuns(host) {
  const number = (label, key, text, negative) => ({
    label,
    value: (i) => runs[i][key],
    cell: (i) => text(runs[i][key]),
    negative,
  });
  new Table(host, {
    label: "Runs",
    count: runs.length,
    hint: "value of a parameter",
    empty: "No run matches.",
    file: "frontier.csv",
    hay: (i) => settingsOf(runs[i]).toLowerCase(),
    filters: [
      {
        label: "show",
        options: [
          ["yes", "on the frontier"],
          ["no", "dominated"],
        ],
        keep: (i, word) => (word === "yes") === !runs[i].dominated,
      },
    ],
    columns: [
      ...parameters.map((name, k) => ({
        label: name,
        text: true,
        cell: (i) => runs[i].values?.[k] ?? none,
        value: (i) => {
          const v = runs[i].values?.[k] ?? "";
          return v !== "" && Number.isFinite(+v) ? +v : v;
        },
      })),
      number("Tracking error, % a year", "te", (v) => grouped(100 * v, 3)),
      number("Cost, bp a year", "cost", (v) => grouped(1e4 * v, 2)),
      number("Turnover, x a year", "turnover", (v) => grouped(v, 2)),
      number("Rebalances", "rebalances", (v) => grouped(v, 0)),
      number("Max drawdown, %", "drawdown", (v) => grouped(-100 * v, 2)),
      number("Final NAV, USD", "nav", plain),
      {
        label: "Mark",
        text: true,
        value: (i) => rank(runs[i]),
        cell: (i) =>
          [runs[i].chosen && "chosen", runs[i].dominated ? "dominated" : "frontier"].filter(Boolean).join(", "),
      },
    ],
  });
}

const rank = (p) => (p.chosen ? 2 : p.dominated ? 0 : 1);

watchTheme();
drawFrontier(document.querySelector("[data-frontier]"));
drawRuns(document.getElementById("runs"));
watchPrinting();
root.dataset.state = "ready";
