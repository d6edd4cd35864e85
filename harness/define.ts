// What authors write: servers, middlewares, origins, scenarios, platforms. Each is one file that default-exports one object; the file's name is its id.
import type { OriginDefinition } from "./define/origin.ts";
import type { PlatformDefinition } from "./define/platform.ts";
import type { Scenario } from "./define/scenario.ts";
import type { MiddlewareDefinition, ServerDefinition } from "./define/server.ts";

export type { DocumentedLimit, LimitKind } from "./define/limit.ts";
export type { ApplicationOrigin, ApplicationVariant, OriginDefinition } from "./define/origin.ts";
export type { PlatformDefinition } from "./define/platform.ts";
export type { Axis, RequestPlan, ResponsePlan } from "./define/request.ts";
export type { Characterization, Does, HopPlan, Must, Requirement, Scenario } from "./define/scenario.ts";
export type {
  BinaryServer,
  ConnectMiddleware,
  Listener,
  MiddlewareDefinition,
  NodeServer,
  Options,
  Place,
  ReloadSignal,
  Render,
  ServerDefinition,
  Variant,
} from "./define/server.ts";
export type { Trial, TrialKind } from "./trials/index.ts";

export const defineServer = (server: ServerDefinition): ServerDefinition => server;
export const defineMiddleware = (middleware: MiddlewareDefinition): MiddlewareDefinition => middleware;
export const defineOrigin = (origin: OriginDefinition): OriginDefinition => origin;
export const defineScenario = (scenario: Scenario): Scenario => scenario;
export const definePlatform = (platform: PlatformDefinition): PlatformDefinition => platform;
