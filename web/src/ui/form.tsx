import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

// Field is a control with its name and what is expected.
export function Field({ name, hint, wrong, children }: { name: string; hint?: ComponentChildren; wrong?: string | undefined; children: (id: string) => ComponentChildren }) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{name}</label>
      {children(id)}
      {wrong !== undefined && wrong !== "" ? <span class="hint bad-text">{wrong}</span> : hint !== undefined && <span class="hint">{hint}</span>}
    </div>
  );
}

// Amount is a number with its unit.
export function Amount(p: { name: string; unit: string; value: string; onChange: (text: string) => void; hint?: ComponentChildren; wrong?: string | undefined }) {
  return (
    <Field name={p.name} hint={p.hint} wrong={p.wrong}>
      {(id) => (
        <span class="with-unit">
          <input id={id} inputMode="decimal" autoComplete="off" value={p.value} onInput={(e) => p.onChange(e.currentTarget.value)} />
          <span>{p.unit}</span>
        </span>
      )}
    </Field>
  );
}
