// What is asked of a hop, as an operator would ask with `hopwise origin` behind it.

export interface Stimulus {
  name: string;
  path: string;
  /** Enough for the schedule, and for a hang to show. */
  forMs: number;
  /** Also asks again, and leaves. */
  isWhole?: true;
  /** Only the origin can be asked for it; an outsider would take it for a fault of the path. Its cut is to be visible. */
  isOriginsOwn?: true;
}

export const stimuli: readonly Stimulus[] = [
  { name: "events", path: "/events?every=500&count=9", forMs: 7000, isWhole: true },
  { name: "large events", path: "/events?every=400&count=8&bytes=6000", forMs: 7000 },
  { name: "silence", path: "/events?every=300&count=4&pause=2500", forMs: 7000 },
  { name: "first byte", path: "/events?wait=2500&every=200&count=3", forMs: 6500 },
  { name: "abort", path: "/events?every=200&count=4&end=reset", forMs: 4000, isOriginsOwn: true },
];
