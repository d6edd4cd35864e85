// The report of `hopwise check` where nothing can run: routes, what they are for, and what the directives in effect there may do.
import { availableParallelism, platform } from "node:os";
import { now } from "../lab/clock.ts";
import type { PredictedReport, PredictedRoute } from "../report/predicted-report.ts";
import { urlOf } from "./route-reports.ts";
import type { Check } from "./checks.ts";
import { uses } from "./configuration.ts";
import type { Place, Route } from "./configuration.ts";
import type { CheckableServer, CheckedConfig } from "./server.ts";
import { checksFor, predict } from "./predict.ts";

export interface PredictedOptions {
  server: CheckableServer;
  config: CheckedConfig;
  checks: readonly Check[];
  /** The image that would run; null: none is named. */
  image: string | null;
  /** As the user gave it. */
  given: string;
  purpose: string;
  version: string;
  engineAt: string | null;
  notDone: string[];
}

export const predictedReport = (options: PredictedOptions): PredictedReport => {
  const { checks, given, purpose, version } = options;
  const startedAt = new Date();
  const began = now();
  const server = options.image === null ? null : options.server.packaging.versionOf(options.image);
  const config = server === null ? options.config : options.config.with({ version: server });
  const predicted = predict(config, checks);
  const { files, stubs, notChecked } = config.deployment;
  return {
    schema: "hopwise.check/1",
    tool: { name: "hopwise", version },
    machine: { platform: platform(), cores: availableParallelism(), node: process.version, labNode: null },
    given,
    files: files.flatMap(({ path, text }) => (text === null ? [] : [path])),
    purpose,
    server: null,
    control: null,
    notRun: { reason: "no-container-engine", at: options.engineAt, notDone: options.notDone },
    startedAt: startedAt.toISOString(),
    tookMs: Math.round(now() - began),
    interrupted: false,
    stubs: stubs.map(({ what, why, place }) => ({ what, why, at: place && lineOf(place) })),
    notChecked: notChecked.map(({ what, why, place }) => ({ what, why, at: lineOf(place) })),
    routes: config.routes.map((route) => routeOf(config, route, checks)),
    findings: [],
    predicted,
  };
};

const routeOf = (config: CheckedConfig, route: Route, checks: readonly Check[]): PredictedRoute => {
  const features = config.features(route);
  return {
    id: route.id,
    at: lineOf(route.place),
    title: route.title,
    url: urlOf(route),
    upstreams: route.upstreams,
    features: uses.filter((one) => features.has(one)),
    trials: checksFor(config, route, checks).map(({ id }) => id),
    checks: [],
    limits: [],
  };
};

const lineOf = ({ file, line, column }: Place) => ({ file, line, column });
