// What a request to `hopwise origin` asks for: `/events?every=1000&count=8`. Pure.

export interface Schedule {
  /** Server-Sent Events or newline-delimited JSON. */
  format: "events" | "lines";
  count: number;
  everyMs: number;
  /** Bytes of filler in each event. */
  fillerBytes: number;
  /** Before the header section. */
  waitMs: number;
  /** A silence in the middle. */
  pauseMs: number;
  /** Comments in between; 0: none. */
  heartbeatMs: number;
  end: "complete" | "reset";
}

interface Parameter {
  fallback: number;
  most: number;
  least?: number;
  says: string;
}

const longestMs = 600_000;

export const parameters = {
  every: { fallback: 1000, least: 1, most: longestMs, says: "milliseconds between events; every third gap is a tenth of it" },
  count: { fallback: 8, least: 1, most: 10_000, says: "number of events" },
  bytes: { fallback: 0, most: 65_536, says: "bytes of filler in each event" },
  wait: { fallback: 0, most: longestMs, says: "milliseconds before the header section" },
  pause: { fallback: 0, most: longestMs, says: "milliseconds of silence in the middle" },
  heartbeat: { fallback: 0, most: longestMs, says: "milliseconds between heartbeats; 0: none" },
} as const satisfies Record<string, Parameter>;

type Name = keyof typeof parameters;

/** A sentence for people if it asks for something else. */
export const scheduleOf = (target: string): Schedule | string => {
  const { pathname, searchParams } = new URL(target, "http://origin");
  if (pathname !== "/events" && pathname !== "/lines")
    return `There is no ${pathname} here: /events streams Server-Sent Events, /lines newline-delimited JSON`;
  const numbers = {} as Record<Name, number>;
  for (const [name, { fallback, most, least = 0 }] of Object.entries(parameters) as [Name, Parameter][]) {
    const text = searchParams.get(name);
    const value = text === null ? fallback : /^\d{1,7}$/.test(text) ? Number(text) : NaN;
    if (!(value >= least && value <= most)) return `${name}=${text} must be an integer from ${least} to ${most}`;
    numbers[name] = value;
  }
  const end = searchParams.get("end") ?? "complete";
  if (end !== "complete" && end !== "reset") return `end=${end} must be complete or reset`;
  return {
    format: pathname === "/events" ? "events" : "lines",
    count: numbers.count,
    everyMs: numbers.every,
    fillerBytes: numbers.bytes,
    waitMs: numbers.wait,
    pauseMs: numbers.pause,
    heartbeatMs: numbers.heartbeat,
    end,
  };
};

const shortGap = 0.1;

/** When each event is due after the header section. The gaps differ, so that a hop that waits for time or for records shows. */
export const dueTimes = ({ count, everyMs, pauseMs }: Pick<Schedule, "count" | "everyMs" | "pauseMs">): number[] => {
  const middle = count >> 1;
  let at = 0;
  return Array.from({ length: count }, (_, index) => {
    at += everyMs * (index % 3 === 2 ? shortGap : 1) + (pauseMs > 0 && index === middle ? pauseMs : 0);
    return Math.round(at);
  });
};
