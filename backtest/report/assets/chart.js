// Charts over time: a group of charts has one range and one cursor. Drawing is uPlot's.

// Group is a set of charts with one time range and one cursor.
class Group {
  constructor(first, last) {
    const room = last > first ? 0 : 3600;
    this.first = this.min = first - room;
    this.last = this.max = last + room;
    this.key = unique("cursor");
    this.charts = [];
    this.listeners = [];
  }

  // zoom shows a range of time; without one it shows everything.
  zoom(min = this.first, max = this.last) {
    min = Math.max(min, this.first);
    max = Math.min(max, this.last);
    if (!(max > min)) return;
    [this.min, this.max] = [min, max];
    for (const c of this.charts) c.range();
    for (const f of this.listeners) f(min, max);
  }

  get zoomed() {
    return this.min > this.first || this.max < this.last;
  }
}

const timeFormats = (() => {
  const minute = 60,
    hour = 3600,
    day = 86400;
  const date = "\n{D} {MMM} {YYYY}";
  return [
    [day * 365, "{YYYY}", null, null, null, null, null, null, 1],
    [day * 28, "{MMM}", "\n{YYYY}", null, null, null, null, null, 1],
    [day, "{D} {MMM}", "\n{YYYY}", null, null, null, null, null, 1],
    [hour, "{HH}:{mm}", date, null, "\n{D} {MMM}", null, null, null, 1],
    [minute, "{HH}:{mm}", date, null, "\n{D} {MMM}", null, null, null, 1],
    [1, "{HH}:{mm}:{ss}", date, null, "\n{D} {MMM}", null, null, null, 1],
  ];
})();

// ticks are round numbers between min and max, about five of them; over decades 1, 2 and 5 times powers of ten.
function ticks(min, max, log) {
  const out = [];
  if (log && max / min > 12) {
    for (let p = 10 ** Math.floor(Math.log10(min)); p <= max; p *= 10) {
      for (const m of max / min > 1e3 ? [1] : [1, 2, 5]) if (p * m >= min && p * m <= max) out.push(p * m);
    }
    return out;
  }
  const rough = (max - min) / 5,
    power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].find((m) => m * power >= rough) * power;
  for (let k = Math.ceil(min / step); k * step <= max; k++) out.push(k * step);
  return out;
}

function padded(min, max, log, floor) {
  if (min == null || max == null) return log ? [1, 10] : [0, 1];
  if (log) {
    const room = (max / min) ** 0.06 || 1;
    return max > min ? [min / room, max * room] : [min / 2, max * 2];
  }
  const room = max > min ? 0.06 * (max - min) : Math.abs(max) * 0.1 || 1;
  const low = min - room;
  return [floor != null && min >= floor ? Math.max(low, floor) : low, max + room];
}

// Chart draws lines over time. The spec:
//   title, unit, height, wide, log, fixed (legend without switches), quiet (legend without values)
//   free (no cursor line: the chart follows the pointer itself), labels ([x, y]: names beside the axes)
//   floor (least value of the axis), zero (the axis holds zero), range ([min, max])
//   x: times; lines: [{label, y, colour, dash, width, fill, kind (line, step, bar, dots), legend, tip, text(y, i),
//     top (first in lists though drawn last), also (lines that hide with it), span (over gaps),
//     marks (size of a dot on every point), bare (never a dot), ring (dots are rings)}]
//   bands: [[upper line, lower line, colour]], axis(value) prints a tick, at(i) prints a time, controls: nodes
//   regroup(min, max): new columns for a range, for charts that add up what is too close together
class Chart {
  constructor(host, group, spec) {
    Object.assign(this, { group, spec });
    this.keys = [];
    this.figure = el("figure", { class: `chart${spec.wide ? " wide" : ""}` });
    const title = el(
      "h4",
      { id: unique("chart") },
      spec.title,
      spec.unit ? el("span", {}, ` ${spec.unit}`) : null,
      data.synthetic ? el("span", { class: "hidden" }, " (synthetic prices)") : null,
    );
    this.legend = el("div", { class: "legend" });
    this.frame = el("div", {
      class: "plot",
      tabindex: "0",
      role: "group",
      "aria-roledescription": "chart",
      "aria-labelledby": title.id,
      "aria-describedby": "chart-keys",
      onkeydown: (e) => this.key(e),
      onblur: () => this.leave(),
    });
    const empty = !spec.x.length || !spec.lines.length;
    const controls = spec.controls && !empty ? el("div", { class: "tools" }, ...spec.controls) : null;
    this.figure.append(el("figcaption", {}, title, controls || ""), this.legend, this.frame);
    host.append(this.figure);
    if (empty) {
      this.frame.append(el("p", { class: "empty" }, spec.empty || "Nothing to draw."));
      this.frame.removeAttribute("tabindex");
      return;
    }
    this.build();
    group.charts.push(this);
    drawn.add(this);
    new ResizeObserver(() => this.fit()).observe(this.frame);
  }

  get width() {
    return Math.max(200, this.frame.clientWidth || 600);
  }

  fit() {
    if (this.frame.clientWidth && this.plot.width !== this.width)
      this.plot.setSize({ width: this.width, height: this.spec.height });
  }

  build() {
    const { spec, group } = this;
    this.tip = el("div", { class: "tip", hidden: true });
    this.plot = new uPlot(
      {
        width: this.width,
        height: spec.height,
        legend: { show: false },
        tzDate: (t) => uPlot.tzDate(new Date(t * 1e3), "Etc/UTC"),
        padding: [data.synthetic ? 22 : 10, 22, 0, 0],
        scales: {
          x: { time: spec.time !== false, range: () => [group.min, group.max] },
          y: { distr: spec.log ? 3 : 1, range: (u, min, max) => spec.range || this.limits(min, max) },
        },
        axes: [this.axis(0), this.axis(1)],
        series: [{}, ...spec.lines.map((line) => this.series(line))],
        bands: (spec.bands || []).map(([upper, lower, colour, alpha]) => ({
          series: [upper + 1, lower + 1],
          fill: () => faded(shade(colour), alpha ?? 0.16),
        })),
        cursor: {
          x: !spec.free,
          y: false,
          drag: { x: true, y: false, setScale: false, dist: 6 },
          points: { show: !spec.free, size: 9, width: 2, stroke: () => shade("card") },
          sync: { key: group.key, scales: ["x", null], filters: { pub: isMove, sub: isMove } },
          bind: {
            dblclick: () => () => {
              group.zoom();
              return null;
            },
          },
        },
        hooks: {
          setCursor: [() => this.read()],
          setSelect: [(u) => this.selected(u)],
          draw: [(u) => this.watermark(u)],
        },
      },
      this.columns(),
      this.frame,
    );
    this.plot.over.append(this.tip);
    this.plot.over.addEventListener("mouseenter", () => {
      Chart.hot = this;
    });
    this.plot.over.addEventListener("mouseleave", () => this.leave());
    this.fillLegend();
    this.read();
  }

  // rebuild draws with a changed spec, as another scale.
  rebuild(change) {
    Object.assign(this.spec, change);
    this.plot.destroy();
    this.build();
  }

  columns() {
    return [this.spec.x, ...this.spec.lines.map((l) => (this.spec.log ? l.y.map((v) => (v > 0 ? v : null)) : l.y))];
  }

  limits(min, max) {
    const { spec } = this;
    if (spec.zero && min != null) [min, max] = [Math.min(min, 0), Math.max(max, 0)];
    return padded(min, max, spec.log, spec.floor);
  }

  axis(side) {
    const { spec } = this;
    const common = {
      stroke: () => shade("soft"),
      font: "12px system-ui, sans-serif",
      grid: { stroke: () => shade("grid"), width: 1 },
      ticks: { stroke: () => shade("grid"), width: 1, size: 5 },
      ...(spec.labels ? { label: spec.labels[side], labelFont: "12px system-ui, sans-serif", labelSize: 20 } : {}),
    };
    if (side === 0)
      return {
        ...common,
        space: 74,
        size: 44,
        values: spec.time === false ? (u, at) => at.map(spec.xAxis) : timeFormats,
      };
    return {
      ...common,
      size: innerWidth < 640 ? 50 : 64,
      splits: (u, i, min, max) => ticks(min, max, spec.log),
      filter: (u, splits) => splits,
      values: (u, splits) => splits.map(spec.axis || short),
    };
  }

  series(line) {
    const colour = () => shade(line.colour);
    const paths = {
      line: undefined,
      step: uPlot.paths.stepped({ align: 1 }),
      dots: () => null,
      bar: uPlot.paths.bars({ size: [line.share || 0.8, 40, 2] }),
    }[line.kind || "line"];
    const dots = line.kind === "dots";
    return {
      label: line.label,
      stroke: colour,
      width: line.kind === "bar" ? 0 : (line.width ?? 1.8),
      dash: line.dash,
      paths,
      spanGaps: Boolean(line.span),
      fill: line.fill ? () => faded(shade(line.colour), line.fill) : undefined,
      points: dots
        ? {
            show: true,
            size: line.size || 9,
            width: 2,
            stroke: colour,
            fill: line.ring ? "transparent" : () => shade("card"),
          }
        : {
            show: line.marks ? true : line.kind === "bar" || line.bare ? false : undefined,
            size: line.marks || 4,
            fill: line.marks ? colour : undefined,
          },
    };
  }

  fillLegend() {
    this.keys = [];
    this.legend.replaceChildren();
    this.listed().forEach(({ line, i }) => {
      if (line.legend === false) return;
      const shape =
        line.kind === "bar" || line.area ? " box" : line.kind === "dots" ? " dot" : line.dash ? " dashed" : "";
      const key = el("span", { class: `key${shape}` });
      const value = el("b", { hidden: this.spec.quiet });
      const entry = this.spec.fixed
        ? el("span", {}, key, line.label, value)
        : el(
            "button",
            { type: "button", "aria-pressed": "true", title: "Show or hide", onclick: () => this.toggle(i, entry) },
            key,
            line.label,
            value,
          );
      if (this.spec.fixed) entry.className = "entry";
      this.keys.push({ i, key, value });
      this.legend.append(entry);
    });
    this.colourLegend();
  }

  // listed are the lines in the order of the lists.
  listed() {
    const list = this.spec.lines.map((line, i) => ({ line, i }));
    return [...list.filter((l) => l.line.top), ...list.filter((l) => !l.line.top)];
  }

  colourLegend() {
    for (const { i, key } of this.keys) {
      const line = this.spec.lines[i];
      key.style.borderColor = `var(--${line.colour})`;
      if (line.kind === "bar" || line.area) key.style.background = `var(--${line.colour})`;
    }
  }

  toggle(i, button) {
    const show = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", show);
    for (const k of [i, ...(this.spec.lines[i].also || [])]) this.plot.setSeries(k + 1, { show });
  }

  text(line, i) {
    const y = line.y[i];
    return line.text ? line.text(y, i) : y == null ? none : plain(y);
  }

  // read shows the values under the cursor: in the legend of every chart, in a box on the one that is pointed at.
  read() {
    const { spec, plot } = this;
    if (!plot) return;
    const i = plot.cursor.idx ?? null;
    const shown = i ?? Math.max(0, spec.x.length - 1);
    for (const key of this.keys) key.value.textContent = spec.quiet ? "" : this.text(spec.lines[key.i], shown);
    this.tip.hidden = i == null || Chart.hot !== this;
    if (this.tip.hidden) return;
    const list = el("dl", {});
    this.listed().forEach(({ line, i: k }) => {
      if (line.tip === false || !plot.series[k + 1].show || (line.kind === "dots" && line.y[i] == null)) return;
      const key = el("span", { class: `key${line.dash ? " dashed" : ""}` });
      key.style.borderColor = `var(--${line.colour})`;
      list.append(el("dt", {}, key, line.label), el("dd", {}, this.text(line, i)));
    });
    this.tip.replaceChildren(el("p", {}, spec.at ? spec.at(i) : moment(spec.x[i])), list);
    const right = plot.cursor.left > plot.over.clientWidth / 2;
    this.tip.style.left = right ? "auto" : `${plot.cursor.left + 14}px`;
    this.tip.style.right = right ? `${plot.over.clientWidth - plot.cursor.left + 14}px` : "auto";
    this.tip.style.top = "8px";
  }

  leave() {
    if (Chart.hot === this) Chart.hot = null;
    this.plot?.setCursor({ left: -10, top: -10 }, true, true);
  }

  selected(u) {
    const { left, width } = u.select;
    if (width > 0) this.group.zoom(u.posToVal(left, "x"), u.posToVal(left + width, "x"));
    u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  }

  range() {
    const { spec, plot, group } = this;
    plot.batch(() => {
      if (spec.regroup) {
        Object.assign(spec, spec.regroup(group.min, group.max));
        plot.setData(this.columns(), false);
      }
      plot.setScale("x", { min: group.min, max: group.max });
    });
    this.read();
  }

  key(e) {
    const { plot, spec, group } = this;
    if (e.target !== this.frame || e.ctrlKey || e.metaKey || e.altKey || !plot) return;
    const from = lowerBound(spec.x, group.min),
      to = lowerBound(spec.x, group.max + 1e-9) - 1;
    const at = plot.cursor.idx ?? from - 1;
    const leap = e.shiftKey ? Math.max(1, Math.round((to - from) / 20)) : 1;
    const middle = plot.cursor.idx == null ? (group.min + group.max) / 2 : spec.x[at];
    const zoom = (factor) => group.zoom(middle - (middle - group.min) * factor, middle + (group.max - middle) * factor);
    const actions = {
      ArrowLeft: () => this.point(Math.max(from, this.step(at, -leap))),
      ArrowRight: () => this.point(Math.min(to, this.step(at, leap))),
      Home: () => this.point(this.step(from - 1, 1)),
      End: () => this.point(this.step(to + 1, -1)),
      "+": () => zoom(0.5),
      "=": () => zoom(0.5),
      "-": () => zoom(2),
      0: () => group.zoom(),
      Escape: () => group.zoom(),
    };
    if (!actions[e.key]) return;
    e.preventDefault();
    actions[e.key]();
  }

  step(from, by) {
    return from + by;
  }

  // point puts the cursor on a row, for the keyboard, and reads it out.
  point(i) {
    const { spec, plot } = this;
    if (spec.x[i] == null) return;
    Chart.hot = this;
    plot.setCursor({ left: plot.valToPos(spec.x[i], "x"), top: 10 }, true, true);
    const values = spec.lines.filter((l) => l.legend !== false).map((l) => `${l.label} ${this.text(l, i)}`);
    announce(`${spec.at ? spec.at(i) : moment(spec.x[i])}: ${values.join(", ")}`);
  }

  // watermark stands above the plot, so that it hides nothing, and in the picture, so that a copy of it keeps it.
  watermark(u) {
    if (!data.synthetic) return;
    const { ctx, bbox } = u,
      text = "synthetic prices",
      px = uPlot.pxRatio;
    ctx.save();
    ctx.font = `600 ${11 * px}px system-ui, sans-serif`;
    const width = ctx.measureText(text).width + 10 * px,
      left = bbox.left + bbox.width - width,
      top = Math.max(0, bbox.top - 20 * px);
    ctx.fillStyle = shade("warn");
    ctx.fillRect(left, top, width, 17 * px);
    ctx.fillStyle = shade("warn-ink");
    ctx.textBaseline = "middle";
    ctx.textAlign = "left";
    ctx.fillText(text, left + 5 * px, top + 9 * px);
    ctx.restore();
  }
}

const isMove = (type) => type === "mousemove" || type === "mouseleave";

function lowerBound(list, x) {
  let low = 0,
    high = list.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (list[mid] < x) low = mid + 1;
    else high = mid;
  }
  return low;
}

// faded is a colour of the style with an opacity. Colours of the style are #rrggbb.
function faded(colour, alpha) {
  return colour.length === 7
    ? colour +
        Math.round(alpha * 255)
          .toString(16)
          .padStart(2, "0")
    : colour;
}

// choice is a row of buttons of which one is on.
function choice(label, options, on, pick) {
  const buttons = options.map((text) =>
    el(
      "button",
      {
        type: "button",
        "aria-pressed": text === on ? "true" : "false",
        onclick: () => {
          for (const b of buttons) b.setAttribute("aria-pressed", b.textContent === text);
          pick(text);
        },
      },
      text,
    ),
  );
  return el("span", { class: "group-buttons", role: "group", "aria-label": label }, ...buttons);
}
