// Shared by the pages: reading columns, printing numbers, colours, charts and tables. Everything that is shown is set
// as text; nothing here builds markup from a string.

const root = document.documentElement;
const failed = (text) => {
  root.dataset.error = `${root.dataset.error || ""}${text}; `;
};
addEventListener("error", (e) => failed(e.message));
document.addEventListener("securitypolicyviolation", (e) => failed(`policy: ${e.violatedDirective}`));

const data = JSON.parse(document.getElementById("data").textContent);

// column reads a list of differences: a list of one number repeats the entry before it, null is a gap.
function column(c) {
  const out = [];
  let sum = 0,
    last = null;
  const push = (step) => {
    if (step === null) return out.push(null);
    sum += step;
    return out.push(sum / c.k);
  };
  for (const entry of c.d) {
    if (Array.isArray(entry)) for (let i = 0; i < entry[0]; i++) push(last);
    else push((last = entry));
  }
  return out;
}

const columns = (list) => (list || []).map(column);

// el makes an element: attributes, then children. Strings become text.
function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((c) => c != null));
  return node;
}

let serial = 0;
const unique = (prefix) => `${prefix}-${++serial}`;
const announce = (text) => {
  document.getElementById("announce").textContent = text;
};

// Numbers -------------------------------------------------------------------------------------------------------

const none = "–";
const formats = new Map();

function grouped(x, decimals) {
  if (x == null || !Number.isFinite(x)) return none;
  if (!formats.has(decimals)) {
    formats.set(
      decimals,
      new Intl.NumberFormat("en-US", {
        minimumFractionDigits: decimals,
        maximumFractionDigits: decimals,
        signDisplay: "negative",
      }),
    );
  }
  return formats.get(decimals).format(x).replace("-", "−");
}

const placesOf = (size) => (size >= 1000 || size === 0 ? 0 : size >= 1 ? 2 : 6);
const plain = (x) => (x == null ? none : grouped(x, placesOf(Math.abs(x))));
const usd = (x) => (x == null ? none : `${plain(x)} USD`);
const percent = (x, decimals = 2) => (x == null ? none : `${grouped(100 * x, decimals)} %`);
const points = (x) => (x == null || !Number.isFinite(x) ? none : `${grouped(1e4 * x, 1)} bp`);
const units = (x) => {
  if (x == null || !Number.isFinite(x)) return none;
  if (x === 0) return "0";
  const places = Math.min(12, Math.max(0, 6 - Math.floor(Math.log10(Math.abs(x)))));
  const text = grouped(x, places);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
};

// short prints an axis value: 1.25M, 40k.
function short(x) {
  const size = Math.abs(x);
  for (const [unit, letter] of [
    [1e12, "T"],
    [1e9, "B"],
    [1e6, "M"],
    [1e3, "k"],
  ]) {
    if (size >= unit) return `${+(x / unit).toPrecision(4)}${letter}`.replace("-", "−");
  }
  return `${+x.toPrecision(4)}`.replace("-", "−");
}

const stamp = (t) => `${new Date(t * 1e3).toISOString().slice(0, 16).replace("T", " ")}`;
const moment = (t) => `${stamp(t)} UTC`;
const elapsed = (s) => (s < 120 ? `${s} s` : s < 7200 ? `${grouped(s / 60, 1)} min` : `${grouped(s / 3600, 1)} h`);

// Colours -------------------------------------------------------------------------------------------------------

const shades = new Map();
function shade(name) {
  if (!shades.has(name)) shades.set(name, getComputedStyle(root).getPropertyValue(`--${name}`).trim());
  return shades.get(name);
}
const seriesColour = (i) => `c${i % 8}`;

const drawn = new Set(); // every chart on the page
function repaint() {
  shades.clear();
  for (const c of drawn) c.plot.redraw(false, true);
}

function watchTheme() {
  const button = document.getElementById("theme");
  const next = { auto: "light", light: "dark", dark: "auto" };
  let state = "auto";
  try {
    state = localStorage.getItem("ballast-theme") || "auto";
  } catch {
    /* private window: the choice is not kept */
  }
  const apply = () => {
    if (state === "auto") delete root.dataset.theme;
    else root.dataset.theme = state;
    button.textContent = `Theme: ${state}`;
    repaint();
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    state = next[state] || "auto";
    try {
      localStorage.setItem("ballast-theme", state);
    } catch {
      /* as above */
    }
    apply();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  apply();
}

// Paper shows every panel, in the light colours; the style fits the pictures to the sheet.
function watchPrinting(panels = [], draw = () => {}) {
  let before = null;
  addEventListener("beforeprint", () => {
    before = { theme: root.dataset.theme, hidden: panels.map((p) => p.hidden) };
    root.dataset.theme = "light";
    for (const p of panels) {
      p.hidden = false;
      draw(p);
    }
    shades.clear();
    for (const c of drawn) {
      c.plot.setSize({ width: c.spec.wide ? 900 : 440, height: c.spec.height });
      c.plot.redraw(false, true);
    }
  });
  addEventListener("afterprint", () => {
    if (before.theme) root.dataset.theme = before.theme;
    else delete root.dataset.theme;
    panels.forEach((p, k) => {
      p.hidden = before.hidden[k];
    });
    for (const c of drawn) c.fit();
    repaint();
  });
}
