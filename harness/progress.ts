// What goes on while a command runs, for whoever shows it: which trials start or run, and which images are made that they wait for.

export type Progress =
  /** What the command as a whole does now, in a sentence. */
  | { doing: "step"; text: string }
  /** `from`: of what it is made. */
  | { doing: "building-image"; image: string; from: string }
  | { doing: "pulling-image"; image: string }
  /** It is there, or could not be made. */
  | { doing: "image-done"; image: string }
  /** `hop`: null where no hop needs it, but the lab. */
  | { doing: "waiting-for-image"; image: string; hop: string | null }
  | { doing: "starting"; trial: string; hops: readonly string[] }
  /** All of its hops run; trials begin together. */
  | { doing: "ready"; trial: string }
  /** `attempt`: counted from 1. */
  | { doing: "running"; trial: string; attempt: number }
  | { doing: "finished"; trial: string };

export type OnProgress = (progress: Progress) => void;

export const step = (text: string): Progress => ({ doing: "step", text });

/** An image is made for whoever needs it first; others wait for it, too. */
export const forHop =
  (onProgress: OnProgress, hop: string): OnProgress =>
  (progress) =>
    onProgress(progress.doing === "waiting-for-image" ? { ...progress, hop } : progress);

/** As lines: each step, and each image that is made. */
export const inWords =
  (say: (text: string) => void): OnProgress =>
  (progress) => {
    const words = wordsOf(progress);
    if (words !== null) say(words);
  };

/** Null: one of many at the same time. */
const wordsOf = (progress: Progress): string | null => {
  switch (progress.doing) {
    case "step":
      return progress.text;
    case "building-image":
      return `building image ${progress.image} ${progress.from}`;
    case "pulling-image":
      return `pulling image ${progress.image}`;
    default:
      return null;
  }
};
