// A policy file as a form: every value that stands on a line of its own. What values mean and whether they are good is
// for the engine to say; here only text is exchanged, so that comments and order stay.

export type Term = { line: number; path: string[]; value: string; comment: string };

const scalar = /^(\s*(?:- )?)([A-Za-z_]+):\s+([^#\s{[][^#]*?)\s*(#.*)?$/;
const opening = /^(\s*(?:- )?)([A-Za-z_]+):\s*(#.*)?$/;

// terms reads the values of a text, with where they stand.
export function terms(text: string): Term[] {
  const list: Term[] = [];
  const open: { indent: number; name: string }[] = [];
  let item = 0;
  text.split("\n").forEach((line, at) => {
    const match = scalar.exec(line) ?? opening.exec(line);
    if (match === null) return;
    const lead = match[1] ?? "";
    const name = match[2] ?? "";
    while (open.length > 0 && (open.at(-1)?.indent ?? 0) >= lead.length) open.pop();
    if (lead.endsWith("- ")) {
      while (open.length > 0 && open.at(-1)?.name.startsWith("#") === true) open.pop();
      open.push({ indent: lead.length - 2, name: `#${++item}` });
    }
    if (opening.test(line)) {
      open.push({ indent: lead.length, name });
      item = 0;
      return;
    }
    list.push({ line: at, path: [...open.map((o) => o.name), name], value: match[3] ?? "", comment: (match[4] ?? "").replace(/^#\s*/, "") });
  });
  return list;
}

// change writes another value.
export function change(text: string, term: Term, value: string): string {
  const lines = text.split("\n");
  const match = scalar.exec(lines[term.line] ?? "");
  if (match === null || value.trim() === "") return text;
  const comment = match[4] === undefined ? "" : ` ${match[4]}`;
  lines[term.line] = `${match[1] ?? ""}${match[2] ?? ""}: ${value.trim()}${comment}`;
  return lines.join("\n");
}
