// Reads tar archives that an engine sends of a container. What is in them is untrusted: only plain files are taken, by a bounded number and
// size; links are names of other files of the archive, or nothing. Pure.

export interface Untarred {
  /** Absolute in the container. */
  name: string;
  body: Buffer;
}

export interface Limits {
  files: number;
  bytes: number;
}

export class TooMuchError extends Error {
  override name = "TooMuchError";
}

const block = 512;
const deepestLink = 10;

interface Header {
  name: string;
  type: string;
  size: number;
  target: string;
}

/** `at`: the folder that the archive was made of has this parent. */
export const untar = (archive: Buffer, at: string, { files: mostFiles, bytes: mostBytes }: Limits): Untarred[] => {
  const files = new Map<string, Buffer>();
  const links = new Map<string, string>();
  let total = 0;
  let long: { name?: string; target?: string } = {};
  for (let offset = 0; offset + block <= archive.length;) {
    const header = headerAt(archive, offset);
    if (!header) break;
    const body = archive.subarray(offset + block, offset + block + header.size);
    offset += block + Math.ceil(header.size / block) * block;
    if ("LKxg".includes(header.type)) {
      long = { ...long, ...longIn(header.type, body) };
      continue;
    }
    const name = absolute(at, long.name ?? header.name);
    const target = long.target ?? header.target;
    long = {};
    if (header.type === "0" || header.type === "\0") {
      total += body.length;
      if (files.size >= mostFiles) throw new TooMuchError(`more than ${mostFiles} files`);
      if (total > mostBytes) throw new TooMuchError(`more than ${mostBytes / 1_000_000} MB`);
      files.set(name, body);
    } else if (header.type === "1") links.set(name, absolute(at, target));
    else if (header.type === "2") links.set(name, absolute(folderOf(name), target));
  }
  for (const name of links.keys()) {
    const body = followed(name, files, links);
    if (!body) continue;
    total += body.length;
    if (files.size >= mostFiles || total > mostBytes) throw new TooMuchError(`more than ${mostFiles} files or ${mostBytes / 1_000_000} MB`);
    files.set(name, body);
  }
  return [...files].map(([name, body]) => ({ name, body }));
};

const followed = (name: string, files: ReadonlyMap<string, Buffer>, links: ReadonlyMap<string, string>): Buffer | null => {
  let at = name;
  for (let depth = 0; depth < deepestLink; depth += 1) {
    const file = files.get(at);
    if (file) return file;
    const next = links.get(at);
    if (next === undefined) return null;
    at = next;
  }
  return null;
};

const headerAt = (archive: Buffer, offset: number): Header | null => {
  const text = (from: number, length: number): string =>
    archive.toString("utf8", offset + from, offset + from + length).split("\0", 1)[0] ?? "";
  if (archive[offset] === 0) return null;
  const prefix = text(257, 5) === "ustar" && text(257, 8) !== "ustar  " ? text(345, 155) : "";
  const size = sizeAt(archive.subarray(offset + 124, offset + 136));
  const name = text(0, 100);
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    type: String.fromCharCode(archive[offset + 156] ?? 0),
    size,
    target: text(157, 100),
  };
};

/** Octal, or for large files binary. */
const sizeAt = (field: Buffer): number => {
  if (((field[0] ?? 0) & 0x80) !== 0) return Number.MAX_SAFE_INTEGER;
  return Number.parseInt(field.toString("latin1").replaceAll(/[\0 ]/g, "") || "0", 8);
};

/** Long names: as GNU writes them, or as records of pax (`30 path=…`). */
const longIn = (type: string, body: Buffer): { name?: string; target?: string } => {
  const text = body.toString("utf8");
  if (type === "L") return { name: text.split("\0", 1)[0] ?? "" };
  if (type === "K") return { target: text.split("\0", 1)[0] ?? "" };
  if (type !== "x") return {};
  const found: { name?: string; target?: string } = {};
  for (const [, key, value = ""] of text.matchAll(/\d+ ([\w.]+)=([^\n]*)\n/g)) {
    if (key === "path") found.name = value;
    if (key === "linkpath") found.target = value;
  }
  return found;
};

const folderOf = (name: string): string => name.slice(0, name.lastIndexOf("/")) || "/";

/** Without steps upwards out of the root. */
const absolute = (at: string, name: string): string => {
  const parts: string[] = [];
  for (const part of (name.startsWith("/") ? name : `${at}/${name}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
};
