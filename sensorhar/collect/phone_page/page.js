// The page itself: one tap to begin, live rates, and big buttons for what one does.

import { Link } from "./link.js";
import { Sensors, askPermission } from "./sensors.js";

const TILES = { accelerometer: "motion", gyroscope: "rotation", orientation: "direction", gps: "location" };
const TILE_OF = { rotation_rate: "gyroscope", euler: "orientation", magnetometer: null };
const SPAN_MS = 6_000;
const RATE_MS = 3_000;
const GRAVITY = 9.80665;

const STATES = {
  connected: ["connected", "Connected"],
  broken: ["broken", "Keeping data, reconnecting"],
  refused: ["broken", "Scan the new code"],
  ended: ["ended", "The recording has ended"],
  elsewhere: ["broken", "Opened in another tab"],
};
const ENDED = "You may close this page. If the computer begins another recording at the "
  + "same address, it goes on.";
const $ = (id) => document.getElementById(id);
const say = (label) => label.replaceAll("_", " ").replace(/^./, (c) => c.toUpperCase());

const times = {}; // of the readings of the last seconds, for the rates
const trace = []; // [time, x, y, z]
const tiles = {};
let startedAt = null;
let label = "";
let labelSince = 0;
let nSamples = 0;
let accuracy = null;
let words = [];

// --- labels -------------------------------------------------------------------------

const buttons = new Map();
function showLabels() {
  for (const word of words) {
    if (buttons.has(word)) continue; // else the focus would be lost
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = say(word);
    button.onclick = () => choose(word === label ? "" : word);
    buttons.set(word, button);
    $("labels").append(button);
  }
  for (const [word, button] of buttons) button.setAttribute("aria-pressed", word === label);
}

function setLabel(word) {
  if (word !== label) labelSince = performance.now();
  label = word;
  if (word && !words.includes(word)) words.push(word);
  showLabels();
}

function choose(word) {
  setLabel(word);
  navigator.vibrate?.(30);
  link.press(word);
}

$("own").onsubmit = (event) => {
  event.preventDefault();
  const word = ($("word").value.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []).join("_");
  $("word").value = "";
  $("word").blur();
  if (word) choose(word);
};

// --- the link -----------------------------------------------------------------------

let sensors = null;
const link = new Link({
  flush: () => sensors?.hold(),
  label: setLabel,
  welcome: (message) => {
    const place = message.place.replaceAll("_", " ");
    $("who").textContent = place ? `phone ${message.phone} · ${place}` : `phone ${message.phone}`;
    words = [...new Set([...message.labels, ...words])];
    showLabels();
  },
  state: (state) => {
    const [colour, text] = STATES[state];
    $("link").dataset.state = colour;
    if ($("link").textContent !== text) $("link").lastElementChild.textContent = text;
    note("ended", state === "ended" && startedAt !== null ? ENDED : "");
  },
});

// --- sensors ------------------------------------------------------------------------

function put(name, time, values) {
  link.put(name, time, values);
  nSamples += 1;
  const tile = name in TILE_OF ? TILE_OF[name] : name;
  if (tile) (times[tile] ??= []).push(time);
  if (name === "accelerometer") trace.push([time, ...values]);
  if (name === "gps") accuracy = values[5];
}

const notes = new Map();
function note(key, text) {
  if (text) notes.set(key, text);
  else notes.delete(key);
  $("note").textContent = [...notes.values()].join(" ");
  $("note").hidden = notes.size === 0;
}

function cannot(name, reason) {
  if (name in tiles) tiles[name].dataset.state = "off";
  if (name === "gps" && reason === "not allowed") {
    note("gps", "Location is not allowed; the rest goes on.");
  } else if (name === "accelerometer") {
    note("motion", `Motion is ${reason}.`);
  }
}

for (const [name, word] of Object.entries(TILES)) {
  const tile = tiles[name] = document.createElement("div");
  tile.append(document.createElement("b"), document.createElement("small"));
  tile.firstChild.textContent = "–";
  tile.lastChild.textContent = word;
  $("sensors").append(tile);
}

async function keepAwake() {
  try {
    await navigator.wakeLock.request("screen");
    note("awake", "");
  } catch {
    note("awake", "The screen may go dark: set a long display timeout.");
  }
}
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && startedAt !== null) keepAwake();
});

$("start").onclick = async () => {
  $("start").disabled = true;
  const isAllowed = await askPermission();
  if (!window.isSecureContext) note("motion", "Open the address with https.");
  else if (!isAllowed) {
    note("motion", "Motion is not allowed. Close this page, open it again, and allow it; "
      + "on an iPhone quit Safari first.");
  }
  startedAt = performance.now();
  $("welcome").hidden = true;
  $("recording").hidden = false;
  sensors = new Sensors(put, cannot);
  sensors.start();
  keepAwake();
  requestAnimationFrame(draw);
  setInterval(refresh, 500);
  refresh();
};

addEventListener("beforeunload", (event) => {
  // Readings that nobody else has.
  if (link.nWaiting > 10 && !link.hasEnded) event.preventDefault();
});

// --- what is seen -------------------------------------------------------------------

function minutes(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  const pad = (n) => String(n).padStart(2, "0");
  const rest = `${pad(Math.floor(s / 60) % 60)}:${pad(s % 60)}`;
  return s >= 3600 ? `${Math.floor(s / 3600)}:${rest}` : rest.replace(/^0/, "");
}

function refresh() {
  const now = performance.now();
  for (const [name, tile] of Object.entries(tiles)) {
    const recent = (times[name] ?? []).filter((t) => t > now - RATE_MS);
    times[name] = recent;
    const span = Math.min(RATE_MS, now - startedAt);
    const rate = Math.round(1000 * recent.length / Math.max(span, 500));
    if (name === "gps") {
      if (accuracy !== null) tile.firstChild.textContent = `±${Math.round(accuracy)} m`;
    } else if (recent.length) {
      tile.firstChild.textContent = `${rate} Hz`;
      tile.dataset.state = "on";
      if (name === "accelerometer") note("motion", "");
    } else {
      tile.firstChild.textContent = "–";
    }
  }
  $("clock").textContent = minutes(now - startedAt);
  $("since").textContent = label ? minutes(now - labelSince) : "";
  const waiting = link.nWaiting > 15 && !link.hasEnded ? `${link.nWaiting} batches waiting` : null;
  $("count").textContent = waiting ?? `${nSamples.toLocaleString("en")} readings`;
}

const canvas = $("plot");
const pen = canvas.getContext("2d");
function draw() {
  requestAnimationFrame(draw);
  const now = performance.now();
  while (trace.length && trace[0][0] < now - SPAN_MS) trace.shift();
  const { clientWidth: width, clientHeight: height } = canvas;
  const scale = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }
  const all = trace.flatMap((row) => row.slice(1));
  const low = Math.min(-2, ...all) - 1; // always with zero, so that rest looks like rest
  const high = Math.max(GRAVITY, ...all) + 1;
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, height);
  pen.lineJoin = "round";
  const line = (colour, thickness, points) => {
    pen.strokeStyle = colour;
    pen.lineWidth = thickness;
    pen.beginPath();
    points.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.stroke();
  };
  const y = (value) => height * (high - value) / (high - low);
  line(colourOf("--line"), 1, [[0, y(0)], [width, y(0)]]);
  ["--x", "--y", "--z"].forEach((name, axis) => {
    line(colourOf(name), 2, trace.map((row) =>
      [width * (1 - (now - row[0]) / SPAN_MS), y(row[axis + 1])]));
  });
}

function colourOf(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name);
}
