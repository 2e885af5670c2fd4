// How content of every kind looks for its API (SCORM 1.2 RTE 3.3.1): parents, then the opener.
function scan(win) {
  var tries = 0;
  while (!win.API && win.parent && win.parent !== win && tries < 500) {
    tries += 1;
    win = win.parent;
  }
  return win.API || null;
}
function findApi() {
  return scan(window) || (window.opener ? scan(window.opener) : null);
}
