// What a server's images and packages look like, as the reader of deployments needs it: what starts the server, and where its configuration is.
import type { Command } from "./shell.ts";

/** One way in which a server is packaged, by a name of the server's own, e.g. `debian`. */
export type Layout = string;

/** Where a packaging keeps the configuration. */
export interface Places {
  /** The file that the server is started with. */
  main: string;
  /** What the packaging's own main file includes: paths or patterns. */
  sites: readonly string[];
}

/** A template that is filled in from the environment before the server starts. Both ends are paths in the container. */
export interface Filling {
  from: string;
  to: string;
  /** The names that are filled in; `all`: every `$name`, those that are set nowhere become empty. */
  variables: string[] | "all";
}

/** What the command line of the server says. */
export interface StartArguments {
  /** The main file; null: the packaging's own. */
  main: string | null;
  /** Settings that do not stand in a file, without those that only keep the server in the foreground. */
  globals: string | null;
}

/** What is known of a container once its files are in place. */
export interface Container {
  files: readonly { target: string }[];
  /** What the deployment takes away: a path and all beneath it, or a pattern with `*`. */
  gone: readonly { target: string }[];
  has: (target: string) => boolean;
}

/** A configuration that only exists while its container runs. */
export interface MadeAtRunTime {
  /** What makes it, e.g. `nginx-proxy`. */
  title: string;
  /** How it comes about, as a clause of its own. */
  how: string;
  /** What prints it, in the container. */
  command: string;
  /** A name for a file with that. */
  dump: string;
  /** It writes for another container, and is no server itself. */
  isWriter?: true;
}

export interface Packaging {
  /** The server's name in sentences, e.g. `nginx`. */
  title: string;
  layouts: Readonly<Record<Layout, Places>>;
  isImage: (image: string) => boolean;
  layoutOf: (image: string) => Layout;
  /** What really runs in an image, e.g. `nginx/1.25.3`; null where the tag does not say it. */
  versionOf: (image: string) => string | null;
  /** By what the container has. `image` is null where the server is installed into another image. */
  layoutIn: (container: Container, image: string | null, layout: Layout) => Layout;
  /** Whether the server may read this file as configuration: then it must not be missing. */
  isConfiguration: (target: string) => boolean;
  /** Whether a line of a Dockerfile installs the server, or puts a configuration where it reads it. */
  isAddedBy: (instruction: { name: string; rest: string }) => boolean;
  /** Which packaging a command installs, if it does. */
  installedBy: (command: Command) => Layout | null;
  /** A command that only keeps the server in the foreground, where a check keeps it anyway. */
  keepsInForeground: (command: Command) => boolean;
  /** Whether a word of a command line is the server's program. */
  isProgram: (word: string | undefined) => boolean;
  /** Whether a command line may start the server: it does not only test a configuration or signal a server that runs. */
  isStart: (words: readonly string[]) => boolean;
  /** Whether a run of the program changes nothing: it prints or tests something. */
  changesNothing: (words: readonly string[]) => boolean;
  readArguments: (words: readonly string[]) => StartArguments;
  /** What its image starts by itself. */
  entryPoint: readonly string[];
  command: readonly string[];
  isEntryPoint: (word: string | undefined) => boolean;
  /** Templates that the image's entry point fills in before the server starts. */
  filledByEntryPoint: (files: readonly { target: string }[], environment: ReadonlyMap<string, string>) => Filling[];
  /** Whether the image's entry point runs this file before the server starts. */
  isRunByEntryPoint: (target: string) => boolean;
  /** Scripts of its image's entry point, for a build that has none. */
  entryPointFiles?: readonly { target: string; body: string }[];
  /** Where its program may be in an image. */
  programs: readonly string[];
  /** Where its configuration may be. */
  folders: readonly string[];
  /** Of an image whose configuration only exists while it runs. */
  madeAtRunTime?: (image: string) => MadeAtRunTime | null;
  /** The image's own site, where it would answer in place of the user's; `targets`: the files that there are. */
  ownSiteFirst: (layout: Layout, main: string, targets: readonly string[], isGone: (target: string) => boolean) => string | null;
}
