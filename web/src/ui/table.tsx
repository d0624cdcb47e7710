import type { ComponentChildren } from "preact";
import { Fragment } from "preact";

export type Column<T> = {
  name: string;
  silent?: boolean; // the name is for those who do not see
  unit?: string;
  number?: boolean; // aligned right
  wide?: boolean; // hidden on a phone
  cell: (row: T) => ComponentChildren;
};

type Props<T> = {
  label: string;
  columns: Column<T>[];
  rows: T[];
  rowKey: (row: T) => string | number;
  more?: (() => void) | undefined;
  below?: (row: T) => ComponentChildren; // what stands under a row, or nothing
};

// Table scrolls inside itself when it is wider than the screen.
export function Table<T>({ label, columns, rows, rowKey, more, below }: Props<T>) {
  const cls = (c: Column<T>): string => [c.number === true ? "number" : "", c.wide === true ? "wide" : ""].join(" ").trim();
  return (
    <>
      <div class="scroll" role="region" aria-label={label} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {columns.map((c) => (
                <th key={c.name} scope="col" class={cls(c)}>
                  {c.silent === true ? <span class="unseen">{c.name}</span> : c.name}
                  {c.unit !== undefined && <span class="unit">{c.unit}</span>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => {
              const under = below?.(row);
              return (
                <Fragment key={rowKey(row)}>
                  <tr>
                    {columns.map((c) => (
                      <td key={c.name} class={cls(c)}>
                        {c.cell(row)}
                      </td>
                    ))}
                  </tr>
                  {under !== undefined && under !== null && under !== false && (
                    <tr class="under">
                      <td colSpan={columns.length}>{under}</td>
                    </tr>
                  )}
                </Fragment>
              );
            })}
          </tbody>
        </table>
      </div>
      {more !== undefined && (
        <p class="more">
          <button type="button" onClick={more}>
            Show more
          </button>
        </p>
      )}
    </>
  );
}
