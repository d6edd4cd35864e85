// What a report says of a server that another one forwards to, without the signatures of the requests that come from there. Pure.
import { elided } from "../../model/secrets.ts";
import type { CheckedConfig } from "../server.ts";

export const shown = <T extends { what: string; why: string }>(said: T, secrets: readonly string[]): T => ({
  ...said,
  what: elided(said.what, secrets),
  why: elided(said.why, secrets),
});

export const hiding = (config: CheckedConfig, secrets: readonly string[] = []): CheckedConfig => {
  const { stubs, notChecked } = config.deployment;
  return config.with({ stubs: stubs.map((one) => shown(one, secrets)), notChecked: notChecked.map((one) => shown(one, secrets)) });
};
