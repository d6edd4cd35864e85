import { expect, test } from "vitest";
import { chooseVersion, partsOf, satisfies } from "../../../harness/catalog/versions.ts";

test.for([
  ["nginx", "nginx", null, "default"],
  ["nginx:gzip", "nginx", null, "gzip"],
  ["nginx@1.22", "nginx", "1.22", "default"],
  ["nginx@<1.29.7:http-1.1", "nginx", "<1.29.7", "http-1.1"],
] as const)("%s is server %s, version %s, variant %s", ([hop, server, version, variant]) => {
  expect(partsOf(hop)).toEqual({ server, version, variant });
});

test.for([
  ["1.22.1", "1.22", true],
  ["1.22.1", "1.2", false],
  ["1.22", "1.22.1", false],
  ["1.29.6", "<1.29.7", true],
  ["1.29.7", "<1.29.7", false],
  ["1.29.7", ">=1.29.7", true],
  ["1.30", ">=1.29.7", true],
  ["1.9.9", "<1.29.7", true],
] as const)("%s for %s: %s", ([version, asked, is]) => {
  expect(satisfies(version, asked)).toBe(is);
});

const server = {
  debian: { release: "trixie", packages: ["x"] },
  versions: { "1.18": { release: "bullseye", packages: ["old-x"] }, "1.26": { release: "trixie" }, "1.30": { release: "forky" } },
};

test("a range takes the default where it is within, else the newest", () => {
  expect(chooseVersion(server, "<1.29.7")).toEqual({ asked: "<1.29.7", release: "trixie", packages: ["x"] });
  expect(chooseVersion(server, ">=1.0")?.release).toBe("trixie");
  expect(chooseVersion(server, ">=1.29.7")?.release).toBe("forky");
  expect(chooseVersion(server, "<1.20")).toEqual({ asked: "<1.20", release: "bullseye", packages: ["old-x"] });
  expect(chooseVersion(server, ">=2")).toBe(null);
  expect(chooseVersion(server, "1.2")).toBe(null);
});
