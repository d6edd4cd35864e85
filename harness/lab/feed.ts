// How a real application takes part in a trial, by plain HTTP. It asks for each of its records, and is answered when that is due: in
// lock-step as soon as the client has confirmed the one before.
//
//   GET /hopwise/next?request=<hopwise-request>&stream=<any name>     200: the next record · 204: the end · 500: fail here · 410: over
//   With a record come Hopwise-Length, the bytes of the whole body where the trial sends all of it, and what the trial wants of the head of
//   the response: Hopwise-Status, and Hopwise-Headers, a JSON list of pairs.
//   GET /hopwise/noticed?request=…&stream=…&what=GeneratorExit        what it noticed of its client's leaving
import { readRequestId } from "../model/request-id.ts";
import type { RequestId } from "../model/request-id.ts";
import type { HeaderList } from "../model/script.ts";
import { FeedExchange, type Answer } from "./feed-exchange.ts";
import { headOf } from "./origin-head.ts";
import type { OriginCase } from "./origin-case.ts";
import { runScript } from "./origin-script.ts";

/** A question of an application's that is being answered. */
export interface Asked {
  /** Resolves with a whole response. */
  answer: Promise<Buffer>;
  /** Its connection is gone. */
  gone: () => void;
}

export interface Feed {
  /** Null for a request that is none of an application's questions. */
  ask: (target: string, at: number) => Asked | null;
}

const root = "/hopwise/";

export const openFeed = (caseOf: (token: string) => OriginCase | undefined): Feed => {
  /** By what the application calls them: each request to it has one. */
  const streams = new WeakMap<OriginCase, Map<string, FeedExchange>>();

  const streamOf = (request: string, stream: string, at: number): FeedExchange | null => {
    const { token, client } = readRequestId(request);
    const trialCase = caseOf(token);
    if (!trialCase) return null;
    const known = streams.get(trialCase) ?? new Map<string, FeedExchange>();
    streams.set(trialCase, known);
    const id = { token, client: client ?? 0 };
    const key = `${id.client} ${stream}`;
    const exchange = known.get(key) ?? begin(trialCase, id, at);
    known.set(key, exchange);
    return exchange;
  };

  return {
    ask: (target, at) => {
      // Asked of every request to the lab's own origin, too.
      const url = target.startsWith(root) ? URL.parse(target, "http://lab") : null;
      if (!url) return null;
      const { searchParams } = url;
      const exchange = streamOf(searchParams.get("request") ?? "", searchParams.get("stream") ?? "", at);
      const question = url.pathname.slice(root.length);
      if (question === "noticed") {
        exchange?.notice(searchParams.get("what") ?? "");
        return answered(exchange ? empty : responses.over());
      }
      if (question !== "next") return answered(refusal(404, `There is /hopwise/next and /hopwise/noticed, not ${url.pathname}.`));
      return exchange ? nextOf(exchange) : answered(responses.over());
    },
  };
};

const begin = (trialCase: OriginCase, request: RequestId & { client: number }, at: number): FeedExchange => {
  const exchange = new FeedExchange(trialCase.script, request, at);
  trialCase.began(exchange);
  void runScript(exchange, trialCase.held(request.client)).then(() => exchange.finish());
  return exchange;
};

const nextOf = (exchange: FeedExchange): Asked => {
  const { promise, resolve } = Promise.withResolvers<Buffer>();
  const { status, headers } = exchange.script;
  const fields: HeaderList = [
    ["Hopwise-Length", String(exchange.bodyBytes)],
    ["Hopwise-Status", String(status)],
    ["Hopwise-Headers", JSON.stringify(headers)],
  ];
  const onAnswer = (answer: Answer): void =>
    resolve(answer.kind === "record" ? whole(200, answer.bytes, fields) : responses[answer.kind]());
  exchange.next(onAnswer);
  return { answer: promise, gone: () => exchange.unask(onAnswer) };
};

const answered = (response: Buffer): Asked => ({ answer: Promise.resolve(response), gone: () => {} });

const whole = (status: number, body: Buffer, more: HeaderList = []): Buffer =>
  Buffer.concat([
    headOf("1.1", status, [["Content-Type", "application/octet-stream"], ["Content-Length", String(body.length)], ...more]),
    body,
  ]);

const refusal = (status: number, why: string): Buffer => whole(status, Buffer.from(`${why}\n`));
const empty = headOf("1.1", 204, []);

const responses = {
  end: () => empty,
  fail: () => refusal(500, "The trial has the application fail here."),
  over: () => refusal(410, "No trial waits for this response any more."),
};
