// Writes tar archives in memory (POSIX ustar, long names the way GNU does), since files reach a container in no other form.
export type TarEntry =
  | { name: string; kind: "file"; body: string | Uint8Array; mode?: number; owner?: Owner }
  | { name: string; kind: "folder"; mode?: number; owner?: Owner }
  | { name: string; kind: "link"; target: string; owner?: Owner };

/** Default: root. */
interface Owner {
  user: number;
  group: number;
}

const block = 512;
/** Seven octal digits have room for no other. */
const largestId = 0o7777777;
const types = { file: "0", link: "2", folder: "5", longName: "L", longTarget: "K" };

export const tar = (entries: readonly TarEntry[]): Buffer => Buffer.concat([...entries.flatMap(encode), Buffer.alloc(2 * block)]);

const encode = (entry: TarEntry): Buffer[] => {
  const name = entry.name.replace(/^\//, "") + (entry.kind === "folder" ? "/" : "");
  const body = entry.kind === "file" ? Buffer.from(entry.body as string) : Buffer.alloc(0);
  const target = entry.kind === "link" ? entry.target : "";
  const mode = entry.kind === "link" ? 0o777 : (entry.mode ?? (entry.kind === "folder" ? 0o755 : 0o644));
  return [
    ...long(types.longName, name),
    ...long(types.longTarget, target),
    header(name, types[entry.kind], mode, body.length, target, entry.owner),
    ...padded(body),
  ];
};

const long = (type: string, text: string): Buffer[] => {
  const bytes = Buffer.from(`${text}\0`);
  return bytes.length > 100 ? [header("././@LongLink", type, 0o644, bytes.length, ""), ...padded(bytes)] : [];
};

const padded = (body: Buffer): Buffer[] => (body.length > 0 ? [body, Buffer.alloc((block - (body.length % block)) % block)] : []);

const header = (name: string, type: string, mode: number, size: number, target: string, owner: Owner = { user: 0, group: 0 }): Buffer => {
  const bytes = Buffer.alloc(block);
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, "0")}\0`;
  bytes.write(name, 0, 100);
  bytes.write(octal(mode, 7), 100);
  bytes.write(octal(Math.min(owner.user, largestId), 7), 108);
  bytes.write(octal(Math.min(owner.group, largestId), 7), 116);
  bytes.write(octal(size, 11), 124);
  bytes.write(octal(Math.floor(Date.now() / 1000), 11), 136);
  bytes.write("        ", 148);
  bytes.write(type, 156);
  bytes.write(target, 157, 100);
  bytes.write("ustar\u000000", 257);
  bytes.write(
    `${octal(
      bytes.reduce((sum, byte) => sum + byte, 0),
      6,
    )} `,
    148,
  );
  return bytes;
};
