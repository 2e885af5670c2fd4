"""Packages made by tools that nobody here wrote, built when the tests run.

`simple-scorm-packager` (npm) writes manifest, schema files and zip; the content inside finds the
API through pipwerks' wrapper (npm). Both come from `package-lock.json`; nothing is kept here.

    real_package("1.2", folder) -> Path of a zip

The content is one page. For journeys in a browser: `<body data-connected="true|false"
data-location data-status>`, and the buttons `#step` (location and suspend data), `#complete`
(score 80, status) and `#leave` (session ended by the content).
"""

import json
import shutil
import subprocess
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
MODULES = CHECKOUT / "node_modules"
VERSIONS = ("1.2", "2004 3rd Edition", "2004 4th Edition")
TITLE = "Made elsewhere & “quoted”"
_WRAPPER = "pipwerks-scorm-api-wrapper/index.js"

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Made elsewhere</title>
<script>window.exports = {};</script><script src="lib/pipwerks.js"></script>
<script src="content.js" defer></script></head>
<body><h1>Made elsewhere</h1><button id="step">Step</button>
<button id="complete">Complete</button><button id="leave">Leave</button></body></html>
"""
_CONTENT = """
const scorm = window.exports.SCORM;
scorm.version = %(version)s;
const is12 = scorm.version === "1.2";
const element = {
  location: is12 ? "cmi.core.lesson_location" : "cmi.location",
  status: is12 ? "cmi.core.lesson_status" : "cmi.completion_status",
  score: is12 ? "cmi.core.score" : "cmi.score",
};
const page = document.body.dataset;
page.connected = String(scorm.init());
page.location = scorm.get(element.location) || "";
const show = () => { page.status = scorm.get(element.status) || ""; };
show();
document.getElementById("step").onclick = () => {
  const next = String(Number(page.location || 0) + 1);
  scorm.set(element.location, next);
  scorm.set("cmi.suspend_data", JSON.stringify({ steps: next, text: "grüße & 'more'" }));
  scorm.save();
  page.location = next;
};
document.getElementById("complete").onclick = () => {
  scorm.set(element.score + ".min", "0");
  scorm.set(element.score + ".max", "100");
  scorm.set(element.score + ".raw", "80");
  scorm.status("set", is12 ? "passed" : "completed");
  scorm.save();
  show();
};
document.getElementById("leave").onclick = () => { scorm.quit(); page.connected = "false"; };
window.addEventListener("beforeunload", () => { scorm.quit(); });
"""
_BUILD = """
const [options, done] = [JSON.parse(process.argv[1]), (text) => console.log(text)];
require(process.argv[2])(options, done);
"""


class ToolMissing(RuntimeError):
    """Node or the npm packages are not installed; never a reason to skip."""


def real_package(version: str, folder: Path) -> Path:
    """Build a package of SCORM `version` (one of VERSIONS) into `folder`; answer its zip."""
    packager = MODULES / "simple-scorm-packager"
    if shutil.which("node") is None or not packager.is_dir() or not (MODULES / _WRAPPER).is_file():
        raise ToolMissing("Node and the npm packages are needed: run `npm ci`, or `make test`")
    name = version.replace(" ", "-").lower()
    source, target = folder / f"source-{name}", folder / f"zip-{name}"
    write_content(source, version)
    target.mkdir(parents=True, exist_ok=True)
    options = {
        "version": version,
        "organization": "Elsewhere & Sons",
        "title": TITLE,
        "language": "en",
        "masteryScore": 80,
        "startingPage": "index.html",
        "source": str(source),
        "package": {
            "version": "1.0.0",
            "zip": True,
            "name": name,
            "outputFolder": str(target),
            "description": "Built while the tests run",
        },
    }
    command = ["node", "-e", _BUILD, json.dumps(options), str(packager)]
    subprocess.run(command, check=True, capture_output=True, cwd=folder, timeout=120)
    (found,) = target.glob("*.zip")
    return found


def write_content(source: Path, version: str) -> None:
    """The page, its script and pipwerks' wrapper, as an author would lay them down."""
    (source / "lib").mkdir(parents=True, exist_ok=True)
    (source / "pictures & sound").mkdir(exist_ok=True)
    wrapper = "1.2" if version == "1.2" else "2004"
    source.joinpath("index.html").write_text(_PAGE)
    source.joinpath("content.js").write_text(_CONTENT % {"version": json.dumps(wrapper)})
    source.joinpath("pictures & sound", "über uns.txt").write_text("a file with an awkward name")
    shutil.copy(MODULES / _WRAPPER, source / "lib" / "pipwerks.js")
