// A policy in a link: what is behind the # is never sent to a server.

const stream = async (bytes: BodyInit, through: CompressionStream | DecompressionStream): Promise<Uint8Array<ArrayBuffer>> => {
  const body = new Response(bytes).body;
  if (body === null) return new Uint8Array();
  return new Uint8Array(await new Response(body.pipeThrough(through as ReadableWritablePair<Uint8Array, Uint8Array<ArrayBuffer>>)).arrayBuffer());
};

export async function pack(text: string): Promise<string> {
  const bytes = await stream(text, new CompressionStream("deflate-raw"));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

export async function unpack(packed: string): Promise<string> {
  const text = atob(packed.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0));
  return new TextDecoder().decode(await stream(bytes, new DecompressionStream("deflate-raw")));
}
