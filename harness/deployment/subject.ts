// What a compose file says about its proxy: which image, which of the user's files stand where, who its neighbors are. Pure data.
import type { ConfigFile, Stub, Place } from "../check/configuration.ts";
import type { Filling, Layout } from "./packaging.ts";
import type { CheckableServer } from "../check/server.ts";

/** One file of the user's in the container. */
export interface ComposeFile extends ConfigFile {
  /** The line that puts it there. */
  place: Place;
  /** Where the text begins if it stands inside another file (`configs` with content, a heredoc): such a file has no path of its own. */
  inline: Place | null;
}

/** A template that is filled in before the server starts, and the line that says so. */
export interface Template extends Filling {
  place: Place;
}

/** A name by which the proxy reaches others. */
export interface Neighbor {
  name: string;
  /** Null: not a service of this file (`extra_hosts`, `external_links`). */
  service: string | null;
  /** Ports that the service is said to listen on. */
  ports: number[];
}

export interface PublishedPort {
  /** On the host; null: any that is free. */
  published: number | null;
  /** In the container. */
  target: number;
  protocol: "tcp" | "udp";
}

/** What the deployment does and a check does not. */
export interface NotDone {
  what: string;
  why: string;
  place: Place;
}

export interface ComposeSubject {
  service: string;
  /** What it runs. */
  server: CheckableServer;
  place: Place;
  /** As asked for, e.g. `nginx:1.25-alpine`, or the Dockerfile's FROM; null: the server is installed into another image. */
  image: string | null;
  imagePlace: Place | null;
  layout: Layout;
  /** The file that the server is started with, in the container; the image's own where `files` has none for it. */
  mainTarget: string;
  files: ComposeFile[];
  /** What the image brings and this deployment takes away (`RUN rm`) or hides under a mount: a path and all beneath it, or a pattern with `*`. */
  gone: { target: string; place: Place }[];
  /** Folders that are there and empty as far as is known. */
  folders: { target: string; place: Place }[];
  templates: Template[];
  environment: Record<string, string>;
  /** Commands run before the server that are not executed: they may write what it reads. */
  isScripted: boolean;
  links: Neighbor[];
  ports: PublishedPort[];
  /** Services that the proxy's files or environment name as where to forward to. */
  appServices: string[];
  stubs: Stub[];
  notDone: NotDone[];
  /** Every file that was read to know this, as the user would name it; those in `files` are not repeated. */
  read: string[];
}
