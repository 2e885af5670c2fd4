// @ts-check
/**
 * The player page: opens the attempt, then hands over to `Player`. With a query ("?contents", or
 * any other) it opens at the contents and starts nothing.
 */

/** @import { LeftJournal } from "../bridge/journal.js" */
/** @import { Disk } from "../bridge/disk.js" */
import { openDisk } from "../bridge/disk.js";
import { askToYield } from "../bridge/fence.js";
import { findLeft, openStore, removeKeys } from "../bridge/journal.js";
import { deliverLarge } from "./leftovers.js";
import { setUpMissing } from "./missing.js";
import { Player } from "./player.js";
import * as screen from "./screen.js";
import { showStopped } from "./stopping.js";

const { texts, byId } = screen;
const TABLES = /** @type {Record<string, string>} */ ({ scorm_1_2: "elements_1_2", scorm_2004: "elements_2004" });

/** The address and what the page was given; one per window. */
export class Page {
  constructor() {
    this.attempt = document.body.dataset.attempt ?? "";
    this.exitUrl = document.body.dataset.exit ?? "";
    /** Everything is asked below this address; a renewed token changes it. */
    this.base = new URL("./", location.href);
    this.store = openStore();
    /** @type {Disk | null} */
    this.disk = null;
    /** The writer that this window takes over from. */
    this.writer = Number(document.body.dataset.writer);
  }

  /**
   * What earlier windows have not had acknowledged; one that is alive stops writing.
   * @param {boolean} isWriting
   */
  async findLeft(isWriting) {
    const yielded = isWriting ? await askToYield(this.store, this.attempt) : [];
    const onDisk = (await this.disk?.findLeft()) ?? [];
    return findLeft(this.store, this.attempt, [...yielded, ...onDisk]);
  }

  /** It was delivered. @param {{journals: LeftJournal[], keys: string[]}} left */
  forget({ journals, keys }) {
    removeKeys(this.store, keys);
    for (const { writer } of journals) this.disk?.forget(writer, Infinity);
  }

  /**
   * Become the writer; null when an overlay says why that cannot be.
   * @param {LeftJournal[]} journals left by earlier windows
   * @param {string} [item] to begin with, where nothing is recorded
   * @returns {Promise<any>}
   */
  async open(journals, item) {
    const body = { journal: journals, start: !location.search, item, after: this.writer };
    const response = await this.post("open", body);
    if (response.ok) return response.json();
    if (response.status === 409) {
      const { error } = await response.json();
      if (error.details.writer === this.writer) throw new Error("overtaken by nobody");
      this.writer = error.details.writer;
      return this.open(journals, item);
    }
    if (response.status !== 401 && response.status !== 404) throw new Error(`answer ${response.status}`);
    showStopped(response.status === 401 ? "expired" : "gone", this.exitUrl, this.store !== null);
    return null;
  }

  /**
   * @param {string} path below the player's address
   * @param {object} body
   */
  post(path, body) {
    return fetch(new URL(path, this.base), {
      method: "POST",
      body: JSON.stringify(body),
      cache: "no-store",
      credentials: "omit",
      headers: { "Content-Type": "text/plain" },
    });
  }
}

async function start() {
  const page = new Page();
  byId("exitAll").onclick = () => location.assign(page.exitUrl);
  screen.setUpFullScreen();
  screen.setUpHelp();
  setUpMissing(() => page.base);
  try {
    const isWriting = document.body.dataset.writer !== "";
    if (isWriting) page.disk = await openDisk(page.attempt);
    const left = await page.findLeft(isWriting);
    await deliverLarge(page, left.journals);
    const [table, opening] = await Promise.all([getTable(), page.open(left.journals)]);
    if (!opening) return;
    page.forget(left);
    new Player(page, table, opening).begin(opening);
  } catch {
    const again = { label: texts.retry, run: () => location.reload() };
    screen.showOverlay("failed", texts.failed_title, texts.failed_text, [again]);
  }
}

async function getTable() {
  const table = TABLES[document.body.dataset.standard ?? ""];
  const response = await fetch(`/runtime/${table}.json`, { credentials: "omit" });
  if (!response.ok) throw new Error(`answer ${response.status}`);
  return response.json();
}

void start();
