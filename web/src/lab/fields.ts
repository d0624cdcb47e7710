// A policy file as a form: every value that stands on one line, alone or among others in braces. What values mean and
// whether they are good is for the engine to say; here only text is exchanged, so that comments and order stay.

export type Term = { line: number; start: number; end: number; path: string[]; value: string; comment: string };

const scalar = /^(\s*(?:- )?)([A-Za-z_]+):\s+([^#\s{[][^#]*?)\s*(#.*)?$/;
const opening = /^(\s*(?:- )?)([A-Za-z_]+):\s*(#.*)?$/;
const braces = /^(\s*(?:- )?)(?:([A-Za-z_]+):\s+)?\{(.*)\}\s*(#.*)?$/;
const member = /([A-Za-z_]+):\s*("[^"]*"|'[^']*'|[^,{}[\]"']+?)\s*(?=,|$)/g;

const plain = (comment: string | undefined): string => (comment ?? "").replace(/^#\s*/, "");

// terms reads the values of a text, with where they stand.
export function terms(text: string): Term[] {
  const list: Term[] = [];
  const open: { indent: number; name: string }[] = [];
  let item = 0;
  text.split("\n").forEach((line, at) => {
    const match = braces.exec(line) ?? scalar.exec(line) ?? opening.exec(line);
    if (match === null || line.trimStart().startsWith("#")) return;
    const lead = match[1] ?? "";
    while (open.length > 0 && (open.at(-1)?.indent ?? 0) >= lead.length) open.pop();
    if (lead.endsWith("- ")) {
      while (open.length > 0 && open.at(-1)?.name.startsWith("#") === true) open.pop();
      open.push({ indent: lead.length - 2, name: `#${++item}` });
    }
    const path = open.map((o) => o.name);
    const within = braces.exec(line);
    if (within !== null) {
      list.push(...members(line, at, within, path));
      return;
    }
    const name = match[2] ?? "";
    if (opening.test(line)) {
      open.push({ indent: lead.length, name });
      item = 0;
      return;
    }
    const value = match[3] ?? "";
    const start = line.indexOf(value, lead.length + name.length + 1);
    list.push({ line: at, start, end: start + value.length, path: [...path, name], value, comment: plain(match[4]) });
  });
  return list;
}

// members are the values between braces. What is nested in them is left to the text.
function members(line: string, at: number, match: RegExpExecArray, path: string[]): Term[] {
  const [, , name, inside = "", comment] = match;
  if (/[{}[\]]/.test(inside)) return [];
  const first = line.indexOf("{") + 1;
  return [...inside.matchAll(member)].map((m) => {
    const value = m[2] ?? "";
    const start = first + m.index + m[0].indexOf(value, (m[1] ?? "").length + 1);
    return { line: at, start, end: start + value.length, path: [...path, ...(name === undefined ? [] : [name]), m[1] ?? ""], value, comment: plain(comment) };
  });
}

// change writes another value.
export function change(text: string, term: Term, value: string): string {
  if (value.trim() === "") return text;
  const lines = text.split("\n");
  const line = lines[term.line] ?? "";
  lines[term.line] = line.slice(0, term.start) + value.trim() + line.slice(term.end);
  return lines.join("\n");
}
