// One middleware around a handler, as the host would put it there.
import type { RequestListener, ServerResponse } from "node:http";
import type { MiddlewareDefinition, Options } from "../../../harness/define.ts";
import { compose } from "../../../harness/host/compose.ts";
import { createProbeStore } from "../../../harness/host/probe-store.ts";
import { startHttp } from "./_wire.ts";

export const serve = async (middleware: MiddlewareDefinition, variant: string, handler: RequestListener, more: Options = {}) => {
  const options = { ...middleware.variants[variant]?.options, ...more };
  return startHttp(compose(handler, [await middleware.create(options)], "hop", createProbeStore()));
};

/** A handler whose responses the test writes. */
export const held = () => {
  const responses: ServerResponse[] = [];
  const wake: (() => void)[] = [];
  const handler: RequestListener = (_request, response) => {
    responses.push(response);
    wake.splice(0).forEach((each) => each());
  };
  const asked = async (count: number): Promise<ServerResponse> => {
    while (responses.length < count) await new Promise<void>((resolve) => wake.push(resolve));
    return responses[count - 1]!;
  };
  return { handler, asked, responses };
};

export const accepting = (coding: string) => ({ headers: `Accept-Encoding: ${coding}\r\n` });
