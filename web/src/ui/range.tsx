import { useMemo, useState } from "preact/hooks";
import { query } from "../data/http.ts";

// Ranges of time, each with the distance of its points: at most 500 of them.
const ranges = { day: [86_400, 180], week: [604_800, 1_260], month: [2_678_400, 5_400], year: [31_622_400, 63_900] } as const;

type Name = keyof typeof ranges | "";

// useRange lets somebody choose how far back a chart goes. The parameters are empty for what was last.
export function useRange(): { parameters: string; chooser: preact.JSX.Element } {
  const [name, set] = useState<Name>("");
  const parameters = useMemo(() => {
    if (name === "") return "";
    const [long, every] = ranges[name];
    return query({ from: Math.floor(Date.now() / 1_000) - long, every, limit: 500 });
  }, [name]);
  const chooser = (
    <label>
      Show{" "}
      <select value={name} onChange={(e) => set(e.currentTarget.value as Name)}>
        <option value="">the last</option>
        {Object.keys(ranges).map((r) => (
          <option key={r} value={r}>a {r}</option>
        ))}
      </select>
    </label>
  );
  return { parameters, chooser };
}
