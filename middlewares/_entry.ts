import type { ServerResponse } from "node:http";

/** A response that is complete or still arriving. Readers get its data so far, then the rest as it arrives. */
export interface Entry {
  status: number;
  message: string;
  fields: [name: string, value: string][];
  pieces: Buffer[];
  bytes: number;
  state: "live" | "complete" | "broken";
  readers: Set<() => void>;
}

export const newEntry = (response: ServerResponse): Entry => ({
  status: response.statusCode,
  message: response.statusMessage,
  fields: Object.entries(response.getHeaders())
    .filter(([name]) => !["connection", "keep-alive", "transfer-encoding", "trailer"].includes(name))
    .flatMap(([name, value]) => [value ?? ""].flat().map((each): [string, string] => [name, String(each)])),
  pieces: [],
  bytes: 0,
  state: "live",
  readers: new Set(),
});

export const grow = (entry: Entry, piece: Buffer): void => {
  entry.pieces.push(piece);
  entry.bytes += piece.length;
  for (const read of entry.readers) read();
};

export const finish = (entry: Entry, state: "complete" | "broken"): void => {
  if (entry.state !== "live") return;
  entry.state = state;
  for (const read of entry.readers) read();
};

/** Answers from an entry, no faster than the client reads; if the entry is cut, the response is cut visibly. */
export const replay = (entry: Entry, ageSeconds: number, response: ServerResponse): void => {
  let at = 0;
  let full = false;
  const read = (): void => {
    while (!full && at < entry.pieces.length) full = !response.write(entry.pieces[at++]);
    if (full || entry.state === "live") return;
    entry.readers.delete(read);
    if (entry.state === "complete") response.end();
    else {
      response.socket?.resetAndDestroy();
      response.destroy();
    }
  };
  const fields = entry.fields.filter(([name]) => name !== "age");
  response.writeHead(entry.status, entry.message, [...fields, ["Age", String(Math.round(ageSeconds))]].flat());
  response.flushHeaders();
  entry.readers.add(read);
  response.on("drain", () => {
    full = false;
    read();
  });
  response.once("close", () => entry.readers.delete(read));
  read();
};
