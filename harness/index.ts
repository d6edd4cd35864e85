// The library.
export { defineMiddleware, defineOrigin, defineScenario, defineServer } from "./define.ts";
export type {
  BinaryServer,
  Characterization,
  ConnectMiddleware,
  Does,
  HopPlan,
  MiddlewareDefinition,
  Must,
  NodeServer,
  OriginDefinition,
  Place,
  Render,
  RequestPlan,
  Requirement,
  ResponsePlan,
  Scenario,
  ServerDefinition,
  Trial,
  Variant,
} from "./define.ts";
export { runScenario } from "./library.ts";
export type { RunScenarioOptions } from "./library.ts";
export type { Headline, Outcome } from "./model/outcome.ts";
export type { Facet, FacetName } from "./model/verdict.ts";
export type { CaseReport, ConnectionReport, Report, ScenarioReport } from "./report/report.ts";
export { AuthorError, EnvironmentError } from "./errors.ts";
