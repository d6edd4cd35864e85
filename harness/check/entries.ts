// The files of a container that runs a configuration: the user's own, and the stubs for those that are missing.
import type { ContainerRuntime } from "../runtime/container.ts";
import { EnvironmentError } from "../errors.ts";
import type { TarEntry } from "../runtime/tar.ts";
import type { StubEntry } from "./configuration.ts";
import { revocationList } from "./revocations.ts";
import type { CheckedConfig } from "./server.ts";
import { usualHost } from "../model/usual-host.ts";

/** What the container gets: folders, then stubs, then the user's own files, unmodified. */
export const entriesOf = async (config: CheckedConfig, certificate: (names: string[]) => Promise<string>): Promise<TarEntry[]> => {
  const made = await Promise.all(config.deployment.entries.map((entry) => madeOf(entry, certificate)));
  return [
    ...made.flat().toSorted((a, b) => Number(b.kind === "folder") - Number(a.kind === "folder")),
    ...config.deployment.files.map((file): TarEntry => ({ name: file.target, kind: "file", body: config.contentOf(file) })),
  ];
};

const madeOf = async (entry: StubEntry, certificate: (names: string[]) => Promise<string>): Promise<TarEntry[]> => {
  if (entry.kind === "folder") return [{ name: entry.target, kind: "folder", mode: entry.mode ?? 0o777 }];
  if (entry.kind === "file") return [{ name: entry.target, kind: "file", body: entry.body, mode: entry.mode ?? 0o644 }];
  const pem = await certificate(entry.names);
  if (entry.kind === "revocations") return [{ name: entry.target, kind: "file", body: revocationList(pem, Date.now()), mode: 0o644 }];
  return [...new Set([entry.certificateTarget, entry.keyTarget])].map((name): TarEntry => ({ name, kind: "file", body: pem, mode: 0o644 }));
};

/** Key and certificate in one PEM file, which servers accept for either. */
export const makeCertificate = async (runtime: ContainerRuntime, names: string[]): Promise<string> => {
  const subjects = names.length === 0 ? [usualHost] : names;
  const name = `/CN=${(subjects[0] ?? "").slice(0, 60)}`;
  const others = `subjectAltName=${subjects.map((one) => `DNS:${one}`).join(",")}`;
  const text = await runtime.openssl(
    ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30"].concat(
      ["-subj", name, "-addext", others],
      ["-keyout", "-", "-out", "-"],
    ),
  );
  const blocks = text.match(/-----BEGIN [A-Z ]+-----[^-]+-----END [A-Z ]+-----/g) ?? [];
  if (blocks.length !== 2)
    throw new EnvironmentError(`No certificate could be made for ${subjects.join(", ")}: ${text.split("\n").slice(-2).join(" | ")}`);
  return `${blocks.join("\n")}\n`;
};
