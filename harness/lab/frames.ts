// The framing of protocol.ts: u32 length of the JSON, u32 length of the blob, JSON, blob. Typed arrays are in the blob, each at a multiple of 8,
// and the JSON refers to them, so that a received array is a view of the blob and not a copy.

const arrays = { f64: Float64Array, f32: Float32Array, i32: Int32Array, u32: Uint32Array, u8: Uint8Array } as const;

type ArrayKind = keyof typeof arrays;
type TypedArray = InstanceType<(typeof arrays)[ArrayKind]>;

interface Reference {
  path: (string | number)[];
  kind: ArrayKind;
  offset: number;
  length: number;
}

export interface FrameLimits {
  jsonBytes: number;
  blobBytes: number;
}

export const frameLimits: FrameLimits = { jsonBytes: 128 * 1024 * 1024, blobBytes: 2 ** 31 };

/** The bytes are not a frame, or the frame is too large. */
export class FrameError extends Error {
  override name = "FrameError";
}

const prefixBytes = 8;
const alignment = 8;
const padding = new Uint8Array(alignment);

/** The pieces of one frame, in order. The arrays in `value` are not copied, and must not change until the pieces are sent. */
export const encodeFrame = (value: unknown): Uint8Array[] => {
  const references: Reference[] = [];
  const blob: Uint8Array[] = [];
  let blobBytes = 0;
  const path: (string | number)[] = [];
  const take = (array: TypedArray): null => {
    references.push({ path: [...path], kind: kindOf(array), offset: blobBytes, length: array.length });
    const gap = (alignment - (array.byteLength % alignment)) % alignment;
    blob.push(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), padding.subarray(0, gap));
    blobBytes += array.byteLength + gap;
    return null;
  };
  const strip = (part: unknown): unknown => {
    if (part === null || typeof part !== "object") return part;
    if (ArrayBuffer.isView(part)) return take(part as TypedArray);
    const inside = (key: string | number, child: unknown): unknown => {
      path.push(key);
      const stripped = strip(child);
      path.pop();
      return stripped;
    };
    if (Array.isArray(part)) return part.map((child, index) => inside(index, child));
    return Object.fromEntries(Object.entries(part).map(([key, child]) => [key, inside(key, child)]));
  };
  const json = Buffer.from(JSON.stringify({ value: strip(value), references }));
  if (json.length > frameLimits.jsonBytes || blobBytes > frameLimits.blobBytes) {
    throw new FrameError(`A frame of ${json.length} bytes of JSON and ${blobBytes} bytes of blob is too large`);
  }
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeUInt32BE(json.length, 0);
  prefix.writeUInt32BE(blobBytes, 4);
  return [prefix, json, ...blob.filter((piece) => piece.length > 0)];
};

const kindOf = (array: TypedArray): ArrayKind => {
  for (const kind of Object.keys(arrays) as ArrayKind[]) if (array instanceof arrays[kind]) return kind;
  throw new FrameError(`A ${Object.prototype.toString.call(array)} cannot be sent in a frame`);
};

/** Takes bytes in pieces of any size and returns the complete values. After a FrameError it throws only that one. */
export const frameDecoder = (limits: FrameLimits = frameLimits): ((bytes: Uint8Array) => unknown[]) => {
  let prefix = new Uint8Array(prefixBytes);
  let json = new Uint8Array(0);
  let blob = new Uint8Array(0);
  let part: "prefix" | "json" | "blob" = "prefix";
  let filled = 0;
  let fault: FrameError | null = null;

  const open = (): void => {
    const view = new DataView(prefix.buffer);
    const sizes = { jsonBytes: view.getUint32(0), blobBytes: view.getUint32(4) };
    for (const what of ["jsonBytes", "blobBytes"] as const) {
      if (sizes[what] <= limits[what]) continue;
      throw new FrameError(
        `A frame announces ${sizes[what]} bytes of ${what === "jsonBytes" ? "JSON" : "blob"}, more than ${limits[what]}`,
      );
    }
    json = new Uint8Array(sizes.jsonBytes);
    blob = new Uint8Array(sizes.blobBytes);
  };
  const advance = (values: unknown[]): void => {
    filled = 0;
    if (part === "prefix") {
      open();
      part = "json";
    } else if (part === "json") part = "blob";
    else {
      values.push(assemble(json, blob));
      prefix = new Uint8Array(prefixBytes);
      part = "prefix";
    }
  };
  const push = (bytes: Uint8Array): unknown[] => {
    const values: unknown[] = [];
    let from = 0;
    for (;;) {
      const target = part === "prefix" ? prefix : part === "json" ? json : blob;
      const taken = Math.min(target.length - filled, bytes.length - from);
      target.set(bytes.subarray(from, from + taken), filled);
      from += taken;
      filled += taken;
      if (filled < target.length) return values;
      advance(values);
    }
  };
  return (bytes) => {
    if (fault) throw fault;
    try {
      return push(bytes);
    } catch (error) {
      throw (fault = error instanceof FrameError ? error : new FrameError(`A frame cannot be read: ${(error as Error).message}`));
    }
  };
};

const assemble = (json: Uint8Array, blob: Uint8Array<ArrayBuffer>): unknown => {
  const root = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(json)) as { value: unknown; references: unknown };
  if (root === null || typeof root !== "object" || !Array.isArray(root.references))
    throw new FrameError("A frame's JSON lacks its references");
  for (const reference of root.references as Reference[]) place(root, reference, arrayOf(reference, blob));
  return root.value;
};

const arrayOf = ({ kind, offset, length }: Reference, blob: Uint8Array<ArrayBuffer>): TypedArray => {
  if (!Object.hasOwn(arrays, kind)) throw new FrameError(`A frame refers to an array of the unknown kind ${JSON.stringify(kind)}`);
  const isWithin = Number.isInteger(offset) && Number.isInteger(length) && offset >= 0 && length >= 0 && offset % alignment === 0;
  if (!isWithin || offset + length * arrays[kind].BYTES_PER_ELEMENT > blob.length) {
    throw new FrameError(`A frame refers to ${length} elements at byte ${offset} of a blob of ${blob.length}`);
  }
  return new arrays[kind](blob.buffer, offset, length);
};

const place = (root: { value: unknown }, { path }: Reference, array: TypedArray): void => {
  let holder: object = root;
  let key: string | number = "value";
  for (const next of path) {
    const inside: unknown = Object.hasOwn(holder, key) ? (holder as Record<string | number, unknown>)[key] : null;
    if (inside === null || typeof inside !== "object") throw new FrameError("A frame refers to a place that its JSON does not have");
    holder = inside;
    key = next;
  }
  if (!Object.hasOwn(holder, key)) throw new FrameError("A frame refers to a place that its JSON does not have");
  (holder as Record<string | number, unknown>)[key] = array;
};
