// What was given, whatever it is: an nginx configuration, or a deployment that has one in it.
import { readCompose } from "./compose/read.ts";
import type { ComposeSubject, Layout } from "./compose/subject.ts";
import type { Configuration, Dialect, LeftOut } from "./configuration.ts";
import { nginxDialect } from "./nginx/index.ts";
import { readDeployed, readNginx } from "./nginx/read.ts";
import type { DeployedFiles } from "./nginx/read.ts";

export interface SubjectOptions {
  cwd: string;
  env: Record<string, string>;
  host?: string;
  path?: string;
  service?: string;
}

export interface Subject {
  /** Id of the catalogue's server that runs it. */
  server: string;
  configuration: Configuration;
  dialect: Dialect;
  /** Behind the program's name. */
  args: string[];
  /** The image that the deployment names; null if it names none. */
  image: string | null;
}

/** Throws AuthorErrors only. */
export const readSubject = async (given: string, options: SubjectOptions): Promise<Subject> =>
  /\.ya?ml$/i.test(given) ? readDeployment(given, options) : readConfiguration(given, options);

const readConfiguration = async (given: string, options: SubjectOptions): Promise<Subject> => {
  const configuration = await readNginx(given, options);
  return { server: "nginx", configuration, dialect: nginxDialect as Dialect, args: configuration.args, image: null };
};

const readDeployment = async (given: string, options: SubjectOptions): Promise<Subject> => {
  const compose = await readCompose(given, options);
  const env = { ...compose.environment, ...options.env };
  const configuration = await readDeployed(given, deployedFiles(given, compose), { ...options, env });
  const notDone = compose.notDone.map(({ what, why, place }): LeftOut => ({ what, why, place }));
  return {
    server: "nginx",
    configuration: {
      ...configuration,
      overlays: [...compose.overlays, ...configuration.overlays],
      leftOut: [...notDone, ...configuration.leftOut],
    },
    dialect: nginxDialect as Dialect,
    args: configuration.args,
    image: compose.image,
  };
};

/** What each packaging's own nginx.conf includes. */
const sites: Record<Layout, string[]> = {
  official: ["/etc/nginx/conf.d/*.conf"],
  debian: ["/etc/nginx/conf.d/*.conf", "/etc/nginx/sites-enabled/*"],
  alpine: ["/etc/nginx/http.d/*.conf"],
  openresty: ["/etc/nginx/conf.d/*.conf"],
  bitnami: ["/opt/bitnami/nginx/conf/server_blocks/*.conf"],
};

const deployedFiles = (given: string, { files, templates, mainTarget, layout }: ComposeSubject): DeployedFiles => {
  const filledIn = templates.flatMap(({ from, to }) =>
    files.filter(({ target }) => target === from).map((file) => ({ ...file, target: to, template: true })),
  );
  return {
    files: [...files.filter(({ target }) => !filledIn.some((other) => other.target === target)), ...filledIn],
    main: mainTarget,
    sites: sites[layout],
    folder: given.includes("/") ? given.slice(0, given.lastIndexOf("/")) : ".",
  };
};
