import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Caddy passes on every row of a CSV whose length is not known, without waiting for the next",
  chain: [{ app: "csv" }, "caddy"],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
