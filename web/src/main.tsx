import { render } from "preact";
import { App } from "./app.tsx";
import { follow as followChain } from "./data/live.ts";
import { follow as followRoute } from "./route.ts";
import "./style.css";

const root = document.getElementById("app");
if (root !== null) {
  root.replaceChildren();
  followRoute();
  followChain();
  render(<App />, root);
}
