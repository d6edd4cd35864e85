// What a page sees of a stream through chains that hold, and through chains that do not. A browser asks for compressed responses.
import type { HopPlan } from "../../harness/define.ts";
import { byEventSource, byFetch, lockStep, resumed, resumedEvents } from "./measures.ts";
import type { Measure } from "./measures.ts";

export interface ChainMeasure extends Measure {
  chain: HopPlan[];
}

const every = "8 of 8 before the next was written";
const none = "0 of 3 before the next was written";

const proxies = [
  "http-proxy",
  "http-proxy-3",
  "http-proxy-middleware",
  "fastify-http-proxy",
  "express-http-proxy",
  "httpxy",
  "fetch-proxy",
];

export const inChains: ChainMeasure[] = [
  ...proxies.map((proxy): ChainMeasure => ({
    id: proxy,
    chain: [proxy],
    question: `fetch() through ${proxy}: which lines can be read before the next one is written?`,
    expected: every,
    ask: (around) => lockStep(around, "ndjson", "none", byFetch),
  })),
  ...proxies.map((proxy): ChainMeasure => ({
    id: `${proxy}-resumes`,
    chain: [proxy],
    question: `EventSource through ${proxy}: a cut connection, twice, then 204: what does it deliver, and what does it ask for?`,
    expected: resumedEvents,
    ask: resumed,
  })),
  {
    id: "http-proxy-eventsource",
    chain: ["http-proxy"],
    question: "EventSource through http-proxy: which events arrive before the next one is written?",
    expected: every,
    ask: (around) => lockStep(around, "sse", "none", byEventSource),
  },
  {
    id: "compression",
    chain: [{ server: "http-proxy", middlewares: ["compression"] }],
    question: "the same with compression() in front of it, which is never flushed",
    expected: none,
    ask: (around) => lockStep(around, "sse", "none", byEventSource, 3),
  },
];
