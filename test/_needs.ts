// What a machine may lack: tests that need it are skipped there, and the run's last lines count them by these words (test/_reporter.ts).
import { findNodeOf } from "../harness/runtime/node-versions.ts";
import { findBinary } from "../harness/runtime/places.ts";

declare module "vitest" {
  interface TaskMeta {
    /** Why it is skipped. */
    skipped?: string;
  }
}

export const lacks = {
  engine: "no container engine answers (npm run prepare-engine, on Debian as root)",
  linux: "this is not Linux, whose /proc tells which processes there are",
  script: 'there is no "script" of util-linux, which opens a terminal (Debian: apt-get install bsdutils)',
  nginx: "there is no nginx on this machine (Debian: apt-get install nginx-light)",
  openssl: "there is no openssl on this machine (Debian: apt-get install openssl)",
  browser: "there is no Chromium on this machine (npm run prepare-browser, on Debian as root)",
  otherUser: "root may read every file (run the tests as another user)",
  application: "the packages of a real application are not installed on this machine (its scenarios run in containers)",
  http3: "there is no aioquic on this machine (its scenarios run in containers)",
  serverOf: (name: string) => `there is no ${name} on this machine (its scenarios run in containers)`,
  nodeOf: (major: string) => `there is no Node ${major} in out/node or on the PATH (npm run prepare-nodes)`,
} as const;

/** Options of a test or a suite, which is skipped where what it needs is not here. */
export const needs = (isHere: boolean, lack: string) => (isHere ? {} : { skip: true, meta: { skipped: lack } });

export const needsNginx = needs((await findBinary("nginx")) !== null, lacks.nginx);

export const needsOpenssl = needs((await findBinary("openssl")) !== null, lacks.openssl);

export const chromium = await findBinary("chromium");
export const needsBrowser = needs(chromium !== null, lacks.browser);

/** A Node that Hopwise itself cannot use. */
export const oldNode = (await findNodeOf(20)) ?? (await findNodeOf(22));
export const needsOldNode = needs(oldNode !== null, lacks.nodeOf("20 or 22"));
