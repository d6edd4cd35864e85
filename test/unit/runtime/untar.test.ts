import { describe, expect, it } from "vitest";
import { tar } from "../../../harness/runtime/tar.ts";
import { TooMuchError, untar } from "../../../harness/runtime/untar.ts";

const limits = { files: 10, bytes: 1000 };
const read = (archive: Buffer, at = "/etc") => untar(archive, at, limits).map(({ name, body }) => [name, body.toString()]);

describe("an archive of a container", () => {
  it("has its files at their places, with long names", () => {
    const long = `nginx/${"a".repeat(150)}/b.conf`;
    expect(
      read(
        tar([
          { name: "nginx", kind: "folder" },
          { name: "nginx/a.conf", kind: "file", body: "one" },
          { name: long, kind: "file", body: "two" },
          { name: "nginx/empty", kind: "file", body: "" },
        ]),
      ),
    ).toEqual([
      ["/etc/nginx/a.conf", "one"],
      [`/etc/${long}`, "two"],
      ["/etc/nginx/empty", ""],
    ]);
  });

  it("links stand for files of the archive, and for nothing else", () => {
    const archive = tar([
      { name: "nginx/a", kind: "file", body: "one" },
      { name: "nginx/same", kind: "link", target: "a" },
      { name: "nginx/absolute", kind: "link", target: "/etc/nginx/same" },
      { name: "nginx/out", kind: "link", target: "/etc/shadow" },
      { name: "nginx/up", kind: "link", target: "../../../../../etc/shadow" },
      { name: "nginx/loop", kind: "link", target: "loop" },
    ]);
    expect(read(archive).map(([name]) => name)).toEqual(["/etc/nginx/a", "/etc/nginx/same", "/etc/nginx/absolute"]);
  });

  it("no name leads out of the root", () => {
    expect(read(tar([{ name: "../../../x", kind: "file", body: "" }]))).toEqual([["/x", ""]]);
  });

  it("too many files, or too large ones, are refused before they are held", () => {
    const many = tar(Array.from({ length: 11 }, (_, index) => ({ name: `${index}`, kind: "file" as const, body: "" })));
    expect(() => untar(many, "/", limits)).toThrow(TooMuchError);
    const large = tar([{ name: "a", kind: "file", body: "x".repeat(1001) }]);
    expect(() => untar(large, "/", limits)).toThrow("more than 0.001 MB");
  });

  it("garbage, and a size that lies, are no files beyond the archive", () => {
    expect(untar(Buffer.alloc(100), "/", limits)).toEqual([]);
    const lying = tar([{ name: "a", kind: "file", body: "x" }]);
    lying.write("77777777777", 124);
    expect(untar(lying, "/", { files: 10, bytes: 10_000 }).map(({ body }) => body.length)[0]).toBeLessThanOrEqual(lying.length);
    lying[124] = 0x80;
    expect(() => untar(lying, "/", { files: 10, bytes: 10_000 })).not.toThrow();
  });
});
