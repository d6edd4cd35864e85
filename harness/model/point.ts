// A request and a response with one value on every axis. Pure.
import type { Axis, RequestPlan, ResponsePlan } from "../define/request.ts";

/** A plan with one value on every axis. */
type Settled<T> = {
  [K in keyof T]: K extends "headers" | "how" | "cacheControl" ? T[K] : T[K] extends Axis<infer V> | undefined ? V : T[K];
};

export type RequestPoint = Settled<Required<RequestPlan>>;

/** What a case needs of its point. */
export interface CasePoint {
  request: { [K in keyof RequestPoint]?: RequestPoint[K] };
  response: Omit<ResponsePlan, "format" | "contentType"> & {
    format?: Exclude<ResponsePlan["format"], unknown[] | undefined>;
    contentType?: string;
  };
}
