/** A page in a platform's frame tells the platform how high it is; see platform_messages.js. */
import { findPlatform, followHeight } from "/lti/platform_messages.js";

const platform = findPlatform();
const main = document.getElementById("main");
if (platform && main) followHeight(platform, main);
