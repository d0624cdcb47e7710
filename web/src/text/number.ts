// Numbers come as exact text and are only written nicer here: nothing is computed with them. Intl takes decimal text as
// it is, without going through a float.

type Decimal = Intl.StringNumericLiteral;

const absent = "–";

const formats = new Map<string, Intl.NumberFormat>();

function format(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options);
  let f = formats.get(key);
  if (f === undefined) {
    f = new Intl.NumberFormat(undefined, options);
    formats.set(key, f);
  }
  return f;
}

const plain = /^-?\d+(\.\d+)?$/;

function write(text: string | undefined, options: Intl.NumberFormatOptions): string {
  if (text === undefined || !plain.test(text)) return text === undefined || text === "" ? absent : text;
  return format(options).format(text as Decimal).replace("-", "−");
}

// value is money in the unit of account.
export function value(text: string | undefined): string {
  const whole = text?.replace("-", "").split(".")[0] ?? "";
  if (whole.length > 12) return short(text);
  if (whole === "0") return write(text, { maximumSignificantDigits: 3 });
  return write(text, { minimumFractionDigits: 0, maximumFractionDigits: 0 });
}

// valueExact is the same with every digit that is known.
export const valueExact = (text: string | undefined): string => write(text, { maximumFractionDigits: 18 });

// short is a value in few letters, such as 12.8M.
export const short = (text: string | undefined): string =>
  write(text, { notation: "compact", minimumSignificantDigits: 3, maximumSignificantDigits: 4 });

// percent is a part of one.
export const percent = (text: string | undefined, digits = 2): string =>
  write(text, { style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits });

// price keeps six significant digits, more where the price is large.
export function price(text: string | undefined): string {
  const digits = significant(text);
  return write(text, { minimumSignificantDigits: digits, maximumSignificantDigits: digits });
}

function significant(text: string | undefined): number {
  const whole = text?.replace("-", "").split(".")[0]?.length ?? 0;
  return Math.min(21, Math.max(6, whole + 2));
}

// bps is basis points.
export const bps = (text: string | undefined): string =>
  write(text, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

// count is a whole number.
export const count = (n: number): string => format({ maximumFractionDigits: 0 }).format(n);

// real is a rounded figure of a chart.
export const real = (n: number | null | undefined, digits = 6): string =>
  n === null || n === undefined ? absent : format({ maximumSignificantDigits: digits }).format(n).replace("-", "−");

// shift moves the point of a whole number of base units: the amount in display units, exactly.
export function shift(units: string | undefined, exponent: number): string {
  if (units === undefined || !/^-?\d+$/.test(units)) return units ?? "";
  const minus = units.startsWith("-") ? "-" : "";
  const digits = units.replace("-", "").padStart(exponent + 1, "0");
  const cut = digits.length - exponent;
  const frac = digits.slice(cut).replace(/0+$/, "");
  return minus + digits.slice(0, cut) + (frac === "" ? "" : `.${frac}`);
}

// unshift is the way back: what somebody typed, in base units. undefined: not a number, or too fine.
export function unshift(text: string, exponent: number): string | undefined {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text.trim().replaceAll("_", ""));
  if (match === null) return undefined;
  const frac = match[2] ?? "";
  if (frac.length > exponent) return undefined;
  const digits = (match[1] ?? "") + frac.padEnd(exponent, "0");
  return digits.replace(/^0+(?=\d)/, "");
}

// amount is base units in display units, to four decimals, or what is there when it is less.
export function amount(units: string | undefined, exponent: number): string {
  const text = shift(units, exponent);
  const small = /^-?0\.0{3,}/.test(text);
  return write(text, small ? { maximumSignificantDigits: 4 } : { maximumFractionDigits: 4 });
}

// exact is base units in display units, all digits.
export const exact = (units: string | undefined, exponent: number): string =>
  write(shift(units, exponent), { maximumFractionDigits: 18 });
