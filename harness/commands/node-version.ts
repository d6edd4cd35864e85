// The Node that Hopwise needs. Imports nothing: this is asked before anything else is loaded.
export const neededNode = 24;

/** Null if it is new enough. */
export const oldNode = (version: string): { says: string; remedy: string } | null =>
  Number(version.split(".")[0]) >= neededNode
    ? null
    : {
        says: `Node ${version} is too old: before ${neededNode} it reports a stream that was reset as one that ended, so that nothing could be judged`,
        remedy: `run Hopwise with Node ${neededNode} or newer, e.g. npx --package=node@${neededNode} --package=hopwise hopwise`,
      };
