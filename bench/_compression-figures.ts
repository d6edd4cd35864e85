// What bench/compression.ts sends and saves. Pure.

/** `tokens`: chunks of a chat completion, an event each. `prose`: events with a sentence. `rows`: rows of numbers, as CSV. */
export const payloads = ["tokens", "prose", "rows"] as const;
export type Payload = (typeof payloads)[number];

export interface CompressionFigure {
  middleware: string;
  coding: string;
  payload: Payload;
  /** On the connection, header section and framing included. */
  plainBytes: number;
  wireBytes: number;
}

export interface CompressionFigures {
  measuredOn: string;
  node: string;
  records: number;
  figures: CompressionFigure[];
}

const words =
  "the stream of water runs down from a hill to the old mill and on into the wide valley where it slows between fields of barley oats and rye until boats take grain to town".split(
    " ",
  );

/** The same at each run, and without a pattern that a compressor would find (the finalizer of MurmurHash3). */
const numberAt = (index: number): number => {
  let bits = Math.imul(index + 1, 0x9e3779b1);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
};
const wordAt = (index: number): string => words[numberAt(index) % words.length] ?? "";

export const recordOf = (payload: Payload, index: number): string => {
  if (payload === "rows") return `${index},${numberAt(index)},${(numberAt(index * 7) / 1000).toFixed(2)},${wordAt(index)}\n`;
  if (payload === "prose") return `data: ${Array.from({ length: 12 }, (_, at) => wordAt(12 * index + at)).join(" ")}\n\n`;
  const chunk = {
    id: "chatcmpl-8a6f2c",
    object: "chat.completion.chunk",
    created: 1_790_000_000,
    model: "some-model",
    choices: [{ index: 0, delta: { content: ` ${wordAt(index)}` }, finish_reason: null }],
  };
  return `data: ${JSON.stringify(chunk)}\n\n`;
};
