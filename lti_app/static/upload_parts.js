// One file on its way to the server, part by part (`lti_app/views/admin/upload_parts.py`).
//
// Where it stands is the server's knowledge: after a lost answer, a lost network, a reload or a new
// start of the server the next request begins where the server says. A part is a short request
// that can be repeated; of what was received, nothing is sent twice.

/** @typedef {{ url: string, size: number, received: number, part_bytes: number,
 *    parts: { start: number, size: number, sha256: string }[] }} State */

/** What cannot be mended by trying again. */
export class Refused extends Error {}

const LONGEST_PAUSE = 30_000;

export class PartUpload {
  /**
   * @param {File} file
   * @param {{ url: string, token: string, packageId: string }} target
   * @param {{ progress: (received: number, size: number) => void, waiting: () => void }} tell
   */
  constructor(file, target, tell) {
    this.file = file;
    this.target = target;
    this.tell = tell;
    this.paused = false;
    this.discarded = false;
    /** @type {() => void} */
    this.wake = () => {};
    /** @type {State | undefined} */
    this.state = undefined;
  }

  /** Send what is missing; answers the address of the import's page. */
  async run() {
    let state = await this.begin();
    for (;;) {
      this.state = state;
      await this.whilePaused();
      if (this.discarded) throw new Refused("");
      this.tell.progress(state.received, state.size);
      if (state.received >= state.size) break;
      state = await this.sendPart(state);
    }
    const done = await this.ask("POST", `${state.url}/finish`);
    return /** @type {string} */ (done.location);
  }

  pause() {
    this.paused = true;
  }

  resume() {
    this.paused = false;
    this.wake();
  }

  /** Forget what has arrived. */
  async discard() {
    this.discarded = true;
    this.resume();
    if (this.state) await this.ask("DELETE", this.state.url);
  }

  async whilePaused() {
    while (this.paused) await new Promise((resolve) => (this.wake = () => resolve(undefined)));
  }

  /** The upload of this file: a new one, or an unfinished one whose parts are this file's. */
  async begin() {
    const { name, size, lastModified } = this.file;
    const body = JSON.stringify({ name, size, modified: lastModified, package: this.target.packageId });
    const state = await this.ask("POST", this.target.url, body, { "Content-Type": "application/json" });
    for (const part of state.parts) {
      const digest = await hash(this.file.slice(part.start, part.start + part.size));
      if (digest && digest !== part.sha256) {
        await this.ask("DELETE", state.url); // another file of the same name, size and time
        return this.ask("POST", this.target.url, body, { "Content-Type": "application/json" });
      }
    }
    return /** @type {State} */ (state);
  }

  /** @param {State} state */
  async sendPart(state) {
    const part = this.file.slice(state.received, state.received + state.part_bytes);
    const digest = await hash(part);
    const headers = { "Content-Type": "application/octet-stream", ...(digest && { "X-Part-SHA256": digest }) };
    return this.ask("PUT", `${state.url}/parts/${state.received}`, part, headers);
  }

  /**
   * The JSON of the answer; waits while there is no network or no server.
   * @param {string} method
   * @param {string} url
   * @param {BodyInit} [body]
   * @param {Record<string, string>} [headers]
   */
  async ask(method, url, body, headers = {}) {
    for (let tries = 0; ; tries += 1) {
      /** @type {Response | undefined} */
      let answer;
      try {
        answer = await fetch(url, {
          method,
          body,
          headers: { Accept: "application/json", "X-CSRFToken": this.target.token, ...headers },
        });
      } catch {
        // no network, or the server is being started: wait
      }
      if (answer?.status === 204) return {};
      if (answer && answer.status < 500 && answer.status !== 429) {
        const data = await answer.json().catch(() => ({}));
        if (answer.ok) return data;
        if (answer.status === 409 && data.upload) return data.upload; // go on from where it is
        throw new Refused(data.error?.message ?? "");
      }
      if (this.discarded && method !== "DELETE") throw new Refused("");
      this.tell.waiting();
      await pauseFor(Math.min(1000 * 2 ** tries, LONGEST_PAUSE));
    }
  }
}

/** @param {number} milliseconds until then, or until the network is back */
function pauseFor(milliseconds) {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    addEventListener("online", done);
    function done() {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve(undefined);
    }
  });
}

/**
 * SHA-256 in hexadecimal; empty where the page's address gives no access to it (plain http).
 * @param {Blob} part
 */
async function hash(part) {
  if (!globalThis.crypto?.subtle) return "";
  const digest = await crypto.subtle.digest("SHA-256", await part.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
