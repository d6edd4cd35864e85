// Whether a server's clock really runs faster, from the wire: the dates of two responses, some real time apart. What is
// preloaded may do nothing, as where a program is started anew without the environment that it was given.
import { UnsupportedError } from "../../errors.ts";
import type { Address } from "../../lab/protocol.ts";

export interface Dates {
  /** Real time between the two dates, at least and at most: each date was made between its request and its response. */
  leastMs: number;
  mostMs: number;
  /** By the two dates. */
  saidMs: number;
}

/** Dates are in whole seconds: over this many server seconds, a faster clock can be distinguished from a real one. */
const apartMs = 8000;
const secondMs = 1000;

/** Null: no response with a date arrived. */
export const runsFaster = (dates: Dates | null, timeScale: number): boolean | null =>
  dates && dates.saidMs >= 0.8 * timeScale * dates.leastMs - secondMs && dates.saidMs <= 1.2 * timeScale * dates.mostMs + secondMs;

/** A request without a Host, which servers refuse themselves, with a date and without asking an upstream (RFC 9112 §3.2, RFC 9110 §6.6.1). */
const program = `
const { connect } = require("node:net");
const [host, ports, apartMs] = [process.argv[1], process.argv[2].split(","), Number(process.argv[3])];
const dateAt = (port) => new Promise((resolve) => {
  let text = "";
  const askedAt = performance.now();
  const socket = connect(Number(port), host, () => socket.write("GET / HTTP/1.1\\r\\nConnection: close\\r\\n\\r\\n"));
  const end = () => { const date = /^date: (.*)$/im.exec(text); resolve(date ? { askedAt, gotAt: performance.now(), date: Date.parse(date[1]) } : null); socket.destroy(); };
  socket.setTimeout(8000, end);
  socket.on("data", (piece) => { text += piece; if (text.includes("\\r\\n\\r\\n") || text.length > 65536) end(); }).on("error", end).on("close", end);
});
const ask = async () => {
  for (const port of ports) {
    const first = await dateAt(port);
    if (!first) continue;
    await new Promise((resolve) => setTimeout(resolve, apartMs));
    const second = await dateAt(port);
    if (second) return { leastMs: second.askedAt - first.gotAt, mostMs: second.gotAt - first.askedAt, saidMs: second.date - first.date };
  }
  return null;
};
ask().then((dates) => console.log(JSON.stringify(dates)));
`;

/** A program for a container on the server's network, and the reader of its output. */
export const askForDates = ({ host }: Pick<Address, "host">, ports: readonly number[], timeScale: number): string[] => [
  "node",
  "-e",
  program,
  host,
  ports.join(","),
  String(Math.ceil(apartMs / timeScale)),
];

export const datesIn = (printed: string): Dates | null => {
  const line = printed.split("\n").findLast((one) => /^(\{.*\}|null)$/.test(one.trim()));
  return line === undefined ? null : (JSON.parse(line) as Dates | null);
};

/** Throws unless the clock ran faster. */
export const refuseUnlessFaster = (title: string, dates: Dates | null, timeScale: number): void => {
  const faster = runsFaster(dates, timeScale);
  if (faster) return;
  const seen =
    dates === null || faster === null
      ? "no response of its own has a date"
      : `between two of its responses ${Math.round(dates.leastMs)} to ${Math.round(dates.mostMs)} ms passed, and by their dates ${dates.saidMs} ms`;
  throw new UnsupportedError(`${title} was started with a clock that runs ${timeScale}× faster, but its clock does not: ${seen}.`);
};
