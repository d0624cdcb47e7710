import { useEffect, useState } from "preact/hooks";
import type { Overview } from "../data/history.ts";
import { history } from "../data/http.ts";
import { useStore } from "../data/store.ts";
import { useGet } from "../data/use.ts";
import { shorten } from "../text/words.ts";
import { account, connect, disconnect, resume } from "./keplr.ts";

// WalletButton connects a wallet, and says whose account it is.
export function WalletButton() {
  const who = useStore(account);
  const overview = useGet<Overview>(history("overview"), false);
  const [wrong, setWrong] = useState("");
  const chain = overview.data?.chain ?? "";
  useEffect(() => {
    if (chain !== "") setTimeout(() => resume(chain), 300); // wallets put themselves into the page a little late
  }, [chain]);
  const press = (): void => {
    setWrong("");
    if (who !== undefined) disconnect();
    else connect(chain).catch((e: unknown) => setWrong(e instanceof Error ? e.message : String(e)));
  };
  return (
    <span class="wallet">
      <button type="button" onClick={press} disabled={chain === ""} title={who === undefined ? "" : `${who.key.bech32Address}: disconnect`}>
        {who === undefined ? (
          <>Connect<span class="wide"> a wallet</span></>
        ) : (
          <>{who.key.name}<span class="wide"> · {shorten(who.key.bech32Address)}</span></>
        )}
      </button>
      {wrong !== "" && (
        <span class="bubble" role="alert">
          {wrong} <button type="button" class="quiet" onClick={() => setWrong("")}>Close</button>
        </span>
      )}
    </span>
  );
}
