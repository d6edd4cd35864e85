// Requests at the origin that lost the mark of their client.
import { expect, it } from "vitest";
import { withClients } from "../../../harness/decode/unmarked.ts";
import type { Exchange } from "../../../harness/model/trace.ts";

const exchange = (link: number, client: number | null, at: number, answeredAt: number | null, nonce: string | null = null): Exchange =>
  ({
    link,
    client,
    nonce,
    request: { at },
    response: answeredAt === null ? null : { at: answeredAt },
    end: { at: 1000 },
  }) as unknown as Exchange;

const clientsAtOrigin = (exchanges: Exchange[]): (number | null)[] =>
  withClients(exchanges).flatMap(({ link, client }) => (link === 0 ? [client] : []));

it("are of the client that waits for an answer", () => {
  expect(
    clientsAtOrigin([
      exchange(0, null, 1, 2),
      exchange(0, null, 101, 102),
      exchange(0, null, 201, 202),
      exchange(1, 0, 0, 3),
      exchange(1, 1, 100, 103),
      exchange(1, 2, 200, 203),
    ]),
  ).toEqual([0, 1, 2]);
});

it("are not of a client that was answered from a cache", () => {
  expect(
    clientsAtOrigin([
      exchange(0, null, 1, 2),
      exchange(0, null, 201, 202),
      exchange(1, 0, 0, 3),
      exchange(1, 1, 100, 101),
      exchange(1, 2, 200, 203),
    ]),
  ).toEqual([0, 2]);
});

it("stay without a client where two wait, and keep the one that they name", () => {
  expect(clientsAtOrigin([exchange(0, null, 5, 6), exchange(1, 0, 0, 7), exchange(1, 1, 1, 8)])).toEqual([null]);
  expect(clientsAtOrigin([exchange(0, 1, 5, 6), exchange(0, null, 5, 6), exchange(1, 0, 0, 7), exchange(1, 1, 1, 8)])).toEqual([1, 0]);
});

it("are of the first client that got their body, whoever else waits", () => {
  expect(
    clientsAtOrigin([exchange(0, null, 5, 6, "b"), exchange(0, null, 5, 6, "a"), exchange(1, 0, 0, 7, "a"), exchange(1, 1, 1, 8, "b")]),
  ).toEqual([1, 0]);
  // The second client's is that of the first, out of a cache.
  expect(clientsAtOrigin([exchange(0, null, 5, 6, "a"), exchange(1, 0, 0, 7, "a"), exchange(1, 1, 1, 8, "a")])).toEqual([0]);
});
