// The files that ConfigMaps hold, where the container has them: as a workload of the same file mounts them, or as its images expect them.
import { posix } from "node:path";
import type { ConfigFile } from "./configuration.ts";
import { isRecord, listAt, recordAt, textOf } from "./kubernetes.ts";
import type { KubernetesObject } from "./kubernetes.ts";

export interface HeldFile {
  /** `front.yaml#nginx.conf`. */
  path: string;
  key: string;
  text: string;
  configMap: string;
}

export const filesHeld = (objects: readonly KubernetesObject[], given: string): HeldFile[] =>
  objects
    .filter(({ kind }) => kind === "ConfigMap")
    .flatMap(({ name, value }) =>
      Object.entries(recordAt(value, "data")).flatMap(([key, content]) => {
        const text = textOf(content);
        return text === null ? [] : [{ path: `${given}#${key}`, key, text, configMap: name }];
      }),
    );

interface Mounted {
  configMap: string;
  key: string;
  target: string;
}

/** By the pods and their templates that stand beside. */
const mountsIn = (objects: readonly KubernetesObject[], held: readonly HeldFile[]): Mounted[] =>
  objects.flatMap(({ value }) => {
    const spec = isRecord(recordAt(value, "spec", "template")["spec"])
      ? recordAt(value, "spec", "template", "spec")
      : recordAt(value, "spec");
    const volumes = listAt(spec, "volumes").flatMap((volume) => {
      const configMap = textOf(recordAt(volume, "configMap")["name"]);
      const name = isRecord(volume) ? textOf(volume["name"]) : null;
      return configMap === null || name === null ? [] : [{ name, configMap, items: listAt(volume, "configMap", "items") }];
    });
    return listAt(spec, "containers")
      .flatMap((container) => listAt(container, "volumeMounts"))
      .flatMap((mount): Mounted[] => {
        const { name, mountPath, subPath } = isRecord(mount) ? mount : {};
        const volume = volumes.find((one) => one.name === name);
        const at = textOf(mountPath);
        if (!volume || at === null) return [];
        const sub = textOf(subPath);
        return held
          .filter(({ configMap }) => configMap === volume.configMap)
          .flatMap(({ key }): Mounted[] => {
            const way = wayOf(key, volume.items);
            if (way === null || (sub !== null && sub !== way)) return [];
            return [{ configMap: volume.configMap, key, target: posix.resolve("/", sub === null ? posix.join(at, way) : at) }];
          });
      });
  });

/** Where a key lies in its volume; null: it is not in it. */
const wayOf = (key: string, items: readonly unknown[]): string | null => {
  if (items.length === 0) return key;
  const item = items.find((one) => isRecord(one) && one["key"] === key);
  return isRecord(item) ? textOf(item["path"]) : null;
};

/** `usual`: where a file belongs that nothing mounts. */
export const placed = (
  objects: readonly KubernetesObject[],
  held: readonly HeldFile[],
  usual: (file: HeldFile) => string,
): ConfigFile[] => {
  const mounts = mountsIn(objects, held);
  return held.flatMap((file) => {
    const { path, key, text, configMap } = file;
    const bytes = new TextEncoder().encode(text);
    const own = mounts.filter((mount) => mount.key === key && mount.configMap === configMap).map(({ target }) => target);
    return (own.length > 0 ? own : [usual(file)]).map((target) => ({ path, target, text, bytes, isCopy: true as const }));
  });
};
