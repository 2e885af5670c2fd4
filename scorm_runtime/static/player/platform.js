// @ts-check
/**
 * The player in a platform's frame: as high as the window has room for, and without the platform's
 * own "next" and "previous" while the content is open, which would leave it by mistake. A new part
 * is seen from its top; who leaves before everything is saved is asked.
 */

import { findPlatform, guardLeaving, roomFor } from "./platform_messages.js";

const LEAST = 480; // CSS pixels, a page of most content
const NAVIGATION = "lti.showModuleNavigation";

const platform = findPlatform();

async function fit() {
  if (!platform?.takes("lti.frameResize")) return;
  const room = await roomFor(platform);
  if (room) platform.tell("lti.frameResize", { height: Math.max(room, LEAST) });
}

if (platform) {
  let isHidden = false;
  let delivery = document.body.dataset.delivery;
  const follow = () => {
    const hides = document.body.dataset.state === "running";
    if (hides !== isHidden) platform.tell(NAVIGATION, { show: !hides });
    isHidden = hides;
    if (document.body.dataset.delivery !== delivery) platform.tell("lti.scrollToTop");
    delivery = document.body.dataset.delivery;
  };
  const watched = ["data-state", "data-delivery"];
  new MutationObserver(follow).observe(document.body, { attributeFilter: watched });
  const save = document.getElementById("save");
  if (save) guardLeaving(platform, save);
  addEventListener("pagehide", () => {
    if (isHidden) platform.tell(NAVIGATION, { show: true });
    isHidden = false;
  });
  follow();
  void fit();
}
