// @ts-check
// What somebody sees of a video: for the report of a unit's page (lesson.js).

/** Times the normal speed; what runs faster is not seen. */
const FASTEST = 2.5;

/**
 * Which parts of a film run, in seconds. What is jumped over or runs faster than FASTEST is not seen.
 * @param {HTMLVideoElement} video
 * @param {import("./lesson.js").Report} report
 */
export function watch(video, report) {
  let from = NaN;
  let at = NaN;
  let clock = 0;
  const close = () => {
    if (at > from) report.watched = join([...report.watched, [round(from), round(at)]]);
    from = at = NaN;
  };
  const move = () => {
    const now = video.currentTime;
    const possible = ((performance.now() - clock) / 1000) * video.playbackRate + 1;
    clock = performance.now();
    if (video.playbackRate > FASTEST) return close();
    if (!(now >= at) || now - at > possible) {
      close();
      from = now;
    }
    at = now;
  };
  const place = () => {
    const position = Number(video.dataset.position);
    const isInside = position > 3 && position < video.duration - 5;
    if (isInside || video.currentTime > video.duration - 1) video.currentTime = isInside ? position : 0;
  };
  const measure = () => {
    if (video.duration === Infinity) video.currentTime = 1e9; // recorders write no length: look for the end
    else if (Number.isFinite(video.duration) && !report.video_seconds) {
      report.video_seconds = round(video.duration);
      place();
    }
  };
  video.addEventListener("durationchange", measure);
  if (video.readyState > 0) measure();
  video.addEventListener("playing", move);
  video.addEventListener("timeupdate", () => {
    if (!video.paused && !video.seeking) move();
  });
  video.addEventListener("pause", () => {
    if (!video.seeking && !Number.isNaN(at)) move();
    close();
  });
  video.addEventListener("seeking", close);
  video.addEventListener("ended", () => {
    if (!Number.isNaN(from)) at = video.duration;
    close();
  });
  return {
    video,
    isPlaying: () => !video.paused && !video.ended,
    note: () => {
      if (at > from) report.watched = join([...report.watched, [round(from), round(at)]]);
      if (video.currentTime) report.position = round(video.currentTime);
    },
  };
}

/**
 * @param {[number, number][]} ranges
 * @returns {[number, number][]}
 */
function join(ranges) {
  /** @type {[number, number][]} */
  const joined = [];
  for (const [start, end] of ranges.sort((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (last && start <= last[1] + 1) last[1] = Math.max(last[1], end);
    else joined.push([start, end]);
  }
  return joined;
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10;
}
