// YAML given by mistake is said to be what it is; whatever may be a deployment is left to those who read deployments.
import fc from "fast-check";
import { expect, it } from "vitest";
import { refuseForeignYaml } from "../../../harness/check/foreign-yaml.ts";

const refusal = (text: string): string | null => {
  try {
    refuseForeignYaml(text, "x.yaml");
    return null;
  } catch (error) {
    return (error as Error).message;
  }
};

it.each([
  ["a configuration of Traefik", "http:\n  routers: { a: { rule: x } }"],
  ["a configuration of Traefik", "entryPoints: { web: { address: ':80' } }"],
  ["a configuration of Envoy", "static_resources: { listeners: [] }"],
  ["a configuration of Kong", "_format_version: '3.0'\nservices: [{ name: a }]"],
  ["a workflow of GitHub", "on: push\njobs: { a: {} }"],
  ["a description of an API (OpenAPI)", "openapi: 3.1.0\npaths: {}"],
  ["a playbook of Ansible", "- hosts: web\n  roles: [nginx]"],
  ["a file of values for a Helm chart", "controller: { config: { proxy-buffering: 'on' } }"],
  ["a file of values for a Helm chart", "image: { repository: a }\ningress: { enabled: true }"],
])("is %s", (is, text) => {
  expect(refusal(text)).toMatch(
    new RegExp(`^x\\.yaml is ${is.replace(/[()]/g, "\\$&")}, neither a configuration that can be checked nor a deployment that has one`),
  );
});

it.each([
  "services: { web: { image: nginx } }",
  "services: { a: {} }\nhttp: { routers: {} }",
  "include: [a.yml]",
  "",
  "- a",
  "a: [",
  "image: nginx",
])("may be a deployment, or nothing that is known: %s", (text) => expect(refusal(text)).toBeNull());

it("whatever the text, it is a sentence or nothing", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const said = refusal(text);
      return said === null || said.startsWith("x.yaml is ");
    }),
  );
});
