// Bytes of a user's file as text and back, so that none is lost whatever its encoding.

/** Null: it is no UTF-8. */
export const textOf = (bytes: Uint8Array): string | null => {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
};

/** One character for each byte: for old files with, say, a comment in another encoding. */
export const fromLatin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

export const latin1Of = (text: string): Uint8Array => Buffer.from(text, "latin1");
