// What playing a Dockerfile works on, line by line.
import type { ContainerFiles } from "./container-files.ts";
import type { Folder } from "./folder.ts";
import type { Overlay } from "../configuration.ts";
import type { NotDone } from "./subject.ts";
import type { Taker } from "./taking.ts";

/** Everything that playing may change or tell. */
export interface Stageplay {
  folder: Folder;
  container: ContainerFiles;
  taker: Taker;
  notDone: NotDone[];
  overlays: Overlay[];
}

/** What the lines before have set. */
export interface Going {
  workdir: string;
  environment: Map<string, string>;
  lookup: (name: string) => string | undefined;
  shell: string[];
}
