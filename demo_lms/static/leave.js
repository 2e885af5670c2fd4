/** The return page may be inside the tool's frame: the course page belongs to the whole window. */
const link = /** @type {HTMLAnchorElement | null} */ (document.querySelector("a[data-leave]"));
if (link) (window.top ?? window).location.replace(link.href);
