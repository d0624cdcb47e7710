import { spawn, execFileSync, type ChildProcess } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

// A chain of one validator with feeders, a maker and a history: the programs of this repository, as people run them.

const bin = process.env["BALLAST_BIN"] ?? join(process.cwd(), "..", "bin");

export const chainID = "ballast-web-test";

export class Chain {
  readonly dir = mkdtempSync(join(tmpdir(), "ballast-web-"));
  readonly home = join(this.dir, "net", "node0");
  readonly #running = new Map<string, ChildProcess>();
  #rpc = "";
  #rest = "";
  #listen = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#listen}`;
  }

  // start makes the network and begins everything.
  async start(): Promise<void> {
    const first = await freePorts(10);
    this.#listen = first + 9; // a node has ten, and uses the first of them
    const told = this.ballastd("localnet", "--validators", "1", "--output", join(this.dir, "net"), "--chain-id", chainID, "--first-port", String(first), "--interval", "30s", "--block-time", "400ms", "--voting", "10s");
    // A line of its answer: node0, and the addresses of RPC, gRPC and HTTP.
    const [, rpc = "", , http = ""] = told.split("\n").find((line) => line.startsWith("node0"))?.split(/\s+/) ?? [];
    this.#rpc = rpc.startsWith("tcp://") ? rpc : `tcp://${rpc}`;
    this.#rest = http.startsWith("http") ? http : `http://${http}`;
    writeFileSync(join(this.dir, "prices.csv"), prices());
    this.startNode();
    await this.until("the first block", async () => (await this.node("cosmos/base/tendermint/v1beta1/blocks/latest")) !== undefined);
    for (const n of [1, 2, 3]) {
      this.#run(`feeder${n}`, "ballastd", ["feed", "--from", `feeder${n}`, "--source", "replay", "--prices", join(this.dir, "prices.csv"), "--speed", "300", "--every", "2s", ...this.keys()]);
    }
    this.#run("maker1", "ballastd", ["maker", "--from", "maker1", "--margin", "0.2%", "--max-value", "20_000", ...this.keys()]);
    this.startHistory();
    await this.until("prices", async () => {
      const { prices: list } = (await this.node("ballast/oracle/v1/prices")) as { prices: { status: string }[] };
      return list.length === 4 && list.every((p) => p.status === "ok");
    });
    await this.until("the history", async () => (await fetch(`${this.url}/v1/health`)).status === 200);
  }

  startNode(): void {
    this.#run("node", "ballastd", ["start", "--home", this.home]);
  }

  startHistory(): void {
    this.#run("history", "ballast-index", ["--node", this.#rpc, "--chain", this.#rest, "--db", join(this.dir, "history.db"), "--listen", `127.0.0.1:${this.#listen}`]);
  }

  // kill ends a program by force, as a crash would.
  async kill(name: string): Promise<void> {
    const one = this.#running.get(name);
    if (one === undefined || one.exitCode !== null) return;
    const ended = new Promise((done) => one.once("exit", done));
    one.kill("SIGKILL");
    await ended;
    this.#running.delete(name);
  }

  async stop(): Promise<void> {
    for (const name of [...this.#running.keys()].reverse()) await this.kill(name);
    rmSync(this.dir, { recursive: true, force: true });
  }

  // secret is the private key of an account of this chain.
  secret(name: string): Uint8Array {
    const hex = this.ballastd("keys", "export", name, "--unarmored-hex", "--unsafe", "--yes", "--keyring-backend", "test", "--home", this.home);
    return Uint8Array.from(Buffer.from(hex.trim(), "hex"));
  }

  ballastd(...args: string[]): string {
    return execFileSync(join(bin, "ballastd"), args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  }

  // node asks the chain's own API, through the server of the page.
  async node(path: string): Promise<unknown> {
    const answer = await fetch(`${this.#rest}/${path}`);
    return answer.ok ? answer.json() : undefined;
  }

  async until(what: string, holds: () => Promise<boolean>, seconds = 90): Promise<void> {
    const end = Date.now() + seconds * 1_000;
    for (;;) {
      try {
        if (await holds()) return;
      } catch (e) {
        if (Date.now() > end) throw e;
      }
      if (Date.now() > end) throw new Error(`no ${what} after ${seconds} s; logs in ${this.dir}`);
      await new Promise((done) => setTimeout(done, 300));
    }
  }

  #run(name: string, program: string, args: string[]): void {
    const log = openSync(join(this.dir, `${name}.log`), "a");
    this.#running.set(name, spawn(join(bin, program), args, { stdio: ["ignore", log, log] }));
    closeSync(log);
  }

  // keys says where the keys are, and the node.
  keys(): string[] {
    return ["--home", this.home, "--keyring-backend", "test", "--node", this.#rpc];
  }
}

// prices move a little, and never far.
function prices(): string {
  const rows = ["time,BTC,ETH,ATOM,USDC"];
  for (let hour = 0; hour < 24 * 30; hour++) {
    const wave = (n: number): number => 1 + 0.02 * Math.sin(hour / n);
    const at = new Date(Date.UTC(2030, 0, 1, hour)).toISOString().replace(".000", "");
    rows.push(`${at},${(60_000 * wave(5)).toFixed(2)},${(3_000 * wave(7)).toFixed(2)},${(9 * wave(3)).toFixed(4)},1`);
  }
  return `${rows.join("\n")}\n`;
}

// freePorts finds the first of some ports in a row.
async function freePorts(n: number): Promise<number> {
  for (let port = 20_000 + (process.pid % 1_000) * 10; port < 65_000; port += n) {
    const free = await Promise.all(
      Array.from({ length: n }, (_, i) => new Promise<boolean>((done) => {
        const server = createServer();
        server.once("error", () => done(false));
        server.listen(port + i, "127.0.0.1", () => server.close(() => done(true)));
      })),
    );
    if (free.every(Boolean)) return port;
  }
  throw new Error("no free ports");
}
