// What the evaluation of a Dockerfile works on, line by line.
import type { ContainerFiles } from "./container-files.ts";
import type { Folder } from "./folder.ts";
import type { Stub } from "../check/configuration.ts";
import type { Packaging } from "./packaging.ts";
import type { NotDone } from "./subject.ts";
import type { Taker } from "./taking.ts";

/** Everything that the evaluation may change or report. */
export interface BuildState {
  folder: Folder;
  container: ContainerFiles;
  taker: Taker;
  notDone: NotDone[];
  stubs: Stub[];
  packaging: Packaging;
}

/** What the lines before have set. */
export interface Going {
  workdir: string;
  environment: Map<string, string>;
  lookup: (name: string) => string | undefined;
  shell: string[];
}
