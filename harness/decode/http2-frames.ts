// Reads HTTP/2 frames from plaintext bytes, in either direction (RFC 9113 §4.1), for the ends of streams and connections and for flow control.
// Header blocks are not decoded.
export interface Frame {
  type: number;
  flags: number;
  stream: number;
  /** The length of the payload, which flow control counts for DATA frames. */
  bytes: number;
  /** Of the types in `kept`; else empty. */
  payload: Buffer;
}

export const frameTypes = { data: 0, headers: 1, rstStream: 3, settings: 4, goaway: 7, windowUpdate: 8 } as const;
export const endStreamFlag = 0x1;
export const ackFlag = 0x1;

const headBytes = 9;
const kept = new Set<number>([frameTypes.rstStream, frameTypes.settings, frameTypes.goaway, frameTypes.windowUpdate]);
/** The default maximum (RFC 9113 §4.2). A larger frame ends the connection, and is not kept. */
const mostKeptBytes = 16_384;
const isKept = ({ type, bytes }: Frame): boolean => kept.has(type) && bytes <= mostKeptBytes;

/** Calls `take` at the end of each frame, with the number of pushed bytes that are not read yet. `skipBytes`: the client preface, which is no
 *  frame. */
export class FrameReader {
  readonly #take: (frame: Frame, leftBytes: number) => void;
  #skipBytes: number;
  #head: Buffer = Buffer.alloc(0);
  #frame: Frame | null = null;
  #parts: Buffer[] = [];

  constructor(take: (frame: Frame, leftBytes: number) => void, skipBytes = 0) {
    this.#take = take;
    this.#skipBytes = skipBytes;
  }

  push(bytes: Buffer): void {
    let rest = bytes;
    while (rest.length > 0) {
      if (this.#skipBytes > 0) rest = this.#skip(rest);
      else if (this.#frame === null) rest = this.#readHead(rest);
      else rest = this.#readPayload(this.#frame, rest);
    }
  }

  #readHead(bytes: Buffer): Buffer {
    const missing = headBytes - this.#head.length;
    this.#head = Buffer.concat([this.#head, bytes.subarray(0, missing)]);
    if (this.#head.length < headBytes) return bytes.subarray(missing);
    const [type = 0, flags = 0] = this.#head.subarray(3, 5);
    const size = this.#head.readUIntBE(0, 3);
    this.#frame = { type, flags, stream: this.#head.readUInt32BE(5) & 0x7fffffff, bytes: size, payload: Buffer.alloc(0) };
    this.#head = Buffer.alloc(0);
    this.#skipBytes = isKept(this.#frame) ? 0 : size;
    const rest = bytes.subarray(missing);
    this.#endIfWhole(rest.length);
    return rest;
  }

  #skip(bytes: Buffer): Buffer {
    const skipped = Math.min(this.#skipBytes, bytes.length);
    this.#skipBytes -= skipped;
    const rest = bytes.subarray(skipped);
    this.#endIfWhole(rest.length);
    return rest;
  }

  #readPayload(frame: Frame, bytes: Buffer): Buffer {
    const missing = frame.bytes - this.#parts.reduce((sum, part) => sum + part.length, 0);
    this.#parts.push(bytes.subarray(0, missing));
    const rest = bytes.subarray(missing);
    if (bytes.length >= missing) this.#end({ ...frame, payload: Buffer.concat(this.#parts) }, rest.length);
    return rest;
  }

  /** For a frame whose payload is empty or skipped. */
  #endIfWhole(leftBytes: number): void {
    if (this.#frame === null || this.#skipBytes > 0 || (isKept(this.#frame) && this.#frame.bytes > 0)) return;
    this.#end(this.#frame, leftBytes);
  }

  #end(frame: Frame, leftBytes: number): void {
    this.#frame = null;
    this.#parts = [];
    this.#take(frame, leftBytes);
  }
}

/** RFC 9113 §7 */
const errorNames = [
  "NO_ERROR",
  "PROTOCOL_ERROR",
  "INTERNAL_ERROR",
  "FLOW_CONTROL_ERROR",
  "SETTINGS_TIMEOUT",
  "STREAM_CLOSED",
  "FRAME_SIZE_ERROR",
  "REFUSED_STREAM",
  "CANCEL",
  "COMPRESSION_ERROR",
  "CONNECT_ERROR",
  "ENHANCE_YOUR_CALM",
  "INADEQUATE_SECURITY",
  "HTTP_1_1_REQUIRED",
] as const;

/** The error code at an offset of a payload. */
export const errorAt = (payload: Buffer, offset: number): string => {
  if (payload.length < offset + 4) return "no error code";
  const code = payload.readUInt32BE(offset);
  return errorNames[code] ?? `0x${code.toString(16)}`;
};
