// The mark of a request: which case it belongs to, and which of that case's clients sent it. Its text is written and read here only. Pure.

/** The header field and the query parameter that carry it. */
export const requestHeader = "hopwise-request";
export const queryParameter = "hopwise";

export interface RequestId {
  /** The token of the case (see `CaseOrder` in `harness/lab/protocol.ts`). */
  token: string;
  /** Null: the mark names only the case, as the query does. */
  client: number | null;
}

/** `<token>.<client>`, the value of the header field; `<token>`, that of the query parameter. */
export const requestIdText = ({ token, client }: RequestId): string => (client === null ? token : `${token}.${client}`);

/** Reads a mark from the wire. A hop may have changed it: what is no number names no client. */
export const readRequestId = (text: string): RequestId => {
  const [token = "", ...rest] = text.split(".");
  const client = Number(rest.at(-1) ?? Number.NaN);
  return { token, client: Number.isInteger(client) ? client : null };
};

/** The first client's request. A request that lost its mark counts as it, too. */
export const isOfFirstClient = ({ request }: { request: RequestId | null }): boolean => request === null || request.client === 0;
