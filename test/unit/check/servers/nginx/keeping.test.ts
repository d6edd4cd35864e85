// Where a configuration keeps what is ahead of a slow client, and what a report says of it.
import { describe, expect, it } from "vitest";
import { keepingOf } from "../../../../../harness/check/servers/nginx/keeping.ts";
import { slowClientsOf } from "../../../../../harness/check/slow-clients.ts";
import type { ObservedCheck } from "../../../../../harness/check/observed.ts";
import { checksOf } from "../../../../../harness/check/checks.ts";
import { factsOf } from "../../../../../harness/report/check-facts.ts";
import type { CheckRoute } from "../../../../../harness/report/check-report.ts";
import { straight, traceOf } from "../../../model/judge/traces.ts";
import { nginxConf, parsed, routeOf } from "./_parsed.ts";
import type { Levels } from "./_parsed.ts";

const keepingWith = (levels: Levels) => {
  const configuration = parsed(nginxConf(levels));
  return keepingOf(configuration, routeOf(configuration));
};

describe("what decides", () => {
  it.each<[levels: Levels, directive: string, says: string, isKeptAfterwards?: true]>([
    [{}, "proxy_max_temp_file_size is not set", "up to 1024m of a response go to temporary files"],
    [{ http: ["proxy_max_temp_file_size 16m;"] }, "proxy_max_temp_file_size 16m", "up to 16m of a response go to temporary files"],
    [{ location: ["proxy_max_temp_file_size 0;"] }, "proxy_max_temp_file_size 0", "only memory is used"],
    [{ location: ["proxy_buffering off;"] }, "proxy_buffering off", "the application waits for its client"],
    // https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_max_temp_file_size
    [
      { server: ["proxy_max_temp_file_size 0;"], location: ["proxy_cache things;"] },
      "proxy_cache things",
      "a response that is cached goes to the cache's file, which proxy_max_temp_file_size does not limit",
      true,
    ],
    [
      { location: ["proxy_store on;"] },
      "proxy_store on",
      "the response goes to the file that is saved of it, which proxy_max_temp_file_size does not limit",
      true,
    ],
    [
      { http: ["proxy_cache things;"], location: ["proxy_cache off;", "proxy_max_temp_file_size 0;"] },
      "proxy_max_temp_file_size 0",
      "only memory is used",
    ],
    // What is not buffered is neither cached nor stored.
    [{ location: ["proxy_cache things;", "proxy_buffering off;"] }, "proxy_buffering off", "the application waits for its client"],
  ])("%j", (levels, directive, says, isKeptAfterwards) => {
    const { place: _, ...keeping } = keepingWith(levels) ?? { place: null };
    expect(keeping).toEqual({ directive, says, ...(isKeptAfterwards ? { isKeptAfterwards } : {}) });
  });
});

/** What Linux says of temporary files, in mebibytes, and 1 MiB more memory. */
const observedWith = (temporary: number): ObservedCheck[] => {
  const [check] = checksOf("download").filter(({ id }) => id === "slow-client");
  const trace = traceOf({ kind: "client-stalling" }, { nginx: straight });
  const cases = trace.cases.map((one) => ({
    ...one,
    clients: [{ startedAt: 0, recordsAt: [1, 21, 41], readOnAt: 4000, ended: null }],
    samples: [{ hop: "nginx", at: [0, 1], residentKb: [4096, 5120], temporaryKb: [0, temporary * 1024], problems: [] }],
  }));
  return [{ check, result: { trace: { ...trace, cases } } }] as unknown as ObservedCheck[];
};

describe("a report has", () => {
  const reported = (levels: Levels): CheckRoute => {
    const route = slowClientsOf(observedWith(0), keepingWith(levels));
    return { limits: [], noLimits: [], ...route } as unknown as CheckRoute;
  };

  it("a figure for temporary files", () => {
    const route = reported({ location: ["proxy_max_temp_file_size 0;"] });
    expect(route.slowClients?.[0]).toMatchObject({ temporaryBytes: 0, memoryBytes: 1024 * 1024 });
    expect(factsOf(route).join("\n")).toContain("0.0 MiB were in temporary files, 1.0 MiB in the server's memory");
  });

  it.each([{ location: ["proxy_cache things;"] }, { location: ["proxy_store on;"] }])("none with %j", (levels) => {
    const route = reported(levels);
    expect(route.slowClients?.[0]).toMatchObject({ temporaryBytes: null, memoryBytes: 1024 * 1024 });
    expect(factsOf(route).join("\n")).toMatch(
      /1\.0 MiB were in the server's memory, [\d.]+ MiB in files and sockets \(which of them is not known\)/,
    );
    expect(factsOf(route).join("\n")).not.toContain("temporary files");
  });
});
