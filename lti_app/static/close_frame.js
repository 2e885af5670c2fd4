// "Close this page" in a platform's frame or window: the platform closes it when it is told so
// (LTI Dynamic Registration 1.0, 3.6). Without JavaScript the page says that it may be closed.

for (const button of document.querySelectorAll("button[data-close-frame]")) {
  if (!(button instanceof HTMLButtonElement)) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    const platform = window.opener ?? window.parent;
    // To whichever origin: the message says nothing but that this page is done.
    platform.postMessage({ subject: "org.imsglobal.lti.close" }, "*");
    window.close();
  });
}
