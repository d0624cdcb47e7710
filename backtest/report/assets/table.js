// Tables of many rows: filtered, searched, sorted, shown by the page.

const pageSizes = [25, 100, 500];

// Table shows rows by the page. The spec:
//   label, count
//   columns: [{label, text (align left), long (may wrap), value(i) to sort by, cell(i) to show, negative(i)}]
//   filters: [{label, options: [[word, text]], keep(i, word)}], hay(i): lower-case text to search in
//   file (where all rows are, for paper); action: {label, name(i), run(i, row)}: a button in front of every row
class Table {
  constructor(host, spec) {
    Object.assign(this, {
      spec,
      page: 0,
      size: pageSizes[0],
      sort: null,
      needle: "",
      words: (spec.filters || []).map(() => ""),
    });
    this.status = el("span", { role: "status" });
    this.head = el("thead", {});
    this.body = el("tbody", {});
    this.pager = el("div", { class: "tools pager" });
    this.paper = el("p", { class: "paper fine" });
    host.append(
      this.tools(),
      el(
        "div",
        { class: "scroll", tabindex: "0", role: "region", "aria-label": spec.label },
        el("table", { class: "table" }, el("caption", { class: "hidden" }, spec.label), this.head, this.body),
      ),
      this.pager,
      this.paper,
    );
    this.update();
  }

  tools() {
    const { spec } = this;
    const selects = (spec.filters || []).map((filter, k) =>
      el(
        "label",
        {},
        filter.label,
        el(
          "select",
          {
            onchange: (e) => {
              this.words[k] = e.target.value;
              this.update();
            },
          },
          el("option", { value: "" }, "all"),
          ...filter.options.map(([word, text]) => el("option", { value: word }, text)),
        ),
      ),
    );
    let timer = 0;
    const search = el("input", {
      type: "search",
      placeholder: spec.hint,
      "aria-label": `Search: ${spec.hint}`,
      oninput: (e) => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          this.needle = e.target.value.trim().toLowerCase();
          this.update();
        }, 150);
      },
    });
    return el("div", { class: "tools filters" }, search, ...selects, ...(spec.controls || []), this.status);
  }

  // update filters and sorts anew, and goes to the first page.
  update() {
    const { spec, needle, words } = this;
    const rows = [];
    for (let i = 0; i < spec.count; i++) {
      if (needle && !spec.hay(i).includes(needle)) continue;
      if (spec.keep && !spec.keep(i)) continue;
      if (words.some((word, k) => word !== "" && !spec.filters[k].keep(i, word))) continue;
      rows.push(i);
    }
    if (this.sort) {
      const { value } = spec.columns[this.sort.at],
        sign = this.sort.down ? -1 : 1;
      const key = (i) => value(i) ?? -Infinity;
      rows.sort((a, b) => (key(a) < key(b) ? -sign : key(a) > key(b) ? sign : a - b));
    }
    this.rows = rows;
    this.page = 0;
    this.status.textContent = `${grouped(rows.length, 0)} of ${grouped(spec.count, 0)}`;
    this.draw();
  }

  draw() {
    const { spec, rows, size } = this;
    this.head.replaceChildren(
      el("tr", {}, spec.action ? el("td", {}) : null, ...spec.columns.map((c, at) => this.heading(c, at))),
    );
    const shown = rows.slice(this.page * size, (this.page + 1) * size);
    this.body.replaceChildren(...shown.map((i) => this.row(i)));
    if (!shown.length) {
      this.body.append(
        el("tr", {}, el("td", { class: "empty", colspan: spec.columns.length + 1 }, spec.empty || "Nothing here.")),
      );
    }
    this.drawPager();
  }

  heading(c, at) {
    const on = this.sort?.at === at;
    const button = el(
      "button",
      {
        type: "button",
        onclick: () => {
          this.sort = on && this.sort.down ? { at, down: false } : on ? null : { at, down: true };
          this.update();
          this.head.querySelectorAll("button")[at].focus();
        },
      },
      c.label,
      on ? (this.sort.down ? " ↓" : " ↑") : "",
    );
    return el(
      "th",
      {
        scope: "col",
        class: c.text ? "text" : null,
        "aria-sort": on ? (this.sort.down ? "descending" : "ascending") : null,
      },
      button,
    );
  }

  row(i) {
    const { spec } = this;
    const line = el("tr", {});
    if (spec.action) {
      const button = el(
        "button",
        {
          type: "button",
          class: "opener",
          "aria-label": spec.action.name(i),
          "aria-expanded": spec.action.detail ? "false" : null,
          "aria-pressed": spec.action.detail ? null : spec.action.on(i) ? "true" : "false",
          onclick: () => (spec.action.detail ? this.open(i, line, button) : spec.action.run(i)),
        },
        spec.action.label,
      );
      line.append(el("td", {}, button));
    }
    for (const c of spec.columns) {
      line.append(
        el("td", { class: c.long ? "text long" : c.text ? "text" : c.negative?.(i) ? "negative" : null }, c.cell(i)),
      );
    }
    if (spec.action && !spec.action.detail && spec.action.on(i)) line.className = "open";
    return line;
  }

  open(i, line, button) {
    const opened = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", !opened);
    button.textContent = opened ? "+" : "−";
    line.classList.toggle("open", !opened);
    if (opened) line.nextSibling.remove();
    else
      line.after(
        el("tr", {}, el("td", { class: "detail", colspan: this.spec.columns.length + 1 }, this.spec.action.detail(i))),
      );
  }

  drawPager() {
    const last = Math.max(0, Math.ceil(this.rows.length / this.size) - 1);
    const go = (label, page, enabled) =>
      el(
        "button",
        {
          type: "button",
          disabled: !enabled,
          onclick: () => {
            this.page = page;
            this.draw();
            const again = [...this.pager.querySelectorAll("button")].find((b) => b.textContent === label);
            (again.disabled ? this.pager.querySelector("button:not(:disabled)") : again)?.focus();
          },
        },
        label,
      );
    const sizes = el(
      "select",
      {
        onchange: (e) => {
          this.size = +e.target.value;
          this.page = 0;
          this.draw();
        },
      },
      ...pageSizes.map((n) => el("option", { value: n, selected: n === this.size }, `${n}`)),
    );
    const { page } = this;
    this.pager.replaceChildren(
      el(
        "span",
        { class: "tools" },
        go("First", 0, page > 0),
        go("Previous", page - 1, page > 0),
        el("span", {}, `page ${grouped(page + 1, 0)} of ${grouped(last + 1, 0)}`),
        go("Next", page + 1, page < last),
        go("Last", last, page < last),
      ),
      el("label", {}, "rows a page", sizes),
    );
    this.paper.textContent =
      this.rows.length > this.size ? `This is one page of ${last + 1}; ${this.spec.file} has every row.` : "";
    this.pager.hidden = this.spec.count <= pageSizes[0];
  }
}
