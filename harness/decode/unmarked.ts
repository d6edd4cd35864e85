// A hop may pass on neither header fields nor the query as they were: then the body, or else only time, shows which client a request at the
// origin is of. Pure.
import type { Exchange } from "../model/trace.ts";

/** Of one case, in the order of links and times. A request without a mark is of the first client that got its body; or of the only one that had
 *  asked, had no answer yet, and had no request there; where several had, it stays without a client. */
export const withClients = (exchanges: readonly Exchange[]): Exchange[] => {
  const lastLink = Math.max(0, ...exchanges.map(({ link }) => link));
  const asked = exchanges.filter(({ link, client }) => link === lastLink && client !== null);
  const known = new Set(exchanges.filter(({ link }) => link === 0).map(({ client }) => client));
  if (lastLink === 0 || asked.length < 2) return [...exchanges];
  return exchanges.map((exchange) => {
    if (exchange.link !== 0 || exchange.client !== null) return exchange;
    const free = asked.filter(({ client, request }) => !known.has(client) && request.at <= exchange.request.at);
    const only = ownerOf(exchange, free);
    if (!only) return exchange;
    known.add(only.client);
    return { ...exchange, client: only.client };
  });
};

const ownerOf = ({ nonce, request: { at } }: Exchange, free: readonly Exchange[]): Exchange | undefined => {
  const byBody = nonce === null ? undefined : free.find((one) => one.nonce === nonce);
  if (byBody) return byBody;
  const waiting = free.filter(({ response, end }) => (response?.at ?? end.at) >= at);
  return waiting.length === 1 ? waiting[0] : undefined;
};
