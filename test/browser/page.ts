// What pages do, inside the browser: each function is sent there as it stands, and uses nothing from outside.

export interface StreamAsked {
  /** The stream, from the page's own origin. */
  url: string;
  id: string;
}

/** Reads a body by fetch and acknowledges each record as soon as its bytes are there: the position of its line in the text. */
export const readByFetch = async ({ url, id }: StreamAsked): Promise<string> => {
  const response = await fetch(url, { cache: "no-store" });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = "";
  let acknowledged = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += decoder.decode(part.value, { stream: true });
    for (; new RegExp(`\\b${acknowledged}\\b`).test(text); acknowledged++) void fetch(`/ack?id=${id}&record=${acknowledged}`);
  }
  return text;
};

/** Acknowledges what an EventSource delivers, and closes it after the last record. */
export const readByEventSource = async ({ url, id, records }: StreamAsked & { records: number }): Promise<string> => {
  const source = new EventSource(url);
  let text = "";
  await new Promise<void>((resolve) => {
    source.addEventListener("message", ({ data }) => {
      text += `${data}\n`;
      void fetch(`/ack?id=${id}&record=${data}`);
      if (Number(data) === records - 1) resolve();
    });
    source.addEventListener("error", () => resolve());
  });
  source.close();
  return text;
};

/** Acknowledges each record as soon as it can be used as a value: a line of NDJSON by itself, an element of a list with the list. */
export const useValues = async ({ url, id }: StreamAsked): Promise<string> => {
  const response = await fetch(url, { cache: "no-store" });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  const valuesOf = (text: string): unknown[] => {
    try {
      return [JSON.parse(text) as unknown].flat();
    } catch {
      return [];
    }
  };
  let text = "";
  let used = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += decoder.decode(part.value, { stream: true });
    const values = text.startsWith("[") ? valuesOf(text) : text.split("\n").flatMap(valuesOf);
    for (; used < values.length; used++) void fetch(`/ack?id=${id}&record=${used}`);
  }
  return String(used);
};

/** Opens streams that stay open, by EventSource, and says nothing of whether they opened: the origin knows. */
export const openSources = (urls: readonly string[]): void => {
  Object.assign(globalThis, { sources: urls.map((url) => new EventSource(url)) });
};

/** Begins to read, and leaves when something has come. */
export const leaveInMidStream = async (url: string): Promise<void> => {
  const leaving = new AbortController();
  const response = await fetch(url, { signal: leaving.signal });
  await (response.body as ReadableStream<Uint8Array>).getReader().read();
  leaving.abort();
};

/** Collects the events of a source until it stops for good. */
export const collectEvents = async (url: string): Promise<string[]> => {
  const source = new EventSource(url);
  const events: string[] = [];
  source.addEventListener("message", ({ data, lastEventId }) => events.push(`${lastEventId} ${data}`));
  await new Promise<void>((resolve) => {
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED) resolve();
    });
  });
  return events;
};

export const statusOf = async (url: string): Promise<number> => (await fetch(url, { cache: "no-store" })).status;
