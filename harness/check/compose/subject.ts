// What a compose file says about its proxy: which image, which of the user's files stand where, who its neighbours are. Pure data.
import type { ConfigFile, Overlay, Place } from "../configuration.ts";

/** Where a packaging of nginx keeps its configuration, and what its own nginx.conf includes. */
export type Layout =
  /** The image `nginx` and those made after it: conf.d/*.conf, with a default.conf there. */
  | "official"
  /** Debian's and Ubuntu's package: conf.d/*.conf and sites-enabled/*, with a site called default there. */
  | "debian"
  /** Alpine's package: http.d/*.conf. */
  | "alpine"
  /** Its own nginx.conf under /usr/local/openresty; it includes /etc/nginx/conf.d/*.conf. */
  | "openresty"
  /** Its own nginx.conf under /opt/bitnami; it includes server_blocks/*.conf beside it. */
  | "bitnami";

/** One file of the user's in the container. */
export interface ComposeFile extends ConfigFile {
  /** The line that puts it there. */
  place: Place;
  /** Where the text begins if it stands inside another file (`configs` with content, a heredoc): such a file has no path of its own. */
  inline: Place | null;
}

/** A template that is filled in from the environment before nginx starts. */
export interface Template {
  /** Both are paths in the container. */
  from: string;
  to: string;
  /** The names that are filled in; `all`: every `$name`, those that are set nowhere become empty. */
  variables: string[] | "all";
  place: Place;
}

/** A name by which the proxy reaches somebody. */
export interface Neighbour {
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
  place: Place;
  /** As asked for, e.g. `nginx:1.25-alpine`, or the Dockerfile's FROM; null: nginx is installed into some other image. */
  image: string | null;
  imagePlace: Place | null;
  layout: Layout;
  /** The file that nginx is started with, in the container; the image's own where `files` has none for it. */
  mainTarget: string;
  files: ComposeFile[];
  /** What the image brings and this deployment takes away (`RUN rm`) or hides under a mount: a path and all beneath it, or a pattern with `*`. */
  gone: { target: string; place: Place }[];
  /** Folders that are there and empty as far as is known. */
  folders: { target: string; place: Place }[];
  templates: Template[];
  environment: Record<string, string>;
  links: Neighbour[];
  ports: PublishedPort[];
  /** Services that the proxy's files or environment name as where to forward to. */
  appServices: string[];
  overlays: Overlay[];
  notDone: NotDone[];
  /** Every file that was read to know this, as the user would name it; those in `files` are not repeated. */
  read: string[];
}
