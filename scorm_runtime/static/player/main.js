// @ts-check
/** The player page: opens the attempt, then hands over to `Player`. */

/** @import { LeftJournal } from "../bridge/journal.js" */
import { findLeft, openStore, removeKeys } from "../bridge/journal.js";
import { Player, showStopped } from "./player.js";
import * as screen from "./screen.js";

const { texts, byId } = screen;

/** The address and what the page was given; one per window. */
export class Page {
  constructor() {
    this.attempt = document.body.dataset.attempt ?? "";
    this.exitUrl = document.body.dataset.exit ?? "";
    /** Everything is asked below this address; a renewed token changes it. */
    this.base = new URL("./", location.href);
    this.store = openStore();
  }

  /**
   * Become the writer; null when an overlay says why that cannot be.
   * @param {LeftJournal[]} journals left by earlier windows
   * @param {string} [item] to begin with, where nothing is recorded
   * @returns {Promise<any>}
   */
  async open(journals, item) {
    const response = await fetch(new URL("open", this.base), {
      method: "POST",
      body: JSON.stringify({ journal: journals, start: !location.search, item }),
      cache: "no-store",
      credentials: "omit",
      headers: { "Content-Type": "text/plain" },
    });
    if (response.ok) return response.json();
    if (response.status !== 401 && response.status !== 404) throw new Error(`answer ${response.status}`);
    showStopped(response.status === 401 ? "expired" : "gone", this.exitUrl, this.store !== null);
    return null;
  }
}

async function start() {
  const page = new Page();
  byId("exit").onclick = () => location.assign(page.exitUrl);
  screen.setUpFullScreen();
  const left = findLeft(page.store, page.attempt);
  try {
    const [table, opening] = await Promise.all([getTable(), page.open(left.journals)]);
    if (!opening) return;
    removeKeys(page.store, left.keys);
    new Player(page, table, opening).begin(opening);
  } catch {
    const again = { label: texts.retry, run: () => location.reload() };
    screen.showOverlay("failed", texts.failed_title, texts.failed_text, [again]);
  }
}

async function getTable() {
  const response = await fetch("/runtime/elements_1_2.json", { credentials: "omit" });
  if (!response.ok) throw new Error(`answer ${response.status}`);
  return response.json();
}

void start();
