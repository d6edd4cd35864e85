// Which build stands in for an image that cannot be pulled.
import { expect, test } from "vitest";
import { substituteFor } from "../../../harness/check/substitute.ts";
import { packaging } from "../../../harness/check/servers/nginx/packaging.ts";
import nginx from "../../../proxies/nginx.ts";

test.each([
  ["nginx:1.26.2-alpine", "1.26"],
  ["nginx:1.27", "1.26"],
  ["nginx:1.28-alpine", "1.26"],
  ["nginx:1.29.3", "1.26"],
  // Its last patch is meant, which has HTTP/1.1 as the default.
  ["nginx:1.29", "1.30"],
  ["nginx:1.29.8", "1.30"],
  ["nginx:1.31.0", "1.30"],
  ["nginx:1.24", "1.22"],
  ["nginx:1.25.0", "1.22"],
  ["nginx:1.25.3", "1.26"],
  ["nginx:1.17.10", "1.18"],
  ["nginx", "1.30"],
  ["nginx:latest", "1.30"],
  ["registry.x:5000/nginx:stable-alpine", "1.30"],
  ["nginxinc/nginx-unprivileged:1.25-alpine", "1.26"],
  ["openresty/openresty:1.25.3.1-alpine", "1.26"],
  // The number is the product's own.
  ["corp/web:1.22", null],
  ["corp/web@sha256:0123", null],
])("%s: %s", (image, name) => {
  if (nginx.kind !== "binary") throw new Error("nginx is a program");
  expect(substituteFor(nginx, packaging.versionOf(image), image)).toEqual({ name, note: null });
});

test("where something changed on both sides, that is said", () => {
  const definition = {
    title: "x",
    versions: { "1.0": { release: "a" }, "3.0": { release: "b" } },
    changes: { "1.5": "this", "2.5": "that" },
  };
  expect(substituteFor(definition, "x/2.0.1", "x:2.0.1")).toEqual({ name: "1.0", note: "between the two versions x changed this (1.5)" });
});
