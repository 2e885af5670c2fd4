/** The tool's registration page says in its frame that it is done; this page goes back then. */
const back = /** @type {HTMLAnchorElement} */ (document.querySelector("a[data-close]"));
const frame = /** @type {HTMLIFrameElement} */ (document.querySelector("iframe[name=tool]"));

addEventListener("message", (event) => {
  const data = typeof event.data === "object" && event.data ? event.data : {};
  if (event.source === frame.contentWindow && data.subject === "org.imsglobal.lti.close") {
    location.replace(back.href);
  }
});
